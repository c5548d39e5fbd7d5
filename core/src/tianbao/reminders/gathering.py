"""Asks the store what a step needs to know, and has it planned: the one way, for the tick and for the rehearsal."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tianbao.accounts import Account, Role
from tianbao.calendar import Calendar, CalendarRules
from tianbao.calendar.workdays import Workdays
from tianbao.reminders.owing import Owing, unfiled, unfinished
from tianbao.reminders.plan import Planned, to_counties, to_nation, to_units
from tianbao.reminders.settings import RemindersSettings
from tianbao.reminders.steps import Due, Schedule, Step
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.storage import UnitOfWork

_NEAR = timedelta(days=200)
"""Days set by hand that are farther away do not matter to a step."""


def schedule(work: "UnitOfWork", options: RemindersSettings, rules: CalendarRules, around: date) -> Schedule:
    """The steps of the months around a day.

    Raises:
        TianbaoError: the settings contradict one another.
    """
    return Schedule(options, rules, Workdays(work.days.between(around - _NEAR, around + _NEAR)))


def owing_at(work: "UnitOfWork", calendar: Calendar, due: Due, units: Iterable[Unit]) -> Sequence[Owing]:
    """Whom a step is about."""
    if due.step is Step.REMIND:
        return unfiled(work, calendar, units, due.period)
    return unfinished(work, calendar, units, due.period)


def unit_messages(work: "UnitOfWork", due: Due, owing: Sequence[Owing]) -> Sequence[Planned]:
    """What a step has for units."""
    if due.step is Step.COMPILE:
        return ()
    officers = work.accounts.active_of_units(each.unit.id for each in owing if each.unit.id is not None)
    return to_units(due, owing, officers)


def list_messages(work: "UnitOfWork", due: Due, owing: Sequence[Owing]) -> Sequence[Planned]:
    """What a step has for those who look after units."""
    if due.step is Step.CHASE:
        officers = {each.county: each for each in _active(work, Role.COUNTY_OFFICER) if each.county}
        return to_counties(due, owing, officers)
    if due.step is Step.COMPILE:
        return to_nation(due, owing, [*_active(work, Role.ORGANISER), *_active(work, Role.AGENCY)])
    return ()


def _active(work: "UnitOfWork", role: Role) -> Iterator[Account]:
    return (account for account in work.accounts.of_role(role) if account.active)
