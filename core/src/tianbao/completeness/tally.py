"""Counts of months by their state, and the rate they make."""

from collections import Counter
from collections.abc import Iterable, Mapping

from attrs import Factory, frozen

from tianbao.calendar import State


@frozen
class Tally:
    """How many obligations are in which state.

    Attributes:
        of: by state; one that is not named has none.
    """

    of: Mapping[State, int] = Factory(dict)

    @classmethod
    def count(cls, states: Iterable[State | None]) -> "Tally":
        """Count cells; ``None`` is a month that is not owed, and counts nowhere."""
        counted = Counter(states)
        del counted[None]
        return cls(counted)  # type: ignore[arg-type]  # None has been taken out

    def __add__(self, other: "Tally") -> "Tally":
        return Tally({state: self[state] + other[state] for state in self.of.keys() | other.of.keys()})

    def __getitem__(self, state: State) -> int:
        return self.of.get(state, 0)

    @property
    def due(self) -> int:
        """The denominator: what is to be filed by now, on time or not; without the exempt and the not yet open."""
        return sum(number for state, number in self.of.items() if state.counted)

    @property
    def filed(self) -> int:
        """The numerator: of these, those with a filing in force."""
        return sum(number for state, number in self.of.items() if state.filed)

    @property
    def unfiled(self) -> int:
        return self.due - self.filed

    @property
    def put_off(self) -> int:
        """Of these, those whose month is open: once the deadline is over, only who was given longer."""
        return self[State.OPEN]

    @property
    def rate(self) -> float | None:
        """0 to 1; ``None`` where nothing is due, which is not 0 % and not 100 %."""
        return self.filed / self.due if self.due else None

    @property
    def percent(self) -> str:
        """The rate as people read it; a dash where there is none."""
        return percent(self.filed, self.due)


def percent(part: int, whole: int) -> str:
    """A share as people read it, to a tenth and never rounded up, nor down to none: nobody is done who is not."""
    if not whole:
        return "—"
    if part and part * 1000 < whole:
        return "<0.1%"
    full, tenth = divmod(part * 1000 // whole, 10)
    return f"{full}.{tenth}%" if tenth else f"{full}%"
