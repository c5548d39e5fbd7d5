"""Columns and tests of records as SQL expressions.

Both databases are told what they would otherwise decide by locale or version: A-Z alone fold (`lower` under the C
collation), texts sort by their characters' numbers, blanks sort below everything, and no test is ever NULL.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Dialect,
    Integer,
    Text,
    TypeDecorator,
    and_,
    case,
    cast,
    collate,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    type_coerce,
)

from tianbao.records.columns import FILED_AT, ISSUES, SCHOOL_YEAR, UNIT, UNIT_CODE, Column, Kind
from tianbao.records.predicates import (
    AllOf,
    Among,
    AnyOf,
    Blank,
    Exactly,
    Has,
    Holds,
    Not,
    Predicate,
    Starts,
    Within,
)
from tianbao.storage.tables import CaseRow, FilingRow, ServiceRow, UnitRow
from tianbao.storage.types import Codes, Json

Expression = ColumnElement[Any]
TABLES: Mapping[str, type[CaseRow | ServiceRow]] = {"case": CaseRow, "service": ServiceRow}
LOWEST = -(10**18)
"""What blank numbers are sorted as."""


class IsoDay(TypeDecorator[dt.date]):
    """A day as ISO text, as it stands in the extras."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> dt.date | None:  # noqa: ARG002
        return dt.date.fromisoformat(value) if value else None


