"""What stands in the cells of a table of records, on the screen and in downloads alike.

Codes are shown with what they mean (``5 情緒困擾``), months as the form's title writes them (``113-09``, which also
sorts), days and moments as dates, blanks and "none of them" as blank.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any

from tianbao.clock import TAIPEI
from tianbao.periods import Period
from tianbao.records.columns import Column, Kind
from tianbao.workbooks import Cell

JOINT = "、"
"""Between several codes."""


def cells_of(columns: Sequence[Column]) -> Callable[[Sequence[Any]], list[Cell]]:
    """A function from a row's values to its cells; it remembers each column's values, of which there are few."""
    shows = [_shower(column) for column in columns]
    return lambda values: [show(value) for show, value in zip(shows, values, strict=True)]


def rows_of(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[list[Cell]]:
    """The cells of rows whose first value is their number."""
    cells = cells_of(columns)
    for row in rows:
        yield cells(row[1:])


def _shower(column: Column) -> Callable[[Any], Cell]:
    if column.kind is Kind.TEXT:
        return _text
    if column.kind is Kind.MOMENT:
        return _moment
    if column.kind in {Kind.NUMBER, Kind.SCHOOL_YEAR, Kind.DAY}:
        return _same
    known: dict[Hashable, Cell] = {}

    def show(value: Hashable) -> Cell:
        try:
            return known[value]
        except KeyError:
            return known.setdefault(value, _shown(column, value))

    return show


def _shown(column: Column, value: Any) -> Cell:  # noqa: ANN401 -- what stands in a column
    """The cell of a value of a closed list, of several codes, or of a month."""
    if value is None:
        return None
    if isinstance(value, Period):
        return value.roc
    if column.kind is Kind.CODES:
        return JOINT.join(column.labels.get(code, str(code)) for code in value) or None
    return column.labels.get(value, str(value))


def _same(value: Any) -> Cell:  # noqa: ANN401 -- a cell already
    cell: Cell = value
    return cell


def _text(value: object) -> Cell:
    return str(value) if value is not None and value != "" else None


def _moment(value: dt.datetime) -> Cell:
    """To the minute, and without its zone, which no spreadsheet knows: Taipei's."""
    return value.astimezone(TAIPEI).replace(second=0, microsecond=0, tzinfo=None)


def said(cell: Cell) -> str:
    """A cell as text, for what has only text."""
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return "" if cell is None else str(cell)
