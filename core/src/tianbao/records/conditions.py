"""Conditions become tests: values as typed become values of the column's kind, words become codes."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence

from tianbao.cells import date_of, squash, text_of, whole_of
from tianbao.clock import TAIPEI
from tianbao.errors import Refusal
from tianbao.periods import Period, school_years
from tianbao.records.columns import PERIOD, Column, Kind
from tianbao.records.ops import OPS, Op
from tianbao.records.parameters import read_month
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
    Value,
    Within,
    fold,
)
from tianbao.records.query import Condition, Filter

_OPPOSITES = {Op.LACKS: Op.HAS, Op.NOT: Op.IS, Op.FILLED: Op.BLANK}


def test_of_filter(column: Column, wanted: Filter) -> Predicate:
    """The test that a filter means on its column.

    Raises:
        Refusal: the operator makes no sense there, or a value is none of the column's (``bad-filter``).
    """
    tests = tuple(test_of(column, condition) for condition in wanted.conditions)
    return tests[0] if len(tests) == 1 else AnyOf(tests) if wanted.either else AllOf(tests)


def test_of(column: Column, condition: Condition) -> Predicate:
    """The test that one condition means."""
    if condition.op not in OPS[column.kind]:
        usable = "、".join(f"{op.label}（{op.value}）" for op in OPS[column.kind])
        raise Refusal("bad-filter", f"「{column.heading}」不能用「{condition.op.label}」。", f"可以用：{usable}。")
    if condition.op in _OPPOSITES:
        return Not(_positive(column, _OPPOSITES[condition.op], condition.values))
    return _positive(column, condition.op, condition.values)


def _positive(column: Column, op: Op, values: Sequence[str]) -> Predicate:
    if op is Op.BLANK:
        return Blank(column)
    match column.kind:
        case Kind.TEXT:
            return _of_text(column, op, values)
        case Kind.CODE:
            return Among(column, _keys(column, op, values))
        case Kind.CODES:
            codes = tuple(key for key in _keys(column, op, values) if isinstance(key, int))
            return Exactly(column, frozenset(codes)) if op is Op.IS else Holds(column, codes)
        case _:
            return _of_order(column, op, values)


def _of_text(column: Column, op: Op, values: Sequence[str]) -> Predicate:
    needles = tuple(spelling for value in values for spelling in spellings(value))
    if op is Op.HAS:
        return Has(column, needles)
    return Starts(column, needles) if op is Op.STARTS else Among(column, needles)


def spellings(text: str) -> tuple[str, ...]:
    """A text as typed and as cells are normalised, each with 台 and with 臺; folded."""
    written = {fold(text), fold(text_of(text))} - {""}
    return tuple(sorted({each.replace(*pair) for each in written for pair in (("", ""), ("台", "臺"), ("臺", "台"))}))


def _keys(column: Column, op: Op, values: Sequence[str]) -> tuple[int | str, ...]:
    """The keys of a closed list that are meant: by number, by name, or, for 包含, by a part of a name.

    ``5`` is the code 5 and no other, whatever the operator. 等於 of a single-valued column takes one value.
    """
    if column.kind is Kind.CODES and op is Op.IS:
        values = [part for value in values for part in value.split(",")]
    keys: dict[int | str, None] = {}
    for value in values:
        if called := column.called(value):
            keys[called.key] = None
        elif op is Op.HAS and not squash(value).isdigit():
            keys |= dict.fromkeys(sounding_like(column, value))
        else:
            known = "、".join(choice.label for choice in column.choices)
            raise _no_value(column, value, f"可以填：{known}。")
    return tuple(keys)


def sounding_like(column: Column, text: str) -> tuple[int | str, ...]:
    """The keys of the choices that have the text in one of their names."""
    return tuple(choice.key for choice in column.choices if choice.sounds_like(text))


def _of_order(column: Column, op: Op, values: Sequence[str]) -> Predicate:
    """Numbers, months and days are counted: each value is a stretch, and so is what lies between two."""
    stretch = _STRETCHES[column.kind]
    stretches = [stretch(column, value) for value in values]
    target = PERIOD if column.kind is Kind.SCHOOL_YEAR else column
    match op:
        case Op.MORE:
            return Within(target, stretches[0][1], None)
        case Op.LESS:
            return Within(target, None, stretches[0][0])
        case Op.BETWEEN:
            return Within(target, stretches[0][0], stretches[1][1])
        case _ if column.kind is Kind.NUMBER or column.kind is Kind.DAY or column.kind is Kind.MONTH:
            return Among(column, tuple(first for first, _ in stretches))
    return _any(Within(target, *each) for each in stretches)


def _any(tests: Iterable[Predicate]) -> Predicate:
    some = tuple(tests)
    return some[0] if len(some) == 1 else AnyOf(some)


def _number(column: Column, text: str) -> tuple[Value, Value]:
    number = whole_of(text)
    if number is None:
        raise _no_value(column, text, "請填整數，如 3。")
    return number, number + 1


def _month(column: Column, text: str) -> tuple[Value, Value]:
    try:
        month = read_month(text_of(text))
    except ValueError:
        raise _no_value(column, text, "請填月份，如 2024-09 或 113-09。") from None
    return month, month.next


def _school_year(column: Column, text: str) -> tuple[Value, Value]:
    year = whole_of(text)
    if year is None or not 1 <= year <= 500:  # noqa: PLR2004 -- nobody files for later ones
        raise _no_value(column, text, "請填民國學年度，如 113。")
    months = school_years(year, year)
    return months.first or Period(1912, 1), (months.last or Period(1912, 1)).next


def _day(column: Column, text: str) -> tuple[dt.date, dt.date]:
    day = date_of(text)
    if day is None or day.year > 3000:  # noqa: PLR2004 -- the calendar ends in 9999
        raise _no_value(column, text, "請填日期，如 113/9/5 或 2024-09-05。")
    return day, day + dt.timedelta(days=1)


def _moment(column: Column, text: str) -> tuple[Value, Value]:
    """The whole day, from midnight to midnight in Taipei."""
    first, after = _day(column, text)
    return tuple(dt.datetime.combine(day, dt.time(), TAIPEI) for day in (first, after))  # type: ignore[return-value]


_STRETCHES: Mapping[Kind, Callable[[Column, str], tuple[Value, Value]]] = {
    Kind.NUMBER: _number,
    Kind.MONTH: _month,
    Kind.SCHOOL_YEAR: _school_year,
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
}
"""For each kind, from a text to the first value that is meant and the first behind it."""


def _no_value(column: Column, text: str, remedy: str) -> Refusal:
    return Refusal("bad-filter", f"「{column.heading}」沒有「{text[:40]}」。", remedy)
