"""The grid of units and months, from the calendar's rules and what the store knows, in one pass over plain values.

4,000 units have 48,000 cells in a year. Making facts and obligations of all of them takes a second; so what is granted
or being amended, which is little, goes the long way through `Calendar.obligation`, and for all else the store only says
of each filing whether it came before its due moment. `Calendar.plain_state` is asked once for each of the few cases
there are, and so the rules stand in the calendar alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import define, frozen

from tianbao.calendar import Calendar, Filed, State
from tianbao.completeness.tally import Tally
from tianbao.periods import Period, PeriodRange
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.storage import UnitOfWork

_INSTANT = timedelta(microseconds=1)


@frozen
class Row:
    """A unit's months.

    Attributes:
        unit: whose.
        states: one for each month of the grid; ``None`` where it need not file that month, and has not.
    """

    unit: Unit
    states: Sequence[State | None]


@define(slots=False, frozen=True)
class Grid:
    """Units and months.

    Attributes:
        periods: the columns.
        rows: in the order of the units.
    """

    periods: Sequence[Period]
    rows: Sequence[Row]

    @cached_property
    def tallies(self) -> Sequence[Tally]:
        """By month, of all rows."""
        return [self.tally(number) for number in range(len(self.periods))]

    def unfinished(self, row: Row) -> Sequence[Period]:
        """The months of a row that are yet to be filed, late or not."""
        return [period for period, state in zip(self.periods, row.states, strict=True) if state and state.unfinished]

    def tally(self, column: int) -> Tally:
        """Of a month."""
        return Tally.count(row.states[column] for row in self.rows)


def grid_of(
    work: "UnitOfWork", calendar: Calendar, units: Sequence[Unit], periods: Sequence[Period], county: str | None = None
) -> Grid:
    """The months of units as they stand at the calendar's moment.

    Args:
        work: a transaction.
        calendar: at that moment.
        units: of the register.
        periods: the months wanted, in a row.
        county: that all the units are of, if they are: the store then looks at no others.
    """
    months = PeriodRange(periods[0], periods[-1])
    filed = _filed(work, calendar, periods, county)
    special = _special(work, calendar, {unit.id: unit for unit in units}, months)
    unfiled = [calendar.plain_state(period) for period in periods]
    none: Mapping[Period, State] = {}
    rows = []
    for unit in units:
        known, exact = filed.get(unit.id, none), special.get(unit.id, none)
        states = [known.get(period) or state for period, state in zip(periods, unfiled, strict=True)]
        if exact:
            states = [exact.get(period) or state for period, state in zip(periods, states, strict=True)]
        rows.append(Row(unit, _owed(calendar, unit, periods, states)))
    return Grid(periods, rows)


def _owed(calendar: Calendar, unit: Unit, periods: Sequence[Period], states: list[State]) -> Sequence[State | None]:
    """Without the months a unit need not file; that it must file them all is the usual case."""
    if calendar.owes_all(unit, periods[0], periods[-1]):
        return states
    beside = {state: State.EXTRA if state.filed else None for state in State}
    return [
        state if calendar.owes(unit, period) else beside[state] for period, state in zip(periods, states, strict=True)
    ]


def _filed(
    work: "UnitOfWork", calendar: Calendar, periods: Iterable[Period], county: str | None
) -> Mapping[int | None, Mapping[Period, State]]:
    """What is filed, as if nothing were granted and nothing amended."""
    due = {period: calendar.rules.window(period).due_at for period in periods}
    cases = {
        (period, late, nil): calendar.plain_state(period, Filed(_such(due[period], calendar.now, late=late), nil))
        for period in due
        for late in (False, True)
        for nil in (False, True)
    }
    found: dict[int | None, dict[Period, State]] = {}
    for unit_id, period, late, nil in work.completeness.filed(due, calendar.now, county):
        found.setdefault(unit_id, {})[period] = cases[period, late, nil]
    return found


def _such(due_at: datetime, now: datetime, *, late: bool) -> datetime:
    """A moment on the same sides of now and of the due moment as all those it stands for."""
    return now if late else min(now, due_at - _INSTANT)


def _special(
    work: "UnitOfWork", calendar: Calendar, units: Mapping[int | None, Unit], months: PeriodRange
) -> Mapping[int | None, Mapping[Period, State]]:
    """Where something is granted, or being amended."""
    found: dict[int | None, dict[Period, State]] = {}
    for period, unit_ids in work.completeness.special(months, calendar.now).items():
        concerned = [units[unit_id] for unit_id in unit_ids if unit_id in units]
        for facts in work.calendar.facts_of(concerned, PeriodRange(period, period)) if concerned else ():
            if now := calendar.obligation(facts, period):
                found.setdefault(facts.unit.id, {})[period] = now.state
    return found
