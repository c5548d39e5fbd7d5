"""From the bytes of a workbook to the version in force."""

import pytest
from attrs import evolve

from tianbao.canon import Case, Service
from tianbao.errors import Refusal
from tianbao.filings import Way, check_data, file_nil, file_workbook, receipt_code, template_of
from tianbao.periods import Period
from tianbao.settings import Settings
from tianbao.testing import filled
from tianbao.workbooks import Limits
from tianbao_templates_111 import TEMPLATE as T111
from tianbao_templates_113 import TEMPLATE as T113

FEBRUARY = Period(2025, 2)


@pytest.fixture
def files(as_file):
    """The bytes of a workbook of the 113 form with these rows."""
    return lambda **rows: as_file(filled(T113, **rows))


@pytest.fixture
def file(app, people, files):
    """File such a workbook for the school and February."""

    def send(period=FEBRUARY, **rows):
        return file_workbook(app, people.officer, people.school, period, files(**rows), "二月.xlsx")

    return send


def acts(app):
    with app.store.read() as work:
        return [entry.action for entry in reversed(work.audit.entries())]


def test_a_clean_workbook_is_filed_with_its_rows_its_file_and_an_audit_entry(app, people, files):
    data = files(case=[{"sessions": 3, "secondary_issues": "3,10"}, {"sex": "其他", "sex_note": "雙性"}])
    outcome = file_workbook(app, people.officer, people.school, FEBRUARY, data, "C:\\表\\二月.xlsx")
    assert outcome.verdict.accepted
    with app.store.read() as work:
        filing = work.filings.in_force(people.school, FEBRUARY)
        cases, services = work.filings.rows(filing)
        kept = work.filings.file(filing)
        (entry,) = work.audit.entries()
    assert filing == outcome.filing
    assert (filing.version, filing.nil, filing.file_name, filing.counts) == (
        1,
        False,
        "二月.xlsx",
        {"case": 2, "service": 1},
    )
    assert (filing.filed_by, filing.filed_by_name) == (people.officer.id, "王小明")
    assert (filing.template_key, filing.fingerprint) == ("113", T113.fingerprint)
    assert (cases, services) == (outcome.verdict.cases, outcome.verdict.services)
    assert (cases[0].secondary_issues, cases[1].extras) == ((3, 10), {"sex_note": "雙性"})
    assert kept == data
    assert (entry.actor, entry.subject, entry.detail["receipt"]) == (
        people.officer.id, f"unit/{people.school.id}/2025-02", filing.receipt,
    )  # fmt: skip


def test_a_workbook_with_a_finding_leaves_nothing_but_an_audit_entry_without_personal_data(app, people, file):
    outcome = file(case=[{"student_code": "A123456789"}])
    assert (outcome.filing, outcome.verdict.accepted) == (None, False)
    with app.store.read() as work:
        assert work.filings.history(people.school, FEBRUARY) == []
        (entry,) = work.audit.entries()
    assert entry.action == "filing.refused"
    assert entry.detail == {"findings": 1, "codes": ["national-id"]}


def test_what_cannot_be_checked_is_refused_and_noted(app, people):
    with pytest.raises(Refusal) as refused:
        file_workbook(app, people.officer, people.school, FEBRUARY, b"%PDF-1.7", "x.pdf")
    assert refused.value.code == "pdf"
    with app.store.read() as work:
        assert [(entry.action, entry.detail) for entry in work.audit.entries()] == [
            ("filing.refused", {"refusal": "pdf"})
        ]


def test_filing_again_replaces_what_is_in_force_and_keeps_history(app, people, file):
    first, second = file().filing, file(case=[{"sessions": 9}, {}]).filing
    with app.store.read() as work:
        history = work.filings.history(people.school, FEBRUARY)
        assert [(each.version, each.in_force) for each in history] == [(1, False), (2, True)]
        assert work.filings.in_force(people.school, FEBRUARY) == second
        assert len(work.filings.rows(history[0])[0]) == 1
        assert [case.sessions for case in work.filings.rows(second)[0]] == [9, 4]
    assert first.receipt != second.receipt


def test_the_same_file_again_is_the_same_filing(app, people, file, heard):
    first, again = file(), file()
    assert (again.filing, again.repeated, first.repeated) == (first.filing, True, False)
    assert heard == [first.filing]
    assert acts(app) == ["filing.accepted"]


def test_an_earlier_file_that_was_replaced_can_be_filed_anew(file):
    first, _, third = file(), file(case=[{"sessions": 9}]), file()
    assert (third.repeated, third.filing.version, third.filing.file_hash) == (False, 3, first.filing.file_hash)


def test_a_nil_filing_declares_none_and_repeating_it_is_one_filing(app, people, heard):
    first = file_nil(app, people.officer, people.school, FEBRUARY)
    assert file_nil(app, people.officer, people.school, FEBRUARY) == first
    assert (first.nil, first.counts, first.file_name) == (True, {"case": 0, "service": 0}, None)
    assert heard == [first]
    with app.store.read() as work:
        assert work.filings.file(first) is None
        assert work.filings.rows(first) == ([], [])


