"""Who owes what: units with the months they have not filed, by the calendar's own rules and nothing else."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.calendar import Calendar, Facts, Obligation, State
from tianbao.periods import Period
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.storage import UnitOfWork

_OWED = frozenset({State.OPEN, State.OVERDUE})


@frozen
class Owing:
    """A unit and what it owes.

    Attributes:
        unit: who.
        periods: the months, the oldest first; at least one.
        reminded_at: when it was last sent a reminder that was not refused; ``None`` where it never was.
        months: how each of `periods` stands: until when, how late.
    """

    unit: Unit
    periods: Sequence[Period]
    reminded_at: datetime | None = None
    months: Sequence[Obligation] = ()


def unfinished(
    work: "UnitOfWork", calendar: Calendar, units: Iterable[Unit], until: Period | None = None
) -> Sequence[Owing]:
    """The units with overdue months, in the order given; who is exempt, put off or closed is not among them.

    Args:
        work: a transaction.
        calendar: at the moment of interest; a past one answers as it was then.
        units: of the register.
        until: leaves out the months after it.
    """
    until = min(until or calendar.current, calendar.current)

    def late(facts: Facts) -> Sequence[Obligation]:
        return [each for each in owed(calendar, facts, until) if each.state is State.OVERDUE]

    return _owing(work, calendar, _behind(work, calendar, units, min(until, calendar.current.previous)), late)


def unfiled(work: "UnitOfWork", calendar: Calendar, units: Iterable[Unit], period: Period) -> Sequence[Owing]:
    """The units that have yet to file a month, with all they owe until then; arguments as of `unfinished`."""

    def months(facts: Facts) -> Sequence[Obligation]:
        found = owed(calendar, facts, period)
        return found if found and found[-1].period == period else ()

    return _owing(work, calendar, _behind(work, calendar, units, period), months)


def owed(calendar: Calendar, facts: Facts, until: Period | None = None) -> Sequence[Obligation]:
    """The months a unit has to file and has not, the oldest first: those overdue, and those open now.

    Args:
        calendar: at the moment of interest.
        facts: of the unit.
        until: leaves out the months after it.
    """
    waiting = [period for period in calendar.until_now(facts.unit) if not _filed(calendar, facts, period)]
    return [
        each
        for each in calendar.obligations(facts, waiting)
        if each.state in _OWED and (until is None or each.period <= until)
    ]


def _filed(calendar: Calendar, facts: Facts, period: Period) -> bool:
    filed = facts.filed.get(period)
    return filed is not None and filed.first_at <= calendar.now


def _behind(work: "UnitOfWork", calendar: Calendar, units: Iterable[Unit], until: Period) -> Sequence[Unit]:
    """Those that have not simply filed all there is: of most of 4,000 units nothing else need be asked."""
    units = list(units)
    spans = work.calendar.filed_spans(units, until, calendar.now)
    return [unit for unit in units if not calendar.all_filed(unit, spans.get(unit.id), until)]


def _owing(
    work: "UnitOfWork", calendar: Calendar, units: Iterable[Unit], months_of: Callable[[Facts], Sequence[Obligation]]
) -> Sequence[Owing]:
    found = [(facts.unit, months) for facts in work.calendar.facts_of(units) if (months := months_of(facts))]
    reminded = work.reminders.last_sent([unit for unit, _ in found], calendar.today)
    return [Owing(unit, [each.period for each in months], reminded.get(unit.id), months) for unit, months in found]
