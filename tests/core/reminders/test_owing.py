"""Who owes what: as the calendar has it, and when each was last reminded."""

from datetime import date

import pytest

from tianbao.calendar import Calendar
from tianbao.filings import file_nil, grants
from tianbao.periods import Period
from tianbao.reminders import owed, remind_now, unfinished

FEBRUARY, MARCH = Period(2025, 2), Period(2025, 3)


@pytest.fixture
def since():
    return Period(2025, 1)


def owing(app, *units):
    with app.store.read() as work:
        return unfinished(work, Calendar(app.clock.now()), units)


def test_the_overdue_months_are_owed_the_oldest_first(app, people):
    app.clock.goes_on(days=6)  # 11 March
    (only,) = owing(app, people.school)
    assert only.unit == people.school
    assert list(only.periods) == [FEBRUARY.previous, FEBRUARY]
    assert only.reminded_at is None


def test_nobody_owes_what_is_filed_open_exempt_or_put_off(app, people):
    app.clock.goes_on(days=-1)  # 4 March: January is overdue, February open
    file_nil(app, people.officer, people.school, FEBRUARY.previous)
    grants.exempt(app, people.organiser, [people.neighbour], FEBRUARY.previous, "停辦")
    grants.extend(app, people.organiser, [people.far], FEBRUARY.previous, date(2025, 3, 20), "颱風")
    assert not owing(app, people.school, people.neighbour, people.far)


def test_the_past_is_answered_as_it_was(app, people):
    before = Calendar(app.clock.now())
    app.clock.goes_on(days=1)
    file_nil(app, people.officer, people.school, FEBRUARY.previous)
    with app.store.read() as work:
        (then,) = unfinished(work, before, [people.school])
    assert list(then.periods) == [FEBRUARY.previous]
    assert not owing(app, people.school)


def test_the_past_knows_no_reminder_of_later_days(app, people):
    before = Calendar(app.clock.now())
    remind_now(app, people.organiser, [people.school], FEBRUARY.previous)
    with app.store.read() as work:
        (then,) = unfinished(work, before, [people.school])
    assert then.reminded_at == app.clock.now()
    app.clock.goes_on(days=1)
    remind_now(app, people.organiser, [people.school], FEBRUARY.previous)
    with app.store.read() as work:
        assert list(unfinished(work, before, [people.school])) == [then]


def test_what_is_open_is_owed_but_not_late(app, people):
    with app.store.read() as work:
        facts = work.calendar.facts(people.school)
    calendar = Calendar(app.clock.now())
    assert [each.period for each in owed(calendar, facts)] == [FEBRUARY.previous, FEBRUARY]
    assert [each.period for each in owed(calendar, facts, FEBRUARY.previous)] == [FEBRUARY.previous]
