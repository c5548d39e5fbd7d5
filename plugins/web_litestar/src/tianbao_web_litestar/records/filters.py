"""The form of one column: what is ticked from its list, up to two conditions, and the order."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.errors import Refusal
from tianbao.records import OPS, Column, Condition, Filter, Op, Query, Sort, read_filter, write_filter
from tianbao.records.conditions import test_of_filter

if TYPE_CHECKING:
    from litestar.datastructures import MultiDict

MOST = 2
"""Conditions on a column."""


@frozen
class Line:
    """One condition as it stands in the form."""

    op: Op
    value: str = ""
    until: str = ""


@frozen
class FilterForm:
    """What the form shows.

    Attributes:
        column: which is filtered.
        ops: that make sense on it.
        ticked: keys of its list, as text.
        lines: two.
        either: whether one of the conditions will do.
        order: ``""``, ``up`` or ``down``.
        problem: what is wrong with what was typed.
    """

    column: Column
    ops: Sequence[Op]
    ticked: frozenset[str]
    lines: Sequence[Line]
    either: bool
    order: str
    problem: Refusal | None = None


def as_it_is(column: Column, query: Query) -> FilterForm:
    """The form with what the query says of the column."""
    wanted = query.filter_of(column.name)
    conditions = list(wanted.conditions) if wanted else []
    ticks = next((each for each in conditions if each.op is Op.ANY and column.choices), None)
    if ticks:
        conditions.remove(ticks)
    keys = frozenset(str(choice.key) for value in (ticks.values if ticks else ()) if (choice := column.called(value)))
    sort = next((each for each in query.sort if each.column == column.name), None)
    order = ("down" if sort.descending else "up") if sort else ""
    lines = [_line(each) for each in conditions]
    return FilterForm(column, OPS[column.kind], keys, _two(column, lines), bool(wanted and wanted.either), order)


def as_typed(column: Column, form: "MultiDict[str]", problem: Refusal) -> FilterForm:
    """The form with what was typed, and what is wrong with it."""
    lines = [
        Line(_op(column, form.get(f"op{n}", "")), form.get(f"value{n}", ""), form.get(f"until{n}", "")) for n in (1, 2)
    ]
    ticked = frozenset(form.getall("tick", []))
    either = form.get("join") == "or"
    return FilterForm(column, OPS[column.kind], ticked, lines, either, form.get("order", ""), problem)


def applied(column: Column, query: Query, form: "MultiDict[str]") -> Query:
    """The query with what the form says of the column.

    Raises:
        Refusal: it makes no sense (``bad-filter``).
    """
    conditions = [*_ticks(form), *_typed(column, form)]
    if len(conditions) > MOST:
        raise Refusal("bad-filter", "一個欄位最多兩個條件。", "從清單勾選也算一個條件；請清掉其中一個。")
    if conditions:
        wanted = Filter(column.name, tuple(conditions), form.get("join") == "or" and len(conditions) == MOST)
        wanted = read_filter(write_filter(wanted))
        test_of_filter(column, wanted)
        query = query.filtered(wanted)
    else:
        query = query.unfiltered(column.name)
    return _ordered(column, query, form.get("order", ""))


def _ticks(form: "MultiDict[str]") -> Sequence[Condition]:
    ticked = form.getall("tick", [])
    return [Condition(Op.ANY, tuple(ticked))] if ticked else []


def _typed(column: Column, form: "MultiDict[str]") -> Sequence[Condition]:
    found = []
    for n in (1, 2):
        op = _op(column, form.get(f"op{n}", ""))
        value, until = form.get(f"value{n}", "").strip(), form.get(f"until{n}", "").strip()
        if op.arity == (0, 0):
            found.append(Condition(op))
        elif op is Op.BETWEEN and (value or until):
            found.append(Condition(op, (value, until)))
        elif value:
            found.append(Condition(op, _several(value) if op is Op.ANY else (value,)))
    return found


def _several(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[、,，]", text) if part.strip())


def _ordered(column: Column, query: Query, order: str) -> Query:
    """A new column comes behind those that rows are sorted by already; one of them keeps its place."""
    others = [each for each in query.sort if each.column != column.name]
    if not order:
        return query.sorted(*others)
    wanted = Sort(column.name, descending=order == "down")
    if len(others) == len(query.sort):
        return query.sorted(*query.sort, wanted)
    return query.sorted(*(wanted if each.column == column.name else each for each in query.sort))


def _op(column: Column, word: str) -> Op:
    return next((op for op in OPS[column.kind] if op.value == word), _first(column))


def _first(column: Column) -> Op:
    """What an empty line offers: 包含, as the manual has it, or 等於."""
    return Op.HAS if Op.HAS in OPS[column.kind] else Op.IS


def _line(condition: Condition) -> Line:
    if condition.op is Op.BETWEEN:
        return Line(condition.op, *condition.values)
    return Line(condition.op, "、".join(condition.values))


def _two(column: Column, lines: Sequence[Line]) -> Sequence[Line]:
    return [*lines, *[Line(_first(column))] * (MOST - len(lines))]
