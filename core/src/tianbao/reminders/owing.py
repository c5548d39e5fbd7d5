"""Who owes what: units with the months they have not filed, by the calendar's own rules and nothing else."""

from collections.abc import Iterable, Sequence
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
    """

    unit: Unit
    periods: Sequence[Period]
    reminded_at: datetime | None = None


def unfinished(work: "UnitOfWork", calendar: Calendar, units: Iterable[Unit]) -> Sequence[Owing]:
    """The units with overdue months, in the order given; who is exempt, put off or closed is not among them.

    Args:
        work: a transaction.
        calendar: at the moment of interest; a past one answers as it was then.
        units: of the register.
    """
    units = list(units)
    reminded = work.reminders.last_sent(units)
    return [
        Owing(facts.unit, late, reminded.get(facts.unit.id))
        for facts in work.calendar.facts_of(units)
        if (late := [each.period for each in owed(calendar, facts) if each.state is State.OVERDUE])
    ]


def owed(calendar: Calendar, facts: Facts, until: Period | None = None) -> Sequence[Obligation]:
    """The months a unit has to file and has not, the oldest first: those overdue, and those open now.

    Args:
        calendar: at the moment of interest.
        facts: of the unit.
        until: leaves out the months after it.
    """
    return [
        each for each in calendar.obligations(facts) if each.state in _OWED and (until is None or each.period <= until)
    ]
