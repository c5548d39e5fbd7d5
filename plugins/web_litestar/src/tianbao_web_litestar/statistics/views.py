"""The table of a result as the page shows it: headings, lines, and behind each figure its records."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from attrs import frozen

from tianbao.periods import Period
from tianbao.statistics import HIDDEN, MARK, Along, Coverage, Figure, Item, Line, Result, opening
from tianbao_web_litestar.records.addresses import address_of

MOST_LINES = 500
"""On a page; the file has them all."""
MOST_LINKS = 4_000
"""Figures that can be opened; a table of more is looked at, and asked again for less."""


@frozen
class Heading:
    """Of a column of figures.

    Attributes:
        text: what it is.
        note: what is not filed of its month.
        total: whether it adds up others.
    """

    text: str
    note: str
    total: bool


@frozen
class Head:
    """The name of some lines, on one of the row axes."""

    text: str
    lines: int
    leads: bool
    """Whether it stands in the first column, which stays in sight."""


@frozen
class Cell:
    """A figure, and the address of its records, where they can be seen."""

    text: str
    address: str
    total: bool


@frozen
class Row:
    """A line: the names that begin with it, its figures."""

    heads: Sequence[Head]
    cells: Sequence[Cell]
    total: bool


@frozen
class Shown:
    """A table.

    Attributes:
        corners: the headings of the row axes.
        headings: of the figures.
        rows: of the page.
        left_out: lines that only the file has.
        opens: whether figures lead to their records.
    """

    corners: Sequence[str]
    headings: Sequence[Heading]
    rows: Sequence[Row]
    left_out: int
    opens: bool


def shown(result: Result, *, opens: bool) -> Shown:
    """A result as a table.

    Args:
        result: may be a published one.
        opens: whether the person may see records, and the table is not for others.
    """
    lines = result.lines[:MOST_LINES]
    opens = opens and len(lines) * len(result.columns.items) <= MOST_LINKS
    heads = _heads(result, lines)
    rows = [Row(heads[n], _cells(result, line, opens=opens), line.total) for n, line in enumerate(lines)]
    headings = [_heading(result, item) for item in result.columns.items]
    return Shown([axis.heading for axis in result.rows], headings, rows, len(result.lines) - len(lines), opens)


def _heading(result: Result, item: Item) -> Heading:
    return Heading(item.label, _not_filed(result, item.key) if isinstance(item.key, Period) else "", item.total)


def _not_filed(result: Result, month: Period) -> str:
    """What of a month is not filed, so that nobody takes its figures for all, or its zeros for counts."""
    covered = result.by_month.get(month, Coverage())
    if not covered.filed and not covered.nil:
        return "無填報"
    return f"未填報 {covered.unfiled:,}" if covered.unfiled else ""


def _heads(result: Result, lines: Sequence[Line]) -> Sequence[Sequence[Head]]:
    """The names that begin with each line: one for all the lines in a row that share it."""
    found: list[list[Head]] = [[] for _ in lines]
    for depth in range(len(result.rows)):
        start = 0
        for names, alike in groupby(lines, key=lambda line: line.items[: depth + 1]):
            count = len(list(alike))
            found[start].append(Head(names[-1].label, count, leads=depth == 0))
            start += count
    return found


def _cells(result: Result, line: Line, *, opens: bool) -> Sequence[Cell]:
    where = {axis.along: item for axis, item in zip(result.rows, line.items, strict=True)}
    found = []
    for item, figure in zip(result.columns.items, line.figures, strict=True):
        address = _records(result, {**where, result.columns.along: item}) if opens and figure else ""
        found.append(Cell(said(figure), address, item.total))
    return found


def said(figure: Figure) -> str:
    """A figure with its thousands marks."""
    return MARK if figure is HIDDEN else f"{figure:,}"


def _records(result: Result, where: Mapping[Along, Item]) -> str:
    query = opening(result, where)
    return address_of(query) if query else ""


def spoken_words(result: Result) -> Iterator[tuple[str, str]]:
    """The query in words, without what says nothing: filters that are not set."""
    return ((label, text) for label, text in result.words if text not in {"不指定", "不分列"})
