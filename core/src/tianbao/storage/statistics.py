"""Statistics counted from the rows in force, the same on both databases."""

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import evolve
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    case,
    func,
    literal,
    select,
    true,
    type_coerce,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY

from tianbao.records.columns import COUNTY, PERIOD, Kind
from tianbao.records.predicates import AllOf, Among, AnyOf, Predicate
from tianbao.statistics.counting import ORDER, Counting, Key
from tianbao.statistics.query import By
from tianbao.statistics.result import NONE, Along
from tianbao.statistics.tallied import Sources
from tianbao.storage.record_tests import Compiler
from tianbao.storage.repository import Repository
from tianbao.storage.tables import CaseRow, ServiceRow
from tianbao.storage.tallies import Tallies
from tianbao.templates.measures import Measure

Expression = ColumnElement[Any]
_SEXES = (ServiceRow.male, ServiceRow.female, ServiceRow.other)
"""The numbers of a service, in the order of the sexes' canonical codes."""
_PLACES = {By.UNIT: "unit_id", By.LEVEL: "level", By.COUNTY: "county"}


class Statistics(Repository):
    """Counts of the rows in force."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._dialect = connection.dialect.name

    def counts(self, counting: Counting) -> Iterator[tuple[Key, int]]:
        """What is counted, broken down by `Counting.along`; parts with nothing in them are left out.

        A key may come more than once: from tallies, and from rows that no tally holds yet.
        """
        if not counting.tallied:
            yield from self._from_rows(counting)
            return
        tallies = Tallies(self._connection)
        found = tallies.sources(counting)
        for places, periods in found.tallies:
            yield from tallies.counts(counting, places, periods)
        if found.rows:
            yield from self._from_rows(evolve(counting, scope=AllOf((counting.scope, _behind(found)))))

    def _from_rows(self, counting: Counting) -> Iterator[tuple[Key, int]]:
        facts = Facts(counting, self._dialect)
        for row in self._connection.execute(facts.statement()):
            yield from facts.figures(tuple(row))


def _behind(found: Sources) -> Predicate:
    """The rows that must be counted since their tallies are stale."""
    return AnyOf(
        tuple(
            AllOf((Among(PERIOD, periods), *(() if counties is None else (Among(COUNTY, counties),))))
            for counties, periods in found.rows
        )
    )


class Facts:
    """How rows are counted: a statement, and how a row of its answer is read.

    Args:
        counting: what is counted.
        dialect: ``sqlite`` or ``postgresql``.
    """

    def __init__(self, counting: Counting, dialect: str) -> None:
        self._counting = counting
        self._compiler = Compiler(counting.kind, dialect)
        self._split = counting.kind == "service" and Along.SEX in counting.along
        """Whether a row of the answer holds a number for each sex."""
        several = Along.CATEGORY in counting.along and counting.column.kind is Kind.CODES
        self._codes = _codes(self._compiler.value(counting.column), dialect) if several else None
        self._along = [each for each in ORDER if each in counting.along and not (each is Along.SEX and self._split)]

    def statement(self) -> Select[Any]:
        """Groups, one for each key in which there is a row; and what is counted of each."""
        keys = [self._key(along).label(along.value) for along in self._along]
        if self._counting.measure is Measure.PERSONS:
            return self._persons(keys)
        return self._from(select(*keys, *self._values())).group_by(*keys)

    def _persons(self, keys: Sequence[Expression]) -> Select[Any]:
        """A child is a unit's code of it; it is counted once in each group."""
        each = self._from(select(*keys, CaseRow.unit_id, CaseRow.student_code).distinct())
        found = each.where(CaseRow.student_code.is_not(None)).subquery()
        groups = [found.c[along.value] for along in self._along]
        return select(*groups, func.count()).select_from(found).group_by(*groups)

    def _from(self, statement: Select[Any]) -> Select[Any]:
        compiler, counting = self._compiler, self._counting
        source: Any = compiler.table
        if self._codes is not None:
            statement = statement.join_from(source, self._codes, true())
        else:
            statement = statement.select_from(source)
        conditions = (compiler.condition(counting.scope), compiler.condition(counting.tests))
        return statement.where(compiler.table.in_force, *conditions)

    def _key(self, along: Along) -> Expression:
        table = self._compiler.table
        match along:
            case Along.CATEGORY:
                return self._compiler.value(self._counting.column) if self._codes is None else self._codes.c.value
            case Along.MONTH:
                return table.period.expression
            case Along.SEX:
                return CaseRow.sex.expression
        place: Expression = getattr(table, _PLACES[self._counting.by]).expression
        return place

    def _values(self) -> Sequence[Expression]:
        if self._counting.kind == "case":
            return [func.sum(CaseRow.sessions)]
        times = self._counting.measure is Measure.PERSON_TIMES
        if self._split:
            return [func.sum(each) if times else func.sum(case((each > 0, 1), else_=0)) for each in _SEXES]
        if not times:
            return [func.count()]
        code = self._counting.sex.code
        return [func.sum(sum(_SEXES[1:], start=_SEXES[0]) if code is None else _SEXES[code - 1])]

    def figures(self, row: Sequence[Any]) -> Iterator[tuple[Key, int]]:
        """The keys and numbers of a row of the answer."""
        known = {along: NONE if part is None else part for along, part in zip(self._along, row, strict=False)}
        for number, value in enumerate(row[len(self._along) :], start=1):
            if value:
                found = {**known, Along.SEX: number} if self._split else known
                yield tuple(found.get(along) for along in ORDER), int(value)  # type: ignore[misc]


def _codes(value: Expression, dialect: str) -> Any:  # noqa: ANN401 -- a table-valued function
    """A row for each of several codes, ``value``; where there is none, one row without a code."""
    text = func.coalesce(type_coerce(value, Text), "")
    if dialect == "sqlite":
        listed = case((text == "", "[null]"), else_=literal("[").concat(text).concat("]"))
        return func.json_each(listed).table_valued("value", name="codes")
    numbers = func.string_to_array(func.nullif(text, ""), ",", type_=ARRAY(Text))
    one_at_least = func.coalesce(sql_cast(numbers, ARRAY(Integer)), sql_cast(literal("{NULL}"), ARRAY(Integer)))
    return func.unnest(one_at_least).table_valued("value", name="codes").render_derived()
