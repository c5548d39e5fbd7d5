"""Before an amendment is accepted the officer sees what will change; nothing is filed until it is confirmed."""

import pytest

from tianbao.errors import Refusal
from tianbao.filings import Way, amendments, file_nil, file_workbook
from tianbao.filings.changes import Kind
from tianbao.filings.previews import preview_nil, preview_workbook
from tianbao.periods import Period
from tianbao.testing import filled
from tianbao_templates_111 import TEMPLATE as T111
from tianbao_templates_113 import TEMPLATE as T113

FEBRUARY = Period(2025, 2)


@pytest.fixture
def amending(app, people, as_file):
    """February is filed with two students, and open to be amended."""
    data = as_file(filled(T113, case=[{"student_code": "S1"}, {"student_code": "S2"}]))
    file_workbook(app, people.officer, people.school, FEBRUARY, data, "二月.xlsx")
    app.clock.goes_on(days=10)
    amendments.ask(app, people.officer, people.school, FEBRUARY, "更正")


@pytest.fixture
def corrected(as_file):
    return as_file(filled(T113, case=[{"student_code": "S1", "sessions": 9}, {"student_code": "S3"}]))


def stored(app, people):
    with app.store.read() as work:
        return work.filings.history(people.school, FEBRUARY), work.amendments.of_unit(people.school)


def latest(app):
    with app.store.read() as work:
        return work.audit.entries(limit=1)[0]


def test_the_changes_are_shown_and_nothing_is_filed_until_the_same_bytes_are_confirmed(
    app, people, amending, corrected
):
    before = stored(app, people)
    preview = preview_workbook(app, people.officer, people.school, FEBRUARY, corrected)
    assert preview.accepted
    assert preview.before == before[0][0]
    assert [(each.kind, each.called) for each in preview.changes.changes if each.rows == "case"] == [
        (Kind.REMOVED, "教師編碼 T001、學生代號 S2"),
        (Kind.ALTERED, "教師編碼 T000、學生代號 S1"),
        (Kind.ADDED, "教師編碼 T001、學生代號 S3"),
    ]
    assert stored(app, people) == before
    assert (latest(app).action, latest(app).detail) == ("cases.seen", {"filing": preview.before.id, "how": "preview"})
    filing = file_workbook(app, people.officer, people.school, FEBRUARY, corrected, "更正.xlsx").filing
    assert (filing.version, filing.way) == (2, Way.AMENDMENT)


def test_a_workbook_with_findings_has_no_changes_to_confirm_and_shows_no_rows(app, people, amending, as_file):
    wrong = as_file(filled(T113, case=[{"grade": 99}]))
    preview = preview_workbook(app, people.officer, people.school, FEBRUARY, wrong)
    assert (preview.accepted, preview.changes, preview.verdict.accepted) == (False, None, False)
    assert (latest(app).action, latest(app).detail["codes"]) == ("filing.refused", ["not-a-code"])


def test_a_workbook_of_the_wrong_template_is_refused_as_when_filing(app, people, amending, as_file):
    with pytest.raises(Refusal) as refused:
        preview_workbook(app, people.officer, people.school, FEBRUARY, as_file(filled(T111)))
    assert refused.value.code == "wrong-template"


def test_what_a_nil_filing_would_take_away(app, people, amending):
    preview = preview_nil(app, people.officer, people.school, FEBRUARY)
    assert [len(preview.changes.of(kind)) for kind in Kind] == [0, 3, 0]
    assert preview.changes.spoken == "刪除 3 列，其餘 0 列不變。"
    assert file_nil(app, people.officer, people.school, FEBRUARY).way is Way.AMENDMENT


def test_after_a_nil_filing_all_rows_are_new(app, people, corrected):
    file_nil(app, people.officer, people.school, FEBRUARY)
    preview = preview_workbook(app, people.officer, people.school, FEBRUARY, corrected)
    assert [len(preview.changes.of(kind)) for kind in Kind] == [3, 0, 0]


def test_what_was_never_filed_can_be_previewed_too(app, people, corrected):
    preview = preview_workbook(app, people.officer, people.school, FEBRUARY, corrected)
    assert (preview.before, len(preview.changes.of(Kind.ADDED))) == (None, 3)


def test_through_a_closed_door_nothing_is_shown(app, people, amending, corrected):
    amendments.withdraw(app, people.officer, people.school, FEBRUARY)
    for attempt in (
        lambda: preview_workbook(app, people.officer, people.school, FEBRUARY, corrected),
        lambda: preview_nil(app, people.officer, people.school, FEBRUARY),
    ):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.code == "already-filed"


@pytest.mark.parametrize("who", ["neighbours_officer", "county_officer", "organiser", "agency", "support"])
def test_nobody_else_is_shown_anything(app, people, amending, corrected, who):
    with pytest.raises(Refusal) as refused:
        preview_workbook(app, getattr(people, who), people.school, FEBRUARY, corrected)
    assert refused.value.code == "not-allowed"
