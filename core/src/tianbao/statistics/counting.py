"""What the store is asked to count, and how its counts add up."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, combinations

from attrs import evolve, frozen

from tianbao.periods import Period
from tianbao.records.columns import Column, Kind
from tianbao.records.predicates import Predicate
from tianbao.statistics.query import By, Sex
from tianbao.statistics.result import Along, Code
from tianbao.templates.measures import Measure
from tianbao.units import Level

ORDER = (Along.CATEGORY, Along.MONTH, Along.PLACE, Along.SEX)
Key = tuple[Code | None, Code | None, Code | None, Code | None]
"""What a count is of, in `ORDER`; ``None`` for all of it. Sexes are the canonical codes, units their numbers."""
Counts = Mapping[Key, int]


@frozen(kw_only=True)
class Counting:
    """Rows to be counted.

    Attributes:
        kind: ``case`` or ``service``.
        measure: what is counted.
        column: whose codes are the categories.
        periods: the months, in order.
        counties: the only ones that are counted; all where empty.
        levels: the only ones; likewise.
        only: the only codes; likewise.
        scope: months, units, counties, levels, and what the person may see: what indexes narrow down.
        tests: of the rows: filters, and one sex of the cases.
        by: what the places are.
        sex: what is counted of services, which hold a number for each sex.
        along: what the counts are broken down by.
        tallied: whether tallies hold all that the counts need; they know no units, no persons, and no filters but sex.
    """

    kind: str
    measure: Measure
    column: Column
    periods: tuple[Period, ...]
    counties: tuple[str, ...]
    levels: tuple[Level, ...]
    only: frozenset[int]
    scope: Predicate
    tests: Predicate
    by: By
    sex: Sex
    along: frozenset[Along]
    tallied: bool

    @property
    def together(self) -> frozenset[Along]:
        """The breakdowns whose parts do not add up to the whole.

        A case of two issues is one case, a child seen in two months is one child, and a service for boys and girls one
        service.
        """
        if self.measure is Measure.PERSONS:
            return self.along
        several = {Along.CATEGORY} if self.column.kind is Kind.CODES else set()
        mixed = {Along.SEX} if (self.kind, self.measure) == ("service", Measure.ROWS) else set()
        return self.along & (several | mixed)

    def parts(self) -> Iterator["Counting"]:
        """What must be counted on its own; all else are sums of these."""
        apart, together = self.along - self.together, sorted(self.together)
        for some in chain.from_iterable(combinations(together, n) for n in range(len(together) + 1)):
            yield evolve(self, along=apart | set(some))


def added_up(counts: Iterable[tuple[Key, int]], counting: Counting) -> dict[Key, int]:
    """Counts with their sums over whatever adds up; one axis after the other, so that sums are made of sums."""
    found: dict[Key, int] = {}
    for key, number in counts:
        found[key] = found.get(key, 0) + number
    for along in sorted(counting.along - counting.together, key=_LONGEST_FIRST.index):
        place = ORDER.index(along)
        sums: dict[Key, int] = {}
        for key, number in found.items():
            whole: Key = (*key[:place], None, *key[place + 1 :])  # type: ignore[assignment]
            sums[whole] = sums.get(whole, 0) + number
        found |= sums
    return found


_LONGEST_FIRST = (Along.MONTH, Along.PLACE, Along.CATEGORY, Along.SEX)
