"""Filing goes through the doors of the calendar, at the moment the upload arrived."""

import pytest
from attrs import evolve

from tianbao import filings
from tianbao.calendar import CalendarRules, State, Timing
from tianbao.clock import FixedClock
from tianbao.errors import Refusal
from tianbao.filings import Way, file_nil, file_workbook
from tianbao.filings.agenda import agenda
from tianbao.periods import Period
from tianbao.settings import Settings
from tianbao.testing import filled
from tianbao_templates_113 import TEMPLATE

JANUARY, FEBRUARY, MARCH = (Period(2025, 1).plus(n) for n in range(3))


@pytest.fixture
def book(as_file):
    return lambda sessions=4: as_file(filled(TEMPLATE, case=[{"sessions": sessions}]))


def at(app, text):
    app.clock.moment = FixedClock.at(text).now()


def code(function, *args):
    with pytest.raises(Refusal) as refused:
        function(*args)
    return refused.value.code


@pytest.mark.parametrize("since", [JANUARY])
def test_overdue_months_come_first_and_the_way_follows_from_the_calendar(app, people, book):
    mine = (app, people.officer, people.school)
    assert code(file_workbook, *mine, FEBRUARY, book(), "二月.xlsx") == "overdue-first"
    assert code(file_nil, *mine, FEBRUARY) == "overdue-first"
    assert file_workbook(*mine, JANUARY, book(), "一月.xlsx").filing.way is Way.LATE
    assert file_nil(*mine, FEBRUARY).way is Way.CURRENT
    assert [each.state for each in agenda(*mine).obligations] == [State.FILED_LATE, State.FILED_NIL]


def test_a_closed_door_stores_nothing_and_reads_nothing(app, people, monkeypatch):
    monkeypatch.setattr("tianbao.filings.filing.check_data", lambda *_, **__: pytest.fail("the file was read"))
    assert code(file_workbook, app, people.officer, people.school, MARCH, b"whatever", "x.xlsx") == "not-yet-open"
    with app.store.read() as work:
        assert work.audit.entries() == []


@pytest.mark.parametrize(
    ("now", "arrived"),
    [
        ("2025-02-11", (Way.CURRENT, Timing.EARLY)),
        ("2025-02-28T23:59:59", (Way.CURRENT, Timing.EARLY)),
        ("2025-03-01", (Way.CURRENT, Timing.ON_TIME)),
        ("2025-03-10T23:59:59", (Way.CURRENT, Timing.ON_TIME)),
        ("2025-03-11", (Way.LATE, Timing.LATE)),
    ],
)
def test_both_sides_of_every_edge(app, people, book, now, arrived):
    at(app, now)
    filing = file_workbook(app, people.officer, people.school, FEBRUARY, book(), "二月.xlsx").filing
    obligation = agenda(app, people.officer, people.school).of(FEBRUARY)
    assert (filing.way, obligation.timing) == arrived


def test_before_it_opens_it_is_refused(app, people, book):
    at(app, "2025-02-10T23:59:59")
    assert code(file_workbook, app, people.officer, people.school, FEBRUARY, book(), "x.xlsx") == "not-yet-open"


def test_an_upload_counts_when_it_arrived_however_long_its_check_took(app, people, book, monkeypatch):
    at(app, "2025-03-10T23:59:59")
    check = filings.check_data

    def slow_check(*args, **kwargs):
        app.clock.goes_on(seconds=30)
        return check(*args, **kwargs)

    monkeypatch.setattr("tianbao.filings.filing.check_data", slow_check)
    filing = file_workbook(app, people.officer, people.school, FEBRUARY, book(), "二月.xlsx").filing
    assert (str(filing.filed_at), filing.way) == ("2025-03-10 23:59:59+08:00", Way.CURRENT)
    obligation = agenda(app, people.officer, people.school).of(FEBRUARY)
    assert (obligation.state, obligation.timing) == (State.FILED, Timing.ON_TIME)


def test_of_two_late_workbooks_the_one_that_is_checked_last_is_refused(app, people, book, monkeypatch):
    at(app, "2025-03-12")
    check, others = filings.check_data, [book(8)]

    def slow_check(*args, **kwargs):
        app.clock.goes_on(seconds=3)
        while others:
            file_workbook(app, people.officer, people.school, FEBRUARY, others.pop(), "另一份.xlsx")
        return check(*args, **kwargs)

    monkeypatch.setattr("tianbao.filings.filing.check_data", slow_check)
    assert code(file_workbook, app, people.officer, people.school, FEBRUARY, book(9), "x.xlsx") == "already-filed"
    with app.store.read() as work:
        assert [each.file_name for each in work.filings.history(people.school, FEBRUARY)] == ["另一份.xlsx"]


def test_a_late_workbook_sent_again_is_the_same_filing(app, people, book):
    at(app, "2025-03-12")
    first = file_workbook(app, people.officer, people.school, FEBRUARY, book(), "二月.xlsx")
    again = file_workbook(app, people.officer, people.school, FEBRUARY, book(), "二月.xlsx")
    assert (again.repeated, again.filing) == (True, first.filing)
    assert code(file_nil, app, people.officer, people.school, FEBRUARY) == "already-filed"


def test_the_current_month_can_be_filed_again_until_it_is_due_and_keeps_its_first_date(app, people, book):
    first_at = app.clock.now()
    file_workbook(app, people.officer, people.school, FEBRUARY, book(), "二月.xlsx")
    app.clock.goes_on(days=2)
    again = file_workbook(app, people.officer, people.school, FEBRUARY, book(9), "更正.xlsx").filing
    assert (again.version, again.way) == (2, Way.CURRENT)
    assert agenda(app, people.officer, people.school).of(FEBRUARY).filed.first_at == first_at
    at(app, "2025-03-11")
    assert code(file_workbook, app, people.officer, people.school, FEBRUARY, book(8), "x.xlsx") == "already-filed"


def test_the_numbers_are_settings(app, people, book):
    longer = evolve(app, settings=Settings(calendar=CalendarRules(opening_day=21, due_day=20)))
    at(app, "2025-03-15")
    assert file_workbook(longer, people.officer, people.school, FEBRUARY, book(), "x.xlsx").filing.way is Way.CURRENT


@pytest.mark.parametrize("who", ["support"])
def test_an_agenda_is_for_those_who_may_see_filings(app, people, who):
    assert code(agenda, app, getattr(people, who), people.school) == "not-allowed"
