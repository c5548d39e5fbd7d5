"""What the page of records shows of a `Page`: headings that open, cells that may be cut, what can be taken away."""

from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from tianbao.periods import PeriodRange
from tianbao.records import Column, Page, Query, said
from tianbao.records.columns import Kind
from tianbao_web_litestar.records.addresses import address_of, with_query

_LONG = 14
"""Characters; longer cells are cut and can be opened."""
_NUMBERS = {Kind.NUMBER, Kind.SCHOOL_YEAR}


@frozen
class Heading:
    """A column's heading, which opens its filter."""

    text: str
    address: str
    number: bool
    filtered: bool
    order: str
    """``ascending``, ``descending`` or nothing, as ``aria-sort`` has it."""


@frozen
class Shown:
    """A cell."""

    text: str
    number: bool
    cut: bool


@frozen
class Part:
    """A part of the query, and the address without it."""

    label: str
    text: str
    without: str


def headings(page: Page) -> Sequence[Heading]:
    ways = {each.column: "descending" if each.descending else "ascending" for each in page.query.sort}
    first = page.query.at(None)
    return [
        Heading(
            column.heading,
            with_query(first, "/filter", column=column.name),
            column.kind in _NUMBERS,
            page.query.filter_of(column.name) is not None,
            ways.get(column.name, ""),
        )
        for column in page.columns
    ]


def rows(page: Page) -> Sequence[Sequence[Shown]]:
    return [[_shown(*pair) for pair in zip(page.columns, row.cells, strict=True)] for row in page.rows]


def _shown(column: Column, cell: object) -> Shown:
    text = f"{cell:,}" if isinstance(cell, int) and column.kind is Kind.NUMBER else said(cell)  # type: ignore[arg-type]
    return Shown(text, column.kind in _NUMBERS, len(text) > _LONG and column.kind is not Kind.MOMENT)


def parts(page: Page) -> Sequence[Part]:
    """What the query asks for, each with the way to take it away."""
    told = [pair for pair in page.words if pair[0] != "資料"]
    return [
        Part(label, text, address_of(without))
        for (label, text), without in zip(told, _without(page.query.at(None)), strict=True)
    ]


def _without(query: Query) -> Iterator[Query]:
    """The query without each of its parts, in the order in which `tianbao.records.in_words` names them."""
    if query.periods != PeriodRange():
        yield evolve(query, periods=PeriodRange())
    if query.school_years:
        yield evolve(query, school_years=())
    if query.units:
        yield evolve(query, units=())
    if query.counties:
        yield evolve(query, counties=())
    if query.levels:
        yield evolve(query, levels=())
    for each in query.filters:
        yield query.unfiltered(each.column)
    if query.search:
        yield evolve(query, search="")
    if query.sort:
        yield query.sorted()


def cleared(query: Query) -> Query:
    """清除篩選: everything that leaves rows out is gone; columns and order stay."""
    return Query(kind=query.kind, columns=query.columns, sort=query.sort, size=query.size)
