"""Who owes what: as the calendar has it, and when each was last reminded."""

from datetime import date, timedelta

import pytest
from attrs import evolve

from tianbao.calendar import Calendar, State
from tianbao.filings import file_nil, grants
from tianbao.periods import Period, PeriodRange, PeriodRanges
from tianbao.reminders import remind_now, unfinished
from tianbao.reminders.owing import Last, owed

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
    assert only.reminded == Last()


def test_nobody_owes_what_is_filed_open_exempt_or_put_off(app, people):
    app.clock.goes_on(days=-1)  # 4 March: January is overdue, February open
    file_nil(app, people.officer, people.school, FEBRUARY.previous)
    grants.exempt(app, people.organiser, [people.neighbour], FEBRUARY.previous, "停辦")
    grants.extend(app, people.organiser, [people.far], FEBRUARY.previous, date(2025, 3, 20), "颱風")
    assert not owing(app, people.school, people.neighbour, people.far)


def test_what_was_filed_while_a_unit_was_away_makes_up_for_no_month_it_owes(app, people):
    """Three months filed, three owed; the span they make is the same, and one is missing all the same."""
    january, april = Period(2025, 1), Period(2025, 4)
    file_nil(app, people.officer, people.school, january)
    file_nil(app, people.officer, people.school, FEBRUARY)
    app.clock.goes_on(days=40)  # 14 April
    away = PeriodRanges([PeriodRange(january, january), PeriodRange(MARCH)])
    with app.store.work() as work:
        school = evolve(people.school, active=away)
        work.units.save(school)
    (late,) = owing(app, school)
    assert list(late.periods) == [MARCH]
    file_nil(app, people.officer, school, MARCH)
    assert not owing(app, school)
    with app.store.read() as work:
        open_now = owed(Calendar(app.clock.now()), work.calendar.facts(school), [january, FEBRUARY, MARCH, april])
    assert [each.period for each in open_now] == [april]


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
    assert then.reminded == Last(waits_since=app.clock.now())
    app.clock.goes_on(days=1)
    remind_now(app, people.organiser, [people.school], FEBRUARY.previous)
    with app.store.read() as work:
        assert list(unfinished(work, before, [people.school])) == [then]


def test_last_reminded_is_when_it_was_sent(app, people):
    queued = remind_and_send(app, people, hours=3)
    (only,) = owing(app, people.school)
    assert only.reminded == Last(queued + timedelta(hours=3))
    assert only.reminded.spoken() == "114年3月5日（星期三）13:00"


def test_a_reminder_that_waits_is_said_to_wait_beside_the_last_that_was_sent(app, people):
    sent = remind_and_send(app, people)
    app.clock.goes_on(days=1)
    remind_now(app, people.organiser, [people.school], FEBRUARY.previous)
    (only,) = owing(app, people.school)
    assert only.reminded == Last(sent, app.clock.now())
    assert only.reminded.spoken() == "114年3月5日（星期三）10:00，另一封等待寄送"


def test_the_past_knows_that_a_reminder_waited(app, people):
    before = Calendar(app.clock.now())
    queued = remind_and_send(app, people, days=1)
    with app.store.read() as work:
        (then,) = unfinished(work, before, [people.school])
    assert then.reminded == Last(waits_since=queued)
    assert then.reminded.spoken() == "等待寄送"


def remind_and_send(app, people, **later):
    queued = app.clock.now()
    remind_now(app, people.organiser, [people.school], FEBRUARY.previous)
    app.clock.goes_on(**later)
    with app.store.work() as work:
        (waiting,) = work.reminders.waiting([people.school])[people.school.id]
        work.deliveries.sent(waiting.id, app.clock.now())
    return queued


@pytest.mark.parametrize("left_out", [(), (1,), (2,), (1, 2), (1, 3), (1, 2, 3)])
def test_who_left_out_which_months_is_what_the_calendar_says_of_all_facts(app, people, left_out):
    """Asked of gaps alone, at past moments and at one to come, too."""
    app.clock.goes_on(days=40)  # 14 April: three months are overdue
    for month in sorted({1, 2, 3}.difference(left_out)):
        file_nil(app, people.officer, people.school, Period(2025, month))
        app.clock.goes_on(days=1)
    with app.store.read() as work:
        facts = work.calendar.facts(people.school)
        for days in (0, -1, -2, -3, 40):
            calendar = Calendar(app.clock.now() + timedelta(days=days, seconds=-1))
            plain = [each for each in calendar.obligations(facts) if each.state is State.OVERDUE]
            found = unfinished(work, calendar, [people.school])
            assert [month for each in found for month in each.months] == plain


def test_what_is_open_is_owed_but_not_late(app, people):
    with app.store.read() as work:
        facts = work.calendar.facts(people.school)
    calendar = Calendar(app.clock.now())
    months = [FEBRUARY.previous, FEBRUARY, MARCH]
    assert [each.period for each in owed(calendar, facts, months)] == [FEBRUARY.previous, FEBRUARY]
