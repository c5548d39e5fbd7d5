"""The register of units."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Row,
    Select,
    Text,
    and_,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    type_coerce,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from tianbao.periods import Period
from tianbao.storage.repository import Repository
from tianbao.storage.tables import RangeRow, UnitRow
from tianbao.storage.types import Ranges
from tianbao.units import Level, Unit


def _text(end: InstrumentedAttribute[Period | None]) -> ColumnElement[str]:
    return func.coalesce(cast(end, Text), "")


_KEPT = ("code", "level", "name", "county", "district", "answers_to")
_RANGES = (
    select(func.aggregate_strings(_text(RangeRow.first_period) + "-" + _text(RangeRow.last_period), ","))
    .where(RangeRow.unit_id == UnitRow.id)
    .correlate(UnitRow)
    .scalar_subquery()
)
OF_UNIT = (*(getattr(UnitRow, name) for name in _KEPT), type_coerce(_RANGES, Ranges).label("active"))
"""What a row of another table that is joined with the unit's must have for `unit_of`."""

_LONGEST_NAME = 100


class Units(Repository):
    """The register of units."""

    def add(self, unit: Unit) -> int:
        """Enter a unit; gives its number."""
        statement = insert(UnitRow).values(_values(unit)).returning(UnitRow.id)
        unit_id = self._connection.execute(statement).scalar_one()
        self._enter_ranges([(unit_id, unit)])
        return unit_id

    def add_all(self, units: Iterable[Unit]) -> None:
        """Enter many units at once."""
        if units := list(units):
            statement = insert(UnitRow).returning(UnitRow.id, sort_by_parameter_order=True)
            numbers = self._connection.execute(statement, [_values(unit) for unit in units]).scalars()
            self._enter_ranges(zip(numbers, units, strict=True))

    def get(self, unit_id: int) -> Unit | None:
        return self._one(UnitRow.id == unit_id)

    def find(self, code: str, level: Level) -> Unit | None:
        return self._one(UnitRow.code == code, UnitRow.level == level)

    def of_code(self, code: str) -> Sequence[Unit]:
        """All units that share a school code: one for each level."""
        return self._many(UnitRow.code == code)

    def of_county(self, county: str) -> Sequence[Unit]:
        return self._many(UnitRow.county == county)

    def of_level(self, level: Level) -> Sequence[Unit]:
        return self._many(UnitRow.level == level)

    def all(self) -> Sequence[Unit]:
        return self._many()

    def save(self, unit: Unit) -> None:
        """Keep what changed of a unit."""
        self._connection.execute(update(UnitRow).where(UnitRow.id == unit.id).values(_values(unit)))
        self._connection.execute(delete(RangeRow).where(RangeRow.unit_id == unit.id))
        self._enter_ranges([(unit.id, unit)])

    def _enter_ranges(self, numbered: Iterable[tuple[int | None, Unit]]) -> None:
        values = [
            {"unit_id": unit_id, "first_period": months.first, "last_period": months.last}
            for unit_id, unit in numbered
            for months in unit.active.ranges
        ]
        if values:
            self._connection.execute(insert(RangeRow), values)

    def search(
        self, text: str, level: Level | None = None, limit: int = 20, *, county: str | None = None
    ) -> Sequence[Unit]:
        """Units whose name holds every word of the text, or whose code begins with it (輸入學校關鍵字); 台 is 臺.

        Within a level, within a county; where a county is named, no words are all of its units. What is longer than
        any name finds nothing: each word costs a condition, and everybody may ask.
        """
        words = text.split()
        if len(text) > _LONGEST_NAME or not text.isprintable() or not (words or county):
            return []
        named = and_(true(), *(_holds(word) for word in words))
        coded = UnitRow.code.startswith(text.strip(), autoescape=True)
        wanted = [UnitRow.level == level] if level else []
        wanted += [UnitRow.county == county] if county else []
        return self._many(or_(named, coded), *wanted)[:limit]

    def counts(self) -> Mapping[Level, tuple[int, int]]:
        """By level, how many units there are, and how many of them do not go on."""
        going_on = and_(RangeRow.unit_id == UnitRow.id, RangeRow.last_period.is_(None))
        numbers = select(UnitRow.level, func.count(), func.count() - func.count(RangeRow.id))
        statement = numbers.outerjoin_from(UnitRow, RangeRow, going_on).group_by(UnitRow.level)
        return {level: (every, closed) for level, every, closed in self._connection.execute(statement)}

    def lock(self, unit: Unit) -> None:
        """Let nobody else file for the unit before this transaction has ended."""
        self._connection.execute(select(UnitRow.id).where(UnitRow.id == unit.id).with_for_update(key_share=True))

    def lock_all(self, units: Iterable[Unit]) -> None:
        """Likewise many; always in the same order, so that two who do so do not wait for each other."""
        numbers = [unit.id for unit in units]
        self._connection.execute(
            select(UnitRow.id).where(UnitRow.id.in_(numbers)).order_by(UnitRow.id).with_for_update()
        )

    def locked(self, level: Level) -> Sequence[Unit]:
        """All units of a level, for which nobody else files before this transaction has ended."""
        statement = _units(UnitRow.level == level).order_by(UnitRow.id).with_for_update()
        return [unit_of(row) for row in self._connection.execute(statement)]

    def _one(self, *conditions: ColumnExpressionArgument[bool]) -> Unit | None:
        return next(iter(self._many(*conditions)), None)

    def _many(self, *conditions: ColumnExpressionArgument[bool]) -> Sequence[Unit]:
        statement = _units(*conditions).order_by(UnitRow.code, UnitRow.level)
        return [unit_of(row) for row in self._connection.execute(statement)]


def _holds(word: str) -> ColumnElement[bool]:
    spellings = {word, word.replace("台", "臺"), word.replace("臺", "台")}
    return or_(*(UnitRow.name.contains(spelling, autoescape=True) for spelling in sorted(spellings)))


def _units(*conditions: ColumnExpressionArgument[bool]) -> Select[Any]:
    return select(UnitRow.id, *OF_UNIT).where(*conditions)


def _values(unit: Unit) -> dict[str, object]:
    return {name: getattr(unit, name) for name in _KEPT}


def unit_of(row: Row[*tuple[Any, ...]], unit_id: int | None = None) -> Unit:
    """The unit of a row; of a row of another table that was joined with it, where the number is given."""
    kept = {name: getattr(row, name) for name in (*_KEPT, "active")}
    return Unit(**kept, id=row.id if unit_id is None else unit_id)
