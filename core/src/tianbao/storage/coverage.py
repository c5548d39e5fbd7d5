"""How many of the months that units must file are filed: what statistics stand on, and say so."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    exists,
    func,
    literal,
    select,
    type_coerce,
    union_all,
)

from tianbao.filings.grants import Kind
from tianbao.periods import Period, PeriodRange
from tianbao.statistics.coverage import Coverage, Whose
from tianbao.statistics.query import By
from tianbao.statistics.result import Code
from tianbao.storage.grants import GrantRow
from tianbao.storage.repository import Repository
from tianbao.storage.tables import FilingRow, RangeRow, UnitRow
from tianbao.storage.tallies import Tallies

Key = tuple[Period, Code | None]


class Coverages(Repository):
    """Counts of months that are due, filed, nil."""

    def coverage(self, whose: Whose, periods: Sequence[Period]) -> Mapping[Key, Coverage]:
        """By month and place (``None`` where no places are told apart).

        Months of units that need not file them, and months they were let off (免填), count on no side.

        Args:
            whose: units.
            periods: months anybody owes, in order; gaps are allowed.
        """
        found: dict[Key, Coverage] = defaultdict(Coverage)
        for key, due in self._due(whose, periods):
            found[key] += Coverage(due=due)
        for key, exempt in self._exempt(whose, periods):
            found[key] += Coverage(due=-exempt)
        for key, nil, filed in self._filed(whose, periods):
            found[key] += Coverage(nil=filed) if nil else Coverage(filed=filed)
        return found

    def _due(self, whose: Whose, periods: Sequence[Period]) -> Sequence[tuple[Key, int]]:
        active = (RangeRow.first_period, RangeRow.last_period)
        ranges = select(*active, func.count(), *_place(whose)).join_from(
            UnitRow, RangeRow, RangeRow.unit_id == UnitRow.id
        )
        wanted = ranges.where(*_conditions(whose)).group_by(*active, *_place(whose))
        groups = self._connection.execute(wanted).all()
        return [
            ((period, place[0] if place else None), count)
            for first, last, count, *place in groups
            for period in periods
            if period in PeriodRange(first, last)
        ]

    def _exempt(self, whose: Whose, periods: Sequence[Period]) -> Sequence[tuple[Key, int]]:
        filed = exists().where(
            FilingRow.unit_id == GrantRow.unit_id, FilingRow.period == GrantRow.period, FilingRow.in_force
        )
        granted = (GrantRow.kind == Kind.EXEMPTION, GrantRow.revoked_at.is_(None), ~filed)
        groups = _grouped(GrantRow, [], whose, periods).where(*granted)
        return [((period, place[0] if place else None), count) for period, count, *place in self._rows(groups, periods)]

    def _filed(self, whose: Whose, periods: Sequence[Period]) -> Sequence[tuple[Key, bool, int]]:
        if whose.unit_ids or whose.county or whose.counties or whose.by not in {By.NOTHING, By.LEVEL}:
            return self._filed_now(whose, periods)
        tallied, stale = Tallies(self._connection).filings(whose.levels, periods)
        found: list[tuple[Key, bool, int]] = [
            ((period, level if whose.by is By.LEVEL else None), nil, count) for period, level, nil, count in tallied
        ]
        fresh = set(periods) - set(stale)
        found += [
            (key, nil, -count) for key, nil, count in self._filed_now(whose, periods, owed=False) if key[0] in fresh
        ]
        return [*found, *(self._filed_now(whose, stale) if stale else ())]

    def _filed_now(
        self, whose: Whose, periods: Sequence[Period], *, owed: bool = True
    ) -> Sequence[tuple[Key, bool, int]]:
        """Filings counted one by one: those of months that their units must file, or only the others."""
        groups = _grouped(FilingRow, [FilingRow.nil.expression], whose, periods, owed=owed).where(FilingRow.in_force)
        return [
            ((period, place[0] if place else None), bool(nil), count)
            for period, count, nil, *place in self._rows(groups, periods)
        ]

    def _rows(self, groups: Select[Any], periods: Sequence[Period]) -> Sequence[Sequence[Any]]:
        wanted = set(periods)
        return [row for row in self._connection.execute(groups) if row[0] in wanted]


def _grouped(
    table: type[FilingRow | GrantRow],
    more: Sequence[ColumnElement[Any]],
    whose: Whose,
    periods: Sequence[Period],
    *,
    owed: bool = True,
) -> Select[Any]:
    """How many rows of a table there are of each month, of units that must file it; or of the other units.

    The others' few rows are found by their gaps, also before and after the periods: were these asked for, SQLite would
    read all filings of the periods instead.
    """
    period: ColumnElement[Any] = table.period.expression
    month: ColumnElement[int] = type_coerce(period, Integer)
    first, last = (each.year * 100 + each.month for each in (periods[0], periods[-1]))
    stretch = (_owed() if owed else _gaps()).subquery()
    within = [month.between(first, last)] if owed else []
    here = and_(stretch.c.after < last, stretch.c.before > first, *within)
    ours = and_(table.unit_id == stretch.c.unit_id, month > stretch.c.after, month < stretch.c.before)
    keys = [*more, *_place(whose)]
    units = select(period, func.count(), *keys).join_from(UnitRow, stretch, stretch.c.unit_id == UnitRow.id)
    return units.join(table, ours).where(here, *_conditions(whose)).group_by(period, *keys)


_NEVER, _ALWAYS = 0, 999_999
"""Before and after all months, as the store counts them."""
_FIRST: ColumnElement[int] = func.coalesce(type_coerce(RangeRow.first_period, Integer), _NEVER)
_LAST: ColumnElement[int] = func.coalesce(type_coerce(RangeRow.last_period, Integer), _ALWAYS)


def _owed() -> Select[int, int, int]:
    """The months units must file, as stretches after one month and before another."""
    return select(RangeRow.unit_id, (_FIRST - 1).label("after"), (_LAST + 1).label("before"))


def _gaps() -> CompoundSelect[Any]:
    """Likewise those they need not: before each of a unit's ranges, and after all of them."""
    ended = func.lag(_LAST, 1, _NEVER).over(partition_by=RangeRow.unit_id, order_by=_FIRST)
    before_each = select(RangeRow.unit_id, ended.label("after"), _FIRST.label("before"))
    latest = func.max(_LAST).filter(RangeRow.id.is_not(None))
    after_all = select(UnitRow.id, func.coalesce(latest, _NEVER), literal(_ALWAYS + 1)).group_by(UnitRow.id)
    return union_all(before_each, after_all.outerjoin_from(UnitRow, RangeRow, RangeRow.unit_id == UnitRow.id))


def _place(whose: Whose) -> Sequence[ColumnElement[Any]]:
    places = {By.UNIT: UnitRow.id, By.LEVEL: UnitRow.level, By.COUNTY: UnitRow.county}
    return [places[whose.by].expression] if whose.by in places else []


def _conditions(whose: Whose) -> Sequence[ColumnElement[bool]]:
    wanted = [
        UnitRow.id.in_(whose.unit_ids) if whose.unit_ids else None,
        UnitRow.county == whose.county if whose.county else None,
        UnitRow.county.in_(whose.counties) if whose.counties else None,
        UnitRow.level.in_(whose.levels) if whose.levels else None,
    ]
    return [condition for condition in wanted if condition is not None]