def test_a_workbook_replaces_a_nil_filing_and_the_reverse(app, people, file):
    file_nil(app, people.officer, people.school, FEBRUARY)
    assert file().filing.version == 2
    assert file_nil(app, people.officer, people.school, FEBRUARY).version == 3
    with app.store.read() as work:
        assert [each.nil for each in work.filings.history(people.school, FEBRUARY)] == [True, False, True]
        assert work.filings.in_force(people.school, FEBRUARY).nil


def test_who_files_gets_a_receipt_by_mail_once(app, people, file):
    from tianbao.mails import render

    filing = file().filing
    file()
    with app.store.read() as work:
        (queued,) = work.outbox.all()
    assert (queued.template, queued.recipient) == ("receipt", people.officer.email)
    assert filing.receipt in render("receipt", queued.data, app.settings).text


def test_receipts_by_mail_can_be_turned_off(app, people):
    quiet = evolve(app, settings=Settings(receipt_mails=False))
    file_nil(quiet, people.officer, people.school, FEBRUARY)
    with app.store.read() as work:
        assert work.outbox.all() == []


@pytest.mark.parametrize("since", [Period(2025, 1)])
def test_months_do_not_touch_each_other(app, people, file):
    file(Period(2025, 1), case=[{"sessions": 8}])
    file()
    with app.store.read() as work:
        months = work.filings.all_in_force(people.school)
    assert [(str(each.period), each.way, each.version) for each in months] == [
        ("2025-01", Way.LATE, 1), ("2025-02", Way.CURRENT, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("since", [Period(2023, 5)])
def test_the_period_picks_the_template(app, people, as_file):
    old = as_file(filled(T111))
    with pytest.raises(Refusal) as refused:
        file_workbook(app, people.officer, people.school, Period(2025, 1), old, "舊.xlsx")
    assert refused.value.code == "wrong-template"
    assert (
        file_workbook(app, people.officer, people.school, Period(2023, 5), old, "舊.xlsx").filing.template_key == "111"
    )


@pytest.mark.parametrize("since", [Period(2025, 1)])
def test_a_student_filed_before_is_known_when_the_next_month_is_checked(file):
    assert [hint.code for hint in file(Period(2025, 1)).verdict.hints if "filed-before" in hint.code] == []
    assert [hint.code for hint in file().verdict.hints if "filed-before" in hint.code] == ["filed-before"]


@pytest.mark.parametrize("who", ["neighbours_officer", "county_officer", "organiser", "support", "agency"])
def test_nobody_but_the_unit_officer_files_for_a_unit(app, people, files, who):
    for attempt in (
        lambda account: file_workbook(app, account, people.school, FEBRUARY, files(), "x.xlsx"),
        lambda account: file_nil(app, account, people.school, FEBRUARY),
    ):
        with pytest.raises(Refusal) as refused:
            attempt(getattr(people, who))
        assert refused.value.code == "not-allowed"
    with app.store.read() as work:
        assert work.filings.history(people.school, FEBRUARY) == []


def test_a_month_that_has_not_opened_is_refused(app, people):
    with pytest.raises(Refusal, match=r"114年3月的填報尚未開放.*3月11日（星期二）起"):
        file_nil(app, people.officer, people.school, Period(2025, 3))


def test_a_period_without_a_template_is_refused():
    with pytest.raises(Refusal) as refused:
        template_of({"113": T113}, Period(2020, 1))
    assert refused.value.code == "no-template"


def test_a_plugin_that_fails_on_the_news_changes_nothing(app, people, file, heard, caplog):
    class Deaf(list):
        def append(self, filing):
            raise RuntimeError(filing)

    heard.__class__ = Deaf
    outcome = file()
    with app.store.read() as work:
        assert work.filings.in_force(people.school, FEBRUARY) == outcome.filing
    assert "listener failed in tianbao_filing_accepted" in caplog.text


def test_checking_needs_neither_store_nor_account(plugins, files):
    book, verdict = check_data(plugins, Limits(), files(case=[{"grade": 99}]), period=FEBRUARY)
    assert len(book.sheets) == 2
    assert [finding.code for finding in verdict.findings] == ["not-a-code"]


def test_a_receipt_is_short_can_be_read_out_and_differs():
    codes = {receipt_code(str(number)) for number in range(2000)}
    assert len(codes) == 2000
    assert all(len(code) == 11 and not set(code) & set("ILOUilou") for code in codes)


def test_rows_know_their_place_in_the_users_file(app, file):
    from sqlalchemy import text

    filing = file(case=[{}, {}]).filing
    with app.store.read() as work:
        found = work.connection.execute(
            text('SELECT row_number FROM "case" WHERE filing_id = :id ORDER BY id'), {"id": filing.id}
        )
        assert list(found.scalars()) == [4, 5]


def test_canonical_rows_and_columns_are_the_same():
    from attrs import fields

    from tianbao.storage.tables import CaseRow, ServiceRow

    for table, row in ((CaseRow, Case), (ServiceRow, Service)):
        assert {field.name for field in fields(row)} <= set(table.__table__.columns.keys())
