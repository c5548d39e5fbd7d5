"""What a unit has filed, month by month; its original files; and the blank that goes on with last month's students."""

import pytest

from tianbao.calendar import State, Timing
from tianbao.clock import FixedClock
from tianbao.errors import Refusal
from tianbao.filings import Way, amendments, file_nil, file_workbook, grants
from tianbao.filings.blanks import continued_blank
from tianbao.filings.history import history, original_file
from tianbao.periods import Period
from tianbao.testing import filled
from tianbao_templates_113 import TEMPLATE

JANUARY, FEBRUARY, MARCH = (Period(2025, 1).plus(n) for n in range(3))


@pytest.fixture
def book(as_file):
    return lambda *cases: as_file(filled(TEMPLATE, case=cases or [{}]))


def at(app, text):
    app.clock.moment = FixedClock.at(text).now()


def code(function, *args):
    with pytest.raises(Refusal) as refused:
        function(*args)
    return refused.value.code


@pytest.mark.parametrize("since", [JANUARY])
def test_every_version_says_who_when_how_and_whether_in_time(app, people, book):
    mine = (app, people.officer, people.school)
    grants.exempt(app, people.organiser, [people.school], MARCH, "停課")
    at(app, "2025-02-20T12:00")
    file_nil(*mine, JANUARY)
    at(app, "2025-02-28T12:00")
    first = file_workbook(*mine, FEBRUARY, book(), "二月.xlsx").filing
    at(app, "2025-03-05T12:00")
    second = file_workbook(*mine, FEBRUARY, book({"sessions": 9}), "二月改.xlsx").filing
    at(app, "2025-03-15T12:00")
    asked = amendments.ask(*mine, FEBRUARY, "更正")
    third = file_nil(*mine, FEBRUARY)

    march, february, january = history(*mine)
    assert [month.period for month in (march, february, january)] == [MARCH, FEBRUARY, JANUARY]
    assert (march.obligation.state, march.versions) == (State.EXEMPT, [])
    assert [(each.filing.version, each.timing, each.filing.way) for each in february.versions] == [
        (3, None, Way.AMENDMENT), (2, Timing.ON_TIME, Way.CURRENT), (1, Timing.EARLY, Way.CURRENT),
    ]  # fmt: skip
    assert [each.filing.receipt for each in february.versions] == [third.receipt, second.receipt, first.receipt]
    assert (february.obligation.state, february.obligation.timing) == (State.FILED_NIL, Timing.EARLY)
    assert [(each.id, each.filing_id) for each in february.amendments] == [(asked.id, third.id)]
    assert [(each.timing, each.filing.way) for each in january.versions] == [(Timing.LATE, Way.LATE)]
    assert [grant.reason for grant in march.grants] == ["停課"]


def test_a_month_filed_and_no_longer_owed_stays_in_the_history(app, people, book):
    from attrs import evolve

    from tianbao.periods import PeriodRange

    file_nil(app, people.officer, people.school, FEBRUARY)
    closed = evolve(people.school, active=PeriodRange(None, Period(2024, 1)))
    (month,) = [month for month in history(app, people.organiser, closed) if month.versions]
    assert (month.period, month.obligation, month.state) == (FEBRUARY, None, State.EXTRA)


def test_the_history_is_for_those_who_may_see_filings(app, people):
    assert code(history, app, people.support, people.school) == "not-allowed"
    assert code(history, app, people.neighbours_officer, people.school) == "not-allowed"
    assert history(app, people.county_officer, people.school)


def test_the_original_file_is_for_those_who_may_see_rows_and_taking_it_is_on_the_trail(app, people, book):
    data = book()
    filing = file_workbook(app, people.officer, people.school, FEBRUARY, data, "二月.xlsx").filing
    assert original_file(app, people.agency, filing.id) == (filing, data)
    with app.store.read() as work:
        (entry,) = work.audit.entries(actor=people.agency.id)
    assert (entry.action, entry.subject, entry.detail) == ("file.taken", filing.subject, {"filing": filing.id})
    assert code(original_file, app, people.support, filing.id) == "not-allowed"
    assert code(original_file, app, people.officer, 9999) == "no-filing"


def test_a_nil_filing_has_no_file(app, people):
    filing = file_nil(app, people.officer, people.school, FEBRUARY)
    assert code(original_file, app, people.officer, filing.id) == "no-file"


def rows_of(blank):
    page = blank.document.pages[0]
    return list(page.rows)[blank.template.sheet("case").first_row - 1 :]


def test_the_blank_goes_on_with_last_months_students_in_force_and_that_is_on_the_trail(app, people, book):
    mine = (app, people.officer, people.school)
    file_workbook(*mine, FEBRUARY, book({"student_code": "OLD"}), "二月.xlsx")
    source = file_workbook(
        *mine, FEBRUARY, book({"student_code": "S1"}, {"student_code": "S2", "referral": 4}), "改.xlsx"
    )
    blank = continued_blank(*mine, MARCH)
    assert (blank.source, blank.carried, blank.template.key) == (source.filing, 1, "113")
    assert [each.student_code for each in blank.left_out] == ["S2"]
    (row,) = rows_of(blank)
    assert (row[2], row[-1]) == ("S1", None)
    assert "[114-03] 縣立大成國中" in next(iter(blank.document.pages[0].rows))[0]
    with app.store.read() as work:
        entry = work.audit.entries(limit=1)[0]
    assert (entry.action, entry.detail) == ("cases.seen", {"filing": source.filing.id, "how": "continuation"})


def test_without_cases_last_month_there_is_nothing_to_go_on_with(app, people):
    mine = (app, people.officer, people.school)
    with pytest.raises(Refusal, match="2月尚未填報，沒有可續報的個案"):
        continued_blank(*mine, MARCH)
    file_nil(*mine, FEBRUARY)
    with pytest.raises(Refusal, match="當月無個案及服務"):
        continued_blank(*mine, MARCH)


@pytest.mark.parametrize("who", ["neighbours_officer", "county_officer", "organiser", "agency", "support"])
def test_nobody_else_gets_the_students(app, people, book, who):
    file_workbook(app, people.officer, people.school, FEBRUARY, book(), "二月.xlsx")
    assert code(continued_blank, app, getattr(people, who), people.school, MARCH) == "not-allowed"
