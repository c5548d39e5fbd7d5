"""A query in words, for its page, its file and its reader; and masked, for the audit trail."""

from collections.abc import Iterator, Sequence

from attrs import evolve

from tianbao.periods import PeriodRange
from tianbao.records.columns import Column, Columns, Kind
from tianbao.records.parameters import asked
from tianbao.records.query import KINDS, Condition, Filter, Query
from tianbao.units import Unit

MASK = "…"
"""Stands in the audit trail for what somebody typed and what may be a student's."""


def in_words(query: Query, columns: Columns, units: Sequence[Unit] = ()) -> Sequence[tuple[str, str]]:
    """A query as pairs of a label and a text.

    Args:
        query: what is described.
        columns: all its columns, by name.
        units: those it names.
    """
    return list(_parts(query, columns, units))


def _parts(query: Query, columns: Columns, units: Sequence[Unit]) -> Iterator[tuple[str, str]]:
    yield "資料", KINDS[query.kind]
    if query.periods != PeriodRange():
        yield "月份", query.periods.spoken
    if query.school_years:
        yield "學年度", "、".join(f"{year}學年度" for year in query.school_years)
    if query.units:
        yield "單位", "、".join(f"{unit.name}（{unit.level.label}）" for unit in units)
    if query.counties:
        yield "縣市", "、".join(query.counties)
    if query.levels:
        yield "學制", "、".join(level.label for level in query.levels)
    for each in query.filters:
        yield "篩選", filter_in_words(columns[each.column], each)
    if query.search:
        yield "搜尋", query.search
    if query.sort:
        ways = {False: "由小到大", True: "由大到小"}
        yield "排序", "、".join(f"{columns[each.column].heading}（{ways[each.descending]}）" for each in query.sort)


def filter_in_words(column: Column, wanted: Filter) -> str:
    """A filter as people say it: 個案類別(主) 任一 5 情緒困擾、1 人際困擾."""
    join = " 或 " if wanted.either else " 且 "
    return f"{column.heading} {join.join(_condition(column, each) for each in wanted.conditions)}"


def _condition(column: Column, condition: Condition) -> str:
    called = [column.called(value) for value in condition.values]
    values = [choice.label if choice else value for choice, value in zip(called, condition.values, strict=True)]
    return " ".join([condition.op.label, *([("、").join(values)] if values else [])])


def masked(query: Query, columns: Columns) -> dict[str, object]:
    """A query for the audit trail: which columns were asked for what, but no word that may be a student's.

    Codes, numbers, months and units stay; what was typed to be found in texts does not.
    """
    hidden = evolve(
        query,
        search=MASK if query.search else "",
        filters=tuple(_masked(each, columns) for each in query.filters),
        position=None,
    )
    told = asked(hidden)
    names = ("period", "school_year", "unit", "county", "level", "search", "where", "columns", "sort")
    values = {name: getattr(told, name) for name in names}
    return {name: value if isinstance(value, str) else list(value) for name, value in values.items() if value}


def _masked(wanted: Filter, columns: Columns) -> Filter:
    """Only what a closed list, a number or a date was compared with is no secret."""
    column = columns.get(wanted.column)
    if column and column.kind is not Kind.TEXT:
        known = {str(choice.key) for choice in column.choices}
        open_to_all = [_plain(column, value, known) for each in wanted.conditions for value in each.values]
        if all(open_to_all):
            return wanted
    conditions = tuple(evolve(each, values=(MASK,) * len(each.values)) for each in wanted.conditions)
    return evolve(wanted, conditions=conditions)


def _plain(column: Column, value: str, keys: set[str]) -> bool:
    return not column.choices or value in keys or column.called(value) is not None
