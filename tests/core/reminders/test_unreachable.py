"""Who cannot be reached: without an account, not activated, or with a mailbox that refuses; each on support's list."""

import pytest

from tianbao.accounts import resets
from tianbao.accounts.resets import Reason
from tianbao.accounts.seats import Seat
from tianbao.clock import FixedClock
from tianbao.errors import Refusal
from tianbao.outbox import Fate
from tianbao.periods import Period
from tianbao.reminders.unreachable import Why, trouble_with, unreachable
from tianbao.units import COUNTIES, Level, Unit

from ..flows import join


@pytest.fixture
def found(app, people):
    """The units on the list, and why."""

    def found(account=people.support):
        return {each.place: each for each in unreachable(app, account) if each.unit}

    return found


def settle(app, key, to, state, words=None):
    """A mail and what became of it."""
    now = app.clock.now()
    with app.store.work() as work:
        work.outbox.add(key, to, "password-changed", {}, at=now)
        queued = work.outbox.by_key(key)
        work.deliveries.claim("email", "me", now, now, 100)
        if state is Fate.SENT:
            work.deliveries.sent(queued.id, now)
        else:
            work.deliveries.end(queued.id, "me", state, words)


def test_a_unit_without_an_account_is_on_it(found, people):
    assert set(found()) == {people.far.name}
    assert found()[people.far.name].why is Why.NO_ACCOUNT


def test_a_unit_that_need_not_file_is_not(app, found, since):
    from tianbao.periods import PeriodRange

    with app.store.work() as work:
        work.units.add(
            Unit("999999", Level.ELEMENTARY, "停辦國小", "彰化縣", PeriodRange(Period(2022, 8), since.previous))
        )
    assert "停辦國小" not in found()


def test_one_that_was_reset_is_on_it_until_somebody_registers_and_activates(app, found, people):
    reset = resets.request(app, people.support, people.officer, Reason.NEW_POST, "主任")
    resets.carry_out(app, people.support, reset.id)
    assert (found()[people.school.name].why, found()[people.school.name].since) == (Why.NO_ACCOUNT, app.clock.now())
    join(app, Seat(people.school))
    assert found()[people.school.name].why is Why.PENDING


def test_a_mailbox_that_refuses_is_on_it_since_the_first_mail_that_was_lost(app, found, people):
    settle(app, "1", people.officer.email, Fate.SENT)
    app.clock.goes_on(days=1)
    settle(app, "2", people.officer.email, Fate.REFUSED, "550 no such mailbox")
    first = app.clock.now()
    app.clock.goes_on(days=1)
    settle(app, "3", people.officer.email, Fate.GIVEN_UP, "timeout")
    lost = found()[people.school.name]
    assert (lost.why, lost.since, lost.words) == (Why.LOST, first, "550 no such mailbox")
    assert lost.account == people.officer
    settle(app, "4", people.officer.email, Fate.SENT)
    assert people.school.name not in found()


def test_counties_without_an_officer_come_first_for_those_who_look_after_all(app, people):
    places = [each.place for each in unreachable(app, people.organiser)]
    assert len(places) == len(COUNTIES) - 1 + 1
    assert places[-1] == people.far.name
    assert "彰化縣政府" not in places


def test_a_county_sees_its_own_units(app, people):
    assert not unreachable(app, people.county_officer)
    app.clock.moment = FixedClock.at("2025-03-06").now()
    settle(app, "1", people.officer.email, Fate.REFUSED, "550")
    assert [each.place for each in unreachable(app, people.county_officer)] == [people.school.name]


def test_officers_and_the_agency_have_no_such_list(app, people):
    for account in (people.officer, people.agency):
        with pytest.raises(Refusal, match="不能進行"):
            unreachable(app, account)


def test_what_stands_in_the_way_of_some_units_is_what_the_list_says(app, people, found):
    settle(app, "a", people.officer.email, Fate.REFUSED, "550 no such user")
    join(app, Seat(people.far))
    with app.store.read() as work:
        told = trouble_with(work, [people.school, people.neighbour, people.far])
    assert told == {each.unit.id: each.why for each in found().values()}
    assert told == {people.school.id: Why.LOST, people.far.id: Why.PENDING}
