"""Filings, their rows and their files."""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from attrs import evolve, fields
from sqlalchemy import ColumnExpressionArgument, Row, func, insert, select, update

from tianbao.canon import ROW_KINDS, Case, Service
from tianbao.filings import Filing
from tianbao.periods import Period
from tianbao.statistics.tallied import Partition
from tianbao.storage.repository import Repository
from tianbao.storage.tables import CaseRow, FileRow, FilingRow, ServiceRow, UnitRow
from tianbao.storage.tallies import Tallies
from tianbao.storage.units import OF_UNIT, unit_of
from tianbao.units import Level, Unit

Rows = Mapping[str, Sequence[tuple[int, Case | Service]]]
"""By kind, rows with their numbers in the user's file."""

_TABLES: Mapping[str, type[CaseRow | ServiceRow]] = {"case": CaseRow, "service": ServiceRow}
_NAMES = {kind: [field.name for field in fields(make)] for kind, make in ROW_KINDS.items()}
_CELLS = {kind: (names, attrgetter(*names)) for kind, names in _NAMES.items()}
_KEPT = (
    "period", "version", "way", "nil", "template_key", "fingerprint", "file_name", "file_hash", "filed_at", "filed_by",
    "filed_by_name", "receipt",
)  # fmt: skip


class Filings(Repository):
    """Filings."""

    def add(self, filing: Filing, rows: Rows | None = None, content: bytes | None = None) -> Filing:
        """Put a filing in force, with its rows and its file, in place of the one that was; the unit must be locked."""
        self._replace(filing)
        (stored,) = self.add_first([(filing, rows or {})])
        if content is not None:
            self._connection.execute(insert(FileRow).values(filing_id=stored.id, content=content))
        return stored

    def add_first(self, filings: Sequence[tuple[Filing, Rows]]) -> Sequence[Filing]:
        """Put many filings in force in one go, each with its rows: of months for which the units have filed nothing."""
        numbers = self._connection.scalars(
            insert(FilingRow).returning(FilingRow.id, sort_by_parameter_order=True),
            [_values(filing) for filing, _ in filings],
        )
        stored = [
            (evolve(filing, id=number, in_force=True), rows)
            for number, (filing, rows) in zip(numbers, filings, strict=True)
        ]
        Tallies(self._connection).mark(Partition(filing.unit.county, filing.period) for filing, _ in stored)
        for kind, table in _TABLES.items():
            if values := [value for filing, rows in stored for value in _row_values(filing, kind, rows.get(kind, ()))]:
                self._connection.execute(insert(table), values)
        return [filing for filing, _ in stored]

    def _replace(self, filing: Filing) -> None:
        """What was in force is kept as history."""
        ours = (FilingRow.unit_id == filing.unit.id, FilingRow.period == filing.period, FilingRow.in_force)
        old = update(FilingRow).where(*ours).values(in_force=False).returning(FilingRow.id)
        counties: set[str] = set()
        for number in self._connection.execute(old).scalars().all():
            for table in _TABLES.values():
                gone = update(table).where(table.filing_id == number).values(in_force=False).returning(table.county)
                counties.update(self._connection.execute(gone).scalars())
        Tallies(self._connection).mark(Partition(county, filing.period) for county in counties)

    def get(self, filing_id: int) -> Filing | None:
        return self._one(FilingRow.id == filing_id)

    def in_force(self, unit: Unit, period: Period) -> Filing | None:
        """What counts for a unit and period, if anything was filed."""
        return self._one(FilingRow.unit_id == unit.id, FilingRow.period == period, FilingRow.in_force)

    def all_in_force(self, unit: Unit) -> Sequence[Filing]:
        """What counts for a unit, by period."""
        return self._many(FilingRow.unit_id == unit.id, FilingRow.in_force)

    def history(self, unit: Unit, period: Period) -> Sequence[Filing]:
        """Every version of a unit and period, the first first."""
        return self._many(FilingRow.unit_id == unit.id, FilingRow.period == period)

    def all_of(self, unit: Unit) -> Sequence[Filing]:
        """Every version of every month of a unit, by period, the first first."""
        return self._many(FilingRow.unit_id == unit.id)

    def latest_version(self, unit: Unit, period: Period) -> int:
        """The number of the last version, 0 where nothing was filed."""
        ours = (FilingRow.unit_id == unit.id, FilingRow.period == period)
        return self._connection.execute(select(func.coalesce(func.max(FilingRow.version), 0)).where(*ours)).scalar_one()

    def last_months(self, level: Level) -> Mapping[int, Period]:
        """By unit of a level, the last month it filed."""
        statement = (
            select(FilingRow.unit_id, func.max(FilingRow.period))
            .join(UnitRow, UnitRow.id == FilingRow.unit_id)
            .where(UnitRow.level == level)
            .group_by(FilingRow.unit_id)
        )
        return {row[0]: row[1] for row in self._connection.execute(statement)}

    def rows(self, filing: Filing) -> tuple[Sequence[Case], Sequence[Service]]:
        """The rows of a version, in the order of the user's file."""
        return self._rows(filing, CaseRow, Case), self._rows(filing, ServiceRow, Service)

    def _rows(self, filing: Filing, table: type[CaseRow | ServiceRow], make: Any) -> Sequence[Any]:  # noqa: ANN401
        names = [field.name for field in fields(make)]
        columns = [getattr(table, name) for name in names]
        statement = select(*columns).where(table.filing_id == filing.id).order_by(table.row_number, table.id)
        return [make(**dict(zip(names, row, strict=True))) for row in self._connection.execute(statement)]

    def file(self, filing: Filing) -> bytes | None:
        """The workbook as it came; ``None`` for a nil filing."""
        statement = select(FileRow.content).where(FileRow.filing_id == filing.id)
        return self._connection.execute(statement).scalar_one_or_none()

    def known_students(self, unit: Unit, first: Period, last: Period) -> frozenset[str] | None:
        """The student codes a unit filed from ``first`` to ``last``; ``None`` where it filed nothing at all then."""
        months = (FilingRow.unit_id == unit.id, FilingRow.in_force, FilingRow.period.between(first, last))
        if self._connection.execute(select(FilingRow.id).where(*months).limit(1)).first() is None:
            return None
        cases = (CaseRow.unit_id == unit.id, CaseRow.in_force, CaseRow.period.between(first, last))
        codes = self._connection.execute(select(CaseRow.student_code).where(*cases).distinct()).scalars()
        return frozenset(code for code in codes if code is not None)

    def _one(self, *conditions: ColumnExpressionArgument[bool]) -> Filing | None:
        return next(iter(self._many(*conditions)), None)

    def _many(self, *conditions: ColumnExpressionArgument[bool]) -> Sequence[Filing]:
        statement = (
            select(FilingRow, *OF_UNIT)
            .join(UnitRow, UnitRow.id == FilingRow.unit_id)
            .where(*conditions)
            .order_by(FilingRow.period, FilingRow.version)
        )
        return [_filing_of(row) for row in self._connection.execute(statement)]


def _values(filing: Filing) -> dict[str, Any]:
    counts = {f"{kind}_count": filing.counts.get(kind, 0) for kind in _TABLES}
    return {**{name: getattr(filing, name) for name in _KEPT}, "unit_id": filing.unit.id, "in_force": True, **counts}


def _row_values(filing: Filing, kind: str, numbered: Sequence[tuple[int, Case | Service]]) -> Iterator[dict[str, Any]]:
    of_filing = {
        "filing_id": filing.id,
        "unit_id": filing.unit.id,
        "county": filing.unit.county,
        "level": filing.unit.level,
        "period": filing.period,
        "in_force": True,
    }
    names, cells = _CELLS[kind]
    for number, row in numbered:
        yield {**of_filing, "row_number": number, **dict(zip(names, cells(row), strict=True))}


def _filing_of(row: Row[*tuple[Any, ...]]) -> Filing:
    return Filing(
        id=row.id,
        unit=unit_of(row, row.unit_id),
        counts={"case": row.case_count, "service": row.service_count},
        in_force=row.in_force,
        **{name: getattr(row, name) for name in _KEPT},
    )
