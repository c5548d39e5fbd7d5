"""What the organiser grants: months put off, months let off, for one unit or for many."""

from datetime import date

import pytest

from tianbao.accounts.forms import FormRefusal
from tianbao.calendar import State
from tianbao.clock import FixedClock
from tianbao.errors import Refusal
from tianbao.filings import Way, file_nil, grants
from tianbao.filings.agenda import agenda
from tianbao.filings.grants import Kind
from tianbao.periods import Period

JANUARY, FEBRUARY, MARCH = (Period(2025, 1).plus(n) for n in range(3))
DUE = date(2025, 3, 20)


@pytest.fixture
def since():
    return JANUARY


def code(function, *args):
    with pytest.raises(Refusal) as refused:
        function(*args)
    return refused.value.code


def state(app, people, period=JANUARY, unit=None):
    return agenda(app, people.organiser, unit or people.school).of(period).state


def extend(app, people, *units, period=JANUARY, due=DUE, reason="颱風停課"):
    return grants.extend(app, people.organiser, units or [people.school], period, due, reason)


def exempt(app, people, *units, period=JANUARY, reason="停課"):
    return grants.exempt(app, people.organiser, units or [people.school], period, reason)


def granted(app, unit):
    with app.store.read() as work:
        return work.grants.of_unit(unit)


def acts(app):
    with app.store.read() as work:
        return [(entry.action, entry.subject, entry.detail) for entry in reversed(work.audit.entries())]


def test_an_extended_month_is_open_again_blocks_nothing_and_is_filed_late_but_on_time(app, people):
    assert extend(app, people).units == [people.school]
    assert state(app, people) is State.OPEN
    assert file_nil(app, people.officer, people.school, FEBRUARY).way is Way.CURRENT
    assert file_nil(app, people.officer, people.school, JANUARY).way is Way.LATE
    assert state(app, people) is State.FILED_NIL
    (grant,) = granted(app, people.school)
    assert (grant.kind, grant.due, grant.reason, grant.granted_by_name) == (Kind.EXTENSION, DUE, "颱風停課", "許研發")
    subject = f"unit/{people.school.id}/2025-01"
    assert acts(app)[0] == ("month.extended", subject, {"due": "2025-03-20"}), "the reason stays out of the trail"


def test_an_exempt_month_is_owed_no_more_and_says_why(app, people):
    exempt(app, people)
    assert state(app, people) is State.EXEMPT
    door = agenda(app, people.officer, people.school).late_door(JANUARY)
    assert (door.code, "停課" in door.reason) == ("exempt", True)
    assert code(file_nil, app, people.officer, people.school, JANUARY) == "exempt"
    assert file_nil(app, people.officer, people.school, FEBRUARY).way is Way.CURRENT


def test_what_is_revoked_is_as_if_it_had_never_been_and_stays_written_down(app, people):
    exempt(app, people)
    (grant,) = granted(app, people.school)
    revoked = grants.revoke(app, people.organiser, grant.id)
    assert (revoked.in_force, revoked.revoked_at, revoked.revoked_by) == (False, app.clock.now(), people.organiser.id)
    assert state(app, people) is State.OVERDUE
    assert granted(app, people.school) == [revoked]
    assert code(grants.revoke, app, people.organiser, grant.id) == "grant-over"
    assert code(grants.revoke, app, people.organiser, 9999) == "grant-over"
    assert [action for action, *_ in acts(app)] == ["month.exempted", "month.grant-revoked"]


def test_another_extension_replaces_the_one_that_was(app, people):
    extend(app, people)
    extend(app, people, due=date(2025, 3, 25))
    old, new = granted(app, people.school)
    assert (old.in_force, new.in_force, new.due) == (False, True, date(2025, 3, 25))
    assert agenda(app, people.officer, people.school).of(JANUARY).window.due_on == date(2025, 3, 25)


def test_many_units_at_once_and_those_it_makes_no_sense_for_are_passed_over_with_the_reason(app, people):
    file_nil(app, people.neighbours_officer, people.neighbour, JANUARY)
    result = exempt(app, people, people.school, people.neighbour, people.far)
    assert result.units == [people.school, people.far]
    ((passed_over,),) = [result.passed_over]
    assert (passed_over.unit, passed_over.refusal.code) == (people.neighbour, "already-filed")
    with app.store.read() as work:
        assert [grant.unit for grant in work.grants.of_period(JANUARY)] == [people.school, people.far]
    assert granted(app, people.neighbour) == []


def test_where_it_makes_sense_for_nobody_it_is_refused_and_nothing_is_stored(app, people):
    exempt(app, people)
    before = acts(app)
    assert code(exempt, app, people) == "already-exempt"
    assert acts(app) == before


@pytest.mark.parametrize(
    ("period", "due", "refused"),
    [
        (Period(2024, 12), DUE, "not-owed"),
        (JANUARY, date(2025, 2, 10), "not-later"),
        (JANUARY, date(2025, 3, 4), "day-over"),
        (JANUARY, date(2025, 3, 5), ""),
        (JANUARY, date(2026, 3, 6), ""),
        (JANUARY, date(2026, 3, 7), "too-far"),
        (FEBRUARY, date(2025, 3, 10), "not-later"),
        (FEBRUARY, date(2025, 3, 11), ""),
        (MARCH, date(2025, 4, 15), ""),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(app, people, period, due, refused):
    if refused:
        assert code(lambda: extend(app, people, period=period, due=due)) == refused
        assert granted(app, people.school) == []
    else:
        assert extend(app, people, period=period, due=due).units


def test_what_was_filed_late_can_still_be_put_off_but_not_what_was_on_time_or_let_off(app, people):
    file_nil(app, people.officer, people.school, JANUARY)
    file_nil(app, people.officer, people.school, FEBRUARY)
    assert state(app, people) is State.FILED_LATE
    extend(app, people, due=date(2025, 3, 5))
    assert state(app, people) is State.FILED_NIL
    assert code(lambda: extend(app, people, period=FEBRUARY)) == "already-filed"
    assert code(lambda: exempt(app, people, period=FEBRUARY)) == "already-filed"
    exempt(app, people, people.far)
    assert code(lambda: extend(app, people, people.far)) == "exempt"


def test_a_reason_is_wanted(app, people):
    for attempt in (lambda: extend(app, people, reason=" "), lambda: exempt(app, people, reason="")):
        with pytest.raises(FormRefusal) as refused:
            attempt()
        assert list(refused.value.problems) == ["reason"]


@pytest.mark.parametrize("who", ["officer", "county_officer", "support", "agency"])
def test_nobody_but_the_organiser_grants_or_revokes(app, people, who):
    account = getattr(people, who)
    assert code(grants.extend, app, account, [people.school], JANUARY, DUE, "x") == "not-allowed"
    assert code(grants.exempt, app, account, [people.school], JANUARY, "x") == "not-allowed"
    assert code(grants.revoke, app, account, 1) == "not-allowed"


def test_an_extension_ends_at_midnight_of_its_day(app, people):
    extend(app, people)
    file_nil(app, people.officer, people.school, FEBRUARY)
    app.clock.moment = FixedClock.at("2025-03-20T23:59:59").now()
    assert state(app, people) is State.OPEN
    app.clock.goes_on(seconds=1)
    assert state(app, people) is State.OVERDUE
