"""Records: looks compiled to SQL, the same rows in the same order on both databases.

Only rows in force, and only those the person may see: both conditions are put here, whatever the caller asks. Pages are
cut by keys, never by counting rows off; counts stop at a cap, and stop looking after so many rows.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Connection,
    Row,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
)

from tianbao.records.columns import FILED_AT, UNIT, UNIT_CODE
from tianbao.records.count import CAP, SCAN, Count
from tianbao.records.look import Look
from tianbao.records.query import Position
from tianbao.storage.record_tests import Compiler
from tianbao.storage.repository import Repository
from tianbao.storage.tables import FilingRow, UnitRow

Expression = ColumnElement[Any]
Values = tuple[Any, ...]
"""A row's number, and the values of a look's columns."""
BATCH = 1_000
"""Rows that are fetched at once."""


@frozen
class Slice:
    """A page's rows, and whether there are others on either side."""

    rows: Sequence[Values]
    more_before: bool
    more_behind: bool


class Records(Repository):
    """Rows in force."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._dialect = connection.dialect.name

    def page(self, look: Look, size: int, position: Position | None = None) -> Slice | None:
        """The rows behind, or before, a position; ``None`` where the position is no row the person may see."""
        backwards = position is not None and position.backwards
        terms = self._terms(look, backwards=backwards)
        parts: Sequence[Sequence[Expression]] = [()]
        if position is not None:
            place = self._place(look, terms, position.row)
            if place is None:
                return None
            parts = _beyond(terms, place)
        found: list[Values] = []
        for part in parts:
            if len(found) <= size:
                statement = self._select(look, *part).order_by(*_ordering(terms)).limit(size + 1 - len(found))
                found += map(tuple, self._connection.execute(statement))
        rows, more = found[:size], len(found) > size
        if backwards:
            return Slice(rows[::-1], more, more_behind=True)
        return Slice(rows, position is not None, more)

    def stream(self, look: Look) -> Iterator[Values]:
        """All rows in order, fetched in batches, so that memory does not grow with them."""
        statement = self._select(look).order_by(*_ordering(self._terms(look)))
        result = self._connection.execute(statement.execution_options(yield_per=BATCH))
        for batch in result.partitions():
            yield from map(tuple, batch)

    def count(self, look: Look, cap: int = CAP, scan: int = SCAN) -> Count:
        """About how many rows there are.

        Args:
            look: what is counted.
            cap: counting ends here.
            scan: so many rows within reach and scope are looked at.
        """
        fits = self._compiler(look).condition(look.tests).label("fits")
        looked_at = select(fits).where(*self._within(look))
        if not look.tests.tests:
            return _counted(self._number(looked_at.limit(cap + 1)), cap)
        within = looked_at.limit(scan).subquery()
        found = self._number(select(within.c.fits).where(within.c.fits).limit(cap + 1))
        partial = found <= cap and self._number(select(literal(1)).where(*self._within(look)).limit(scan + 1)) > scan
        return _counted(found, cap, partial=partial)

    def _number(self, statement: Select[Any]) -> int:
        rows = select(func.count()).select_from(statement.subquery())
        return int(self._connection.execute(rows).scalar_one())

    def _compiler(self, look: Look) -> Compiler:
        return Compiler(look.kind, self._dialect)

    def _within(self, look: Look) -> Sequence[ColumnExpressionArgument[bool]]:
        compiler = self._compiler(look)
        return compiler.table.in_force, compiler.condition(look.sight.test), compiler.condition(look.scope)

    def _select(self, look: Look, *first: Expression) -> Select[Any]:
        """The look's rows; what comes first is what SQLite enters an index with, so a position is found at once."""
        compiler = self._compiler(look)
        values = [compiler.value(column).label(f"c{n}") for n, column in enumerate(look.columns)]
        statement: Select[Any] = select(*[compiler.table.id.expression, *values])
        return self._joined(statement, look).where(*first, *self._within(look), compiler.condition(look.tests))

    def _joined(self, statement: Select[Any], look: Look) -> Select[Any]:
        """Unit and filing are joined where something of them is shown or sorted by.

        Outer joins, though every row has both: they leave the walk along the rows' own index to the planner.
        """
        table = self._compiler(look).table
        wanted = {column.name for column in (*look.columns, *(order.column for order in look.order))}
        statement = statement.select_from(table)
        if wanted & {UNIT.name, UNIT_CODE.name}:
            statement = statement.outerjoin(UnitRow, UnitRow.id == table.unit_id)
        if FILED_AT.name in wanted:
            statement = statement.outerjoin(FilingRow, FilingRow.id == table.filing_id)
        return statement

    def _terms(self, look: Look, *, backwards: bool = False) -> Sequence["_Term"]:
        """What the rows are ordered by; the row's number last, so that no two are equal."""
        compiler = self._compiler(look)
        terms = [_Term(compiler.order(each.column), each.descending is not backwards) for each in look.order]
        return [*terms, _Term(compiler.table.id.expression, look.newest_first is not backwards)]

    def _place(self, look: Look, terms: Sequence["_Term"], row: int) -> Row[Any] | None:
        """Where a row stands in the order; it need not be in force any more."""
        compiler = self._compiler(look)
        keys: Select[Any] = select(*(term.key.label(f"k{n}") for n, term in enumerate(terms)))
        statement = self._joined(keys, look)
        seen = compiler.condition(look.sight.test)
        return self._connection.execute(statement.where(compiler.table.id == row, seen)).first()


def _counted(found: int, cap: int, *, partial: bool = False) -> Count:
    return Count(cap, over=True) if found > cap else Count(found, partial=partial)


@frozen
class _Term:
    """One key of an order; it is never NULL."""

    key: Expression
    descending: bool

    def behind(self, value: object) -> Expression:
        place = literal(value, self.key.type)
        return self.key < place if self.descending else self.key > place


def _ordering(terms: Sequence[_Term]) -> Sequence[Expression]:
    return [term.key.desc() if term.descending else term.key.asc() for term in terms]


def _beyond(terms: Sequence[_Term], place: Sequence[Any]) -> Sequence[Sequence[Expression]]:
    """What comes behind a place in an order, in two parts: its equals that are filed behind it, and all others.

    Each part is a walk along an index where there is one; as one condition, SQLite would read all the equals first.
    """
    same: list[Expression] = []
    ways: list[Expression] = []
    for term, value in zip(terms, place, strict=True):
        ways.append(and_(*same, term.behind(value)))
        same.append(term.key == literal(value, term.key.type))
    *others, equals = ways
    nearest = or_(terms[0].behind(place[0]), same[0]) if len(others) > 1 else others[0]
    return [equals], [nearest, or_(*others)]