class Compiler:
    """Turns columns and tests of one kind of rows into expressions of one database.

    Args:
        kind: ``case`` or ``service``.
        dialect: ``sqlite`` or ``postgresql``.
    """

    def __init__(self, kind: str, dialect: str) -> None:
        self.table = TABLES[kind]
        self._sqlite = dialect == "sqlite"

    def value(self, column: Column) -> Expression:
        """What stands in a column; a closed list's keys, a school year in ROC years."""
        if column.name == SCHOOL_YEAR.name:
            return (type_coerce(self.table.period, Integer) - 8) // 100 - 1911
        if column.name in _ELSEWHERE:
            elsewhere: Expression = _ELSEWHERE[column.name]
            return elsewhere
        if column.extra:
            return self._extra(column)
        if column.name == ISSUES.name:
            return self._issues()
        own: Expression = getattr(self.table, column.name)
        return type_coerce(own, Text) if column.name == "level" else own

    def _issues(self) -> Expression:
        """The main issue and the secondary ones behind it; none of them twice."""
        main, others = cast(CaseRow.main_issue, Text), type_coerce(CaseRow.secondary_issues, Text)
        alone = or_(CaseRow.main_issue.is_(None), self._holds_text(others, main))
        together = case((alone, others), (others == "", main), else_=main.concat(",").concat(others))
        return type_coerce(together, Codes)

    def _extra(self, column: Column) -> Expression:
        extras = type_coerce(self.table.extras, Json)
        if column.kind is Kind.DAY:
            return type_coerce(extras[(column.name, "date")].as_string(), IsoDay)
        text: Expression = extras[column.name].as_string()
        match column.kind:
            case Kind.NUMBER | Kind.CODE:
                return self._whole(column, text)
            case Kind.CODES:
                for mark in "[] ":
                    text = func.replace(text, mark, "")
                return type_coerce(text, Codes)
        return text

    def _whole(self, column: Column, text: Expression) -> Expression:
        """A number; what another template keeps under the same name, and is none, is blank."""
        if self._sqlite:
            path = f'$."{column.name}"'
            is_whole = func.json_type(self.table.extras, path) == "integer"
        else:
            is_whole = text.regexp_match("^-?[0-9]{1,18}$")
        return case((is_whole, cast(text, BigInteger)))

    def order(self, column: Column) -> Expression:
        """What rows are ordered by: never NULL, blanks first, closed lists in their own order."""
        value = self.value(column)
        if column.choices and isinstance(column.choices[0].key, str):
            return case({choice.key: place for place, choice in enumerate(column.choices)}, value=value, else_=LOWEST)
        if not column.blanks and column.kind is not Kind.TEXT:
            return value
        match column.kind:
            case Kind.TEXT:
                return self._by_number(func.coalesce(value, "", type_=Text()))
            case Kind.DAY:
                return self._by_number(func.coalesce(type_coerce(value, Text), ""))
            case Kind.CODES:
                return func.coalesce(self._first_code(type_coerce(value, Text)), LOWEST)
        return func.coalesce(value, LOWEST, type_=BigInteger())

    def _first_code(self, value: Expression) -> Expression:
        first = value if self._sqlite else func.split_part(value, ",", 1)
        return case((value != "", cast(first, BigInteger)))

    def condition(self, test: Predicate) -> Expression:
        """A test as a condition that is true or false, never NULL."""
        match test:
            case AllOf(tests):
                return and_(true(), *map(self.condition, tests))
            case AnyOf(tests):
                return or_(false(), *map(self.condition, tests))
            case Not(inner):
                return not_(self.condition(inner))
        if test.column.name in _ELSEWHERE:
            return self._elsewhere(test)
        if isinstance(test, Blank):
            return self._blank(test.column)
        known = [] if not test.column.blanks else [self.value(test.column).is_not(None)]
        return and_(*known, self._holds(test))

    def _elsewhere(self, test: Any) -> Expression:  # noqa: ANN401 -- a predicate with a column
        """What a row's filing or unit must be is asked once of their tables, not of every row."""
        if isinstance(test, Blank):
            return false()
        if test.column.name == FILED_AT.name:
            return self.table.filing_id.in_(select(FilingRow.id).where(self._holds(test)))
        return self.table.unit_id.in_(select(UnitRow.id).where(self._holds(test)))

    def _blank(self, column: Column) -> Expression:
        value = self.value(column)
        if column.kind not in {Kind.TEXT, Kind.CODES}:
            return value.is_(None)
        return or_(value.is_(None), type_coerce(value, Text) == "")

    def _holds(self, test: Any) -> Expression:  # noqa: ANN401 -- a predicate with a column
        column, value = test.column, self.value(test.column)
        match test:
            case Has(_, needles):
                return _some(self._position(self._folded(value), needle) > 0 for needle in needles)
            case Starts(_, needles):
                return _some(func.substr(self._folded(value), 1, len(each)) == each for each in needles)
            case Among(_, values):
                return _among(self._folded(value) if column.kind is Kind.TEXT else value, values)
            case Within(_, least, below):
                ends = [value >= least] if least is not None else []
                return and_(true(), *ends, *([value < below] if below is not None else []))
            case Holds(_, codes):
                return _some(self._holds_code(value, code) for code in codes)
            case Exactly(_, codes):
                length = func.length(type_coerce(value, Text)) == len(",".join(map(str, codes)))
                return and_(length, *(self._holds_code(value, code) for code in sorted(codes)))
        raise TypeError(test)

    def _folded(self, text: Expression) -> Expression:
        return func.lower(self._by_number(text))

    def _by_number(self, text: Expression) -> Expression:
        """A text whose characters are just their numbers; SQLite knows nothing else."""
        return text if self._sqlite else collate(text, "C")

    def _position(self, text: Expression, part: Expression | str) -> Expression:
        """Where a part is in a text, from 1; 0 where it is not. No character has a meaning of its own."""
        return func.instr(text, part) if self._sqlite else func.strpos(text, part)

    def _holds_code(self, value: Expression, code: int) -> Expression:
        return self._holds_text(value, literal(str(code), Text))

    def _holds_text(self, value: Expression, code: Expression) -> Expression:
        comma = literal(",", Text)
        listed = comma.concat(type_coerce(value, Text)).concat(comma)
        return self._position(listed, comma.concat(code).concat(comma)) > 0


def _some(conditions: Iterable[Expression]) -> Expression:
    return or_(false(), *conditions)


def _among(value: Expression, values: Sequence[Any]) -> Expression:
    """One value is compared as such: indexes serve that best."""
    if not values:
        return false()
    return value == values[0] if len(values) == 1 else value.in_(values)


_ELSEWHERE: Mapping[str, Any] = {
    UNIT.name: UnitRow.name,
    UNIT_CODE.name: UnitRow.code,
    FILED_AT.name: FilingRow.filed_at,
}
"""Columns that are not of the row itself."""
