"""What both exporters know of a table: how it is named, cut into sheets and how wide its columns are."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count, islice

from tianbao.exporters import Table
from tianbao.workbooks import Cell
from tianbao_export_excel.cells import storable, width

ABOUT = "關於這份資料"
"""The last sheet: what the table is, from which query, for whom, when."""
UNTITLED = "資料"
LONGEST_NAME = 31
"""Excel's most characters of a sheet's name; LibreOffice takes more, but its files are opened in Excel, too."""
SAMPLE = 200
"""Rows that are looked at to choose a column's width."""
NARROWEST, WIDEST = 10, 48
"""Of a column, in characters of Latin text."""


def sheets(table: Table, rows_a_sheet: int) -> Iterator[tuple[str, Iterator[Sequence[Cell]]]]:
    """The table cut into sheets, at least one: each with its name and its rows, which are read before the next."""
    rows = iter(table.rows)
    for number in count(1):
        first = next(rows, None)
        if first is None and number > 1:
            return
        yield (
            sheet_name(table.title, number),
            chain(() if first is None else [first], islice(rows, rows_a_sheet - 1)),
        )


def sheet_name(title: str, number: int = 1) -> str:
    """A name Excel takes for a sheet, made from a title; `number` tells a long table's sheets apart."""
    plain = " ".join(re.sub(r"[\[\]:*?/\\'\x00-\x1f\ufffe\uffff]", " ", storable(title)).split())
    name = UNTITLED if plain.lower() in {"", "history", ABOUT} else plain
    ending = f" ({number})" if number > 1 else ""
    room = LONGEST_NAME - len(ending)
    return name.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore").strip() + ending


class Widths:
    """How wide each column must be for its heading, beside the filter's button, and for the cells it was shown."""

    def __init__(self, headings: Sequence[str], rows: Iterable[Sequence[Cell]] = ()) -> None:
        self._wanted = [width(text) + 4 for text in headings]
        for cells in rows:
            self.see(cells)

    def see(self, cells: Sequence[Cell]) -> None:
        """Make room for a row."""
        for column, value in enumerate(cells[: len(self._wanted)]):
            self._wanted[column] = max(self._wanted[column], min(width(str(value)), WIDEST) + 2)

    @property
    def fitted(self) -> Sequence[int]:
        """In characters of Latin text."""
        return [min(max(wide, NARROWEST), WIDEST) for wide in self._wanted]
