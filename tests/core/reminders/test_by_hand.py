"""Reminders by hand: to those who owe the month, once a day, by those who look after them."""

import pytest

from tianbao.clock import FixedClock
from tianbao.errors import Refusal
from tianbao.filings import file_nil
from tianbao.outbox import Fate
from tianbao.periods import Period
from tianbao.reminders import foresee, remind_now
from tianbao.reminders.settings import RemindersSettings
from tianbao.reminders.tick import tick

FEBRUARY = Period(2025, 2)


@pytest.fixture(autouse=True)
def late(app):
    app.clock.moment = FixedClock.at("2025-03-13T10:00").now()


def code(*arguments):
    with pytest.raises(Refusal) as refused:
        remind_now(*arguments)
    return refused.value.code


def test_who_owes_the_month_is_written_to_and_it_is_on_the_trail(app, people):
    told = remind_now(app, people.county_officer, [people.school, people.neighbour], FEBRUARY)
    assert list(told.units) == [people.school, people.neighbour]
    with app.store.read() as work:
        (message,) = work.outbox.to(people.officer.email)
        (entry, _) = work.audit.entries()
    assert message.data["sender"] == "彰化縣政府"
    assert (entry.action, entry.actor) == ("unit.reminded", people.county_officer.id)


def test_who_has_filed_is_passed_over(app, people):
    file_nil(app, people.officer, people.school, FEBRUARY)
    told = remind_now(app, people.organiser, [people.school, people.neighbour], FEBRUARY)
    assert list(told.units) == [people.neighbour]
    assert [(each.unit, each.refusal.code) for each in told.passed_over] == [(people.school, "not-owed")]


def test_where_it_is_of_use_to_nobody_it_is_refused(app, people):
    assert code(app, people.organiser, [people.far], FEBRUARY) == "no-account"
    assert code(app, people.organiser, [people.school], FEBRUARY.plus(2)) == "not-owed"


def test_once_a_day_whoever_reminds(app, people):
    remind_now(app, people.county_officer, [people.school], FEBRUARY)
    assert code(app, people.organiser, [people.school], FEBRUARY) == "reminded-today"
    app.clock.goes_on(days=1)
    assert remind_now(app, people.organiser, [people.school], FEBRUARY).units


def test_where_the_days_reminder_was_lost_another_goes_out(app, people):
    remind_now(app, people.county_officer, [people.school], FEBRUARY)
    with app.store.work() as work:
        work.deliveries.claim("email", "w", app.clock.now(), app.clock.now(), 100)
        (lost,) = work.outbox.to(people.officer.email)
        work.deliveries.end(lost.id, "w", Fate.REFUSED, "550 查無此人")
    told = remind_now(app, people.county_officer, [people.school, people.neighbour], FEBRUARY)
    assert list(told.units) == [people.school, people.neighbour]
    with app.store.read() as work:
        assert [each.state for each in work.outbox.to(people.officer.email)] == [Fate.REFUSED, Fate.QUEUED]
    assert code(app, people.organiser, [people.school], FEBRUARY) == "reminded-today"


def test_what_it_will_do_is_said_before_it_does_it(app, people):
    file_nil(app, people.officer, people.school, FEBRUARY)
    said = foresee(app, people.organiser, [people.school, people.neighbour, people.far], FEBRUARY)
    assert list(said.written) == [(people.neighbour, people.neighbours_officer)]
    assert [each.refusal.code for each in said.passed_over] == ["not-owed", "no-account"]
    with app.store.read() as work:
        assert "remind-now" not in {message.template for message in work.outbox.all()}
    told = remind_now(app, people.organiser, [people.school, people.neighbour, people.far], FEBRUARY)
    assert list(told.units) == [people.neighbour]
    assert [each.unit for each in told.passed_over] == [each.unit for each in said.passed_over]


def test_nothing_is_foreseen_for_other_counties(app, people):
    with pytest.raises(Refusal, match="不能對"):
        foresee(app, people.county_officer, [people.far], FEBRUARY)


def test_the_chase_of_the_day_counts(app, people):
    app.clock.moment = FixedClock.at("2025-03-11T08:00").now()
    tick(app, RemindersSettings())
    assert code(app, people.organiser, [people.school], FEBRUARY) == "reminded-today"


def test_a_county_reminds_its_own_units_only(app, people):
    assert code(app, people.county_officer, [people.school, people.far], FEBRUARY) == "not-allowed"
    assert code(app, people.officer, [people.school], FEBRUARY) == "not-allowed"
    assert code(app, people.agency, [people.school], FEBRUARY) == "not-allowed"
