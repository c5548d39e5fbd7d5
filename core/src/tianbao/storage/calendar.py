"""What the calendar needs to know of units: a few queries, for one unit as for all 4,000 of the country."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, TextClause, and_, case, func, select, text, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from tianbao.calendar import Amendment, Exemption, Extension, Facts, Filed, Span
from tianbao.filings.grants import Kind
from tianbao.periods import Period, PeriodRange
from tianbao.storage.grants import AmendmentRow, GrantRow, amendment_of
from tianbao.storage.repository import Repository
from tianbao.storage.tables import FilingRow
from tianbao.units import Unit

_ALL = PeriodRange()
_Table = type[FilingRow | GrantRow | AmendmentRow]
_FirstAt = func.min(FilingRow.filed_at)
_IS_FIRST = text("version = 1")
"""Each month has a first version; word for word the condition of the partial index of their moments."""
_NilNow = func.max(case((and_(FilingRow.in_force, FilingRow.nil), 1), else_=0))


class FactsOfUnits(Repository):
    """The facts of units; see `tianbao.calendar.Facts`."""

    def facts(self, unit: Unit) -> Facts:
        """All that is known of a unit."""
        return self.facts_of([unit])[0]

    def facts_of(self, units: Iterable[Unit], periods: PeriodRange = _ALL) -> Sequence[Facts]:
        """What is known of many units, in their order.

        Args:
            units: of the register.
            periods: the months of interest, for a grid; doors want all of them.
        """
        units = list(units)
        wanted = _Wanted([unit.id for unit in units if unit.id is not None], periods)
        filed, (extensions, exemptions) = self._filed(wanted), self._granted(wanted)
        amendments = self._amendments(wanted)
        return [
            Facts(
                unit,
                filed.get(unit.id, {}),
                extensions.get(unit.id, {}),
                exemptions.get(unit.id, {}),
                tuple(amendments.get(unit.id, ())),
            )
            for unit in units
        ]

    def granted_of(self, units: Iterable[Unit]) -> Sequence[Facts]:
        """What was granted to units, in their order: all there is to know of months they have not filed."""
        units = list(units)
        extensions, exemptions = self._granted(_Wanted([unit.id for unit in units if unit.id is not None], _ALL))
        return [Facts(unit, {}, extensions.get(unit.id, {}), exemptions.get(unit.id, {})) for unit in units]

    def filed_spans(self, units: Iterable[Unit], until: Period) -> Mapping[int | None, Span]:
        """What of the months until one each unit has filed, whenever: from an index alone, for many units."""
        statement = select(FilingRow.unit_id, func.count(), *_ends(FilingRow.period)).where(*_first(units, until))
        rows = self._connection.execute(statement.group_by(FilingRow.unit_id))
        return {row[0]: Span(row[1], row[2], row[3]) for row in rows}

    def filed_runs(self, units: Iterable[Unit], until: Period) -> Mapping[int | None, Sequence[PeriodRange]]:
        """The same as runs of months without a gap, in order: for units that left some out."""
        number = type_coerce(FilingRow.period, Integer)
        since = number // 100 * 12 + number % 100  # one more from month to month
        run = since - func.row_number().over(partition_by=FilingRow.unit_id, order_by=FilingRow.period)
        months = select(FilingRow.unit_id, FilingRow.period, run.label("run")).where(*_first(units, until)).subquery()
        runs = select(months.c.unit_id, *_ends(months.c.period)).group_by(months.c.unit_id, months.c.run)
        found: dict[int | None, list[PeriodRange]] = defaultdict(list)
        for unit_id, first, last in self._connection.execute(runs.order_by(months.c.unit_id, months.c.run)):
            found[unit_id].append(PeriodRange(first, last))
        return found

    def filed_after(self, moment: datetime, until: Period) -> Mapping[int | None, set[Period]]:
        """The months until one that were filed for the first time after a moment, by unit: none, where it is now."""
        later = (_IS_FIRST, FilingRow.filed_at > moment, FilingRow.period <= until)
        statement = select(FilingRow.unit_id, FilingRow.period).where(*later)
        found: dict[int | None, set[Period]] = defaultdict(set)
        for unit_id, period in self._connection.execute(statement):
            found[unit_id].add(period)
        return found

    def _filed(self, wanted: "_Wanted") -> Mapping[int | None, dict[Period, Filed]]:
        columns = (FilingRow.unit_id, FilingRow.period)
        statement = select(*columns, _FirstAt, _NilNow).where(*wanted.of(FilingRow)).group_by(*columns)
        found: dict[int | None, dict[Period, Filed]] = defaultdict(dict)
        for unit_id, period, first_at, nil in self._connection.execute(statement):
            found[unit_id][period] = Filed(first_at, bool(nil))
        return found

    def _granted(self, wanted: "_Wanted") -> tuple[Mapping[int | None, Any], Mapping[int | None, Any]]:
        columns = (GrantRow.unit_id, GrantRow.period, GrantRow.kind, GrantRow.due, GrantRow.reason)
        statement = select(*columns).where(*wanted.of(GrantRow), GrantRow.revoked_at.is_(None))
        extensions: dict[int | None, dict[Period, Extension]] = defaultdict(dict)
        exemptions: dict[int | None, dict[Period, Exemption]] = defaultdict(dict)
        for unit_id, period, kind, due, reason in self._connection.execute(statement):
            if kind is Kind.EXTENSION and due:
                extensions[unit_id][period] = Extension(due, reason)
            else:
                exemptions[unit_id][period] = Exemption(reason)
        return extensions, exemptions

    def _amendments(self, wanted: "_Wanted") -> Mapping[int | None, Sequence[Amendment]]:
        statement = select(AmendmentRow).where(*wanted.of(AmendmentRow)).order_by(AmendmentRow.id)
        found: dict[int | None, list[Amendment]] = defaultdict(list)
        for row in self._connection.execute(statement):
            found[row.unit_id].append(amendment_of(row))
        return found


def _first(units: Iterable[Unit], until: Period) -> Sequence[ColumnElement[bool] | TextClause]:
    """The first filings of units' months until one."""
    wanted = _Wanted([unit.id for unit in units if unit.id is not None], PeriodRange(None, until))
    return [*wanted.of(FilingRow), _IS_FIRST]


def _ends(period: ColumnElement[Period] | InstrumentedAttribute[Period]) -> Sequence[ColumnElement[Period]]:
    return func.min(period, type_=period.type), func.max(period, type_=period.type)


class _Wanted:
    """Which units and months."""

    def __init__(self, unit_ids: Sequence[int], periods: PeriodRange) -> None:
        self._unit_ids = unit_ids
        self._periods = periods

    def of(self, table: _Table) -> Sequence[ColumnElement[bool]]:
        """The conditions on a table's rows."""
        unit_id: InstrumentedAttribute[int] = table.unit_id
        period: InstrumentedAttribute[Period] = table.period
        conditions: list[ColumnElement[bool]] = [unit_id.in_(self._unit_ids)]
        if self._periods.first:
            conditions.append(period >= self._periods.first)
        if self._periods.last:
            conditions.append(period <= self._periods.last)
        return conditions
