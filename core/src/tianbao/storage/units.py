"""The register of units."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, ColumnExpressionArgument, Row, and_, func, insert, or_, select, true, update

from tianbao.periods import PeriodRange
from tianbao.storage.repository import Repository
from tianbao.storage.tables import UnitRow
from tianbao.units import Level, Unit

_KEPT = ("code", "level", "name", "county", "district", "answers_to")
OF_UNIT = (*(getattr(UnitRow, name) for name in _KEPT), UnitRow.first_period, UnitRow.last_period)
"""What a row of another table that is joined with the unit's must have for `unit_of`."""


class Units(Repository):
    """The register of units."""

    def add(self, unit: Unit) -> int:
        """Enter a unit; gives its number."""
        statement = insert(UnitRow).values(_values(unit)).returning(UnitRow.id)
        return self._connection.execute(statement).scalar_one()

    def add_all(self, units: Iterable[Unit]) -> None:
        """Enter many units at once."""
        if values := [_values(unit) for unit in units]:
            self._connection.execute(insert(UnitRow), values)

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

    def search(
        self, text: str, level: Level | None = None, limit: int = 20, *, county: str | None = None
    ) -> Sequence[Unit]:
        """Units whose name holds every word of the text, or whose code begins with it (輸入學校關鍵字); 台 is 臺.

        Within a level, within a county; where a county is named, no words are all of its units.
        """
        words = text.split()
        if not text.isprintable() or not (words or county):
            return []
        named = and_(true(), *(_holds(word) for word in words))
        coded = UnitRow.code.startswith(text.strip(), autoescape=True)
        wanted = [UnitRow.level == level] if level else []
        wanted += [UnitRow.county == county] if county else []
        return self._many(or_(named, coded), *wanted)[:limit]

    def counts(self) -> Mapping[Level, tuple[int, int]]:
        """By level, how many units there are, and how many of them have a closing month."""
        statement = select(UnitRow.level, func.count(), func.count(UnitRow.last_period)).group_by(UnitRow.level)
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
        statement = select(UnitRow).where(UnitRow.level == level).order_by(UnitRow.id).with_for_update()
        return [unit_of(row) for row in self._connection.execute(statement)]

    def _one(self, *conditions: ColumnExpressionArgument[bool]) -> Unit | None:
        return next(iter(self._many(*conditions)), None)

    def _many(self, *conditions: ColumnExpressionArgument[bool]) -> Sequence[Unit]:
        statement = select(UnitRow).where(*conditions).order_by(UnitRow.code, UnitRow.level)
        return [unit_of(row) for row in self._connection.execute(statement)]


def _holds(word: str) -> ColumnElement[bool]:
    spellings = {word, word.replace("台", "臺"), word.replace("臺", "台")}
    return or_(*(UnitRow.name.contains(spelling, autoescape=True) for spelling in sorted(spellings)))


def _values(unit: Unit) -> dict[str, object]:
    kept = {name: getattr(unit, name) for name in _KEPT}
    return {**kept, "first_period": unit.active.first, "last_period": unit.active.last}


def unit_of(row: Row[*tuple[Any, ...]], unit_id: int | None = None) -> Unit:
    """The unit of a row; of a row of another table that was joined with it, where the number is given."""
    active = PeriodRange(row.first_period, row.last_period)
    kept = {name: getattr(row, name) for name in _KEPT}
    return Unit(**kept, active=active, id=row.id if unit_id is None else unit_id)
