"""Which part of the grid somebody wishes to see."""

from collections.abc import Sequence

from attrs import frozen

from tianbao.calendar import State
from tianbao.periods import Period, Semester
from tianbao.units import Level, Unit

UNFINISHED = "unfinished"
"""Asks for what is open or overdue: what somebody has yet to do."""


@frozen
class Wish:
    """Which part of the grid is wanted; what is not given is not narrowed down.

    Attributes:
        school_year: in ROC years; its months are the columns.
        county: one of the 22.
        level: 學制.
        district: 鄉鎮市區.
        keyword: words that stand in the unit's name, or the beginning of its code.
        state: a `State`, or `UNFINISHED`: units with a month that stands so.
        month: looks for `state` in this month alone.
    """

    school_year: int
    county: str | None = None
    level: Level | None = None
    district: str = ""
    keyword: str = ""
    state: str = ""
    month: Period | None = None

    @property
    def periods(self) -> Sequence[Period]:
        """The twelve months."""
        return (*Semester(self.school_year, 1).periods, *Semester(self.school_year, 2).periods)

    @property
    def states(self) -> frozenset[State]:
        """What `state` stands for; all where it stands for nothing."""
        if self.state == UNFINISHED:
            return frozenset(state for state in State if state.unfinished)
        return frozenset({State(self.state)}) if self.state in set(State) else frozenset()

    def takes(self, unit: Unit) -> bool:
        """Whether a unit is one of those looked for, whatever it filed."""
        return (
            self.level in {None, unit.level}
            and self.district in {"", unit.district}
            and all(word in _spelt(unit.name) or unit.code.startswith(word) for word in _spelt(self.keyword).split())
        )

    def stands(self, periods: Sequence[Period], states: Sequence[State | None]) -> bool:
        """Whether a row of the grid has a month that stands as looked for."""
        if not self.states:
            return True
        looked_at = (
            states if self.month is None else [states[n] for n, each in enumerate(periods) if each == self.month]
        )
        return any(state in self.states for state in looked_at)


def latest_over(today: Period) -> Period:
    """The month people speak of: the latest that is over. Until the 10th it is being filed, after that chased.

    Args:
        today: the month it is.
    """
    return today.previous


def _spelt(text: str) -> str:
    return text.replace("台", "臺")
