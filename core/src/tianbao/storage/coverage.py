"""How many of the months that units must file are filed: what statistics stand on, and say so."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from tianbao.filings.grants import Kind
from tianbao.periods import Period, PeriodRange
from tianbao.statistics.coverage import Coverage, Whose
from tianbao.statistics.query import By
from tianbao.statistics.result import Code
from tianbao.storage.grants import GrantRow
from tianbao.storage.repository import Repository
from tianbao.storage.tables import FilingRow, UnitRow
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
        active = (UnitRow.first_period, UnitRow.last_period)
        wanted = (
            select(*active, func.count(), *_place(whose)).where(*_conditions(whose)).group_by(*active, *_place(whose))
        )
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
    """How many rows of a table there are of each month, of units that must file it; or of the other units."""
    period: ColumnElement[Any] = table.period.expression
    before, behind = period < UnitRow.first_period, period > UnitRow.last_period
    must = and_(or_(UnitRow.first_period.is_(None), ~before), or_(UnitRow.last_period.is_(None), ~behind))
    within = period.between(periods[0], periods[-1])
    keys = [*more, *_place(whose)]
    statement = select(period, func.count(), *keys).join_from(UnitRow, table, UnitRow.id == table.unit_id)
    condition = must if owed else or_(before, behind)
    return statement.where(within, condition, *_conditions(whose)).group_by(period, *keys)


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
