"""How much room a text needs: rows and comments are made so large that nobody has to drag an edge to read them.

Programs find a row's height by themselves only sometimes (never for merged cells), a comment's never.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from attrs import frozen

from tianbao.documents import Look, Page, PageColumn
from tianbao.workbooks import Area, Cell
from tianbao_export_excel.books import FONT
from tianbao_export_excel.cells import width

AUTHOR = "填報系統"

LINES = {
    Look.TITLE: (22.0, 16),
    Look.GROUP: (16.0, 11),
    Look.HEADING: (16.0, 11),
    Look.HELP: (13.0, 9),
    Look.TEXT: (16.0, 11),
    Look.DATA: (16.0, 11),
    Look.MISSING: (16.0, 11),
    Look.INVALID: (16.0, 11),
}
"""By look: a line's height and the size of its letters, both in points."""
SIZE = 11
"""The letters that columns are measured in, in points."""
PADDING = 6.0
"""Of a row, in points, beside its lines."""
TALLEST = 409.0
"""Excel's tallest row, in points."""
SHORT = 160
"""The width, in characters of Latin text, up to which a comment is short and its box narrow."""


@frozen
class RowHeights:
    """The heights of a page's rows of text, for those the page itself gives none."""

    page: Page
    areas: dict[tuple[int, int], Area]
    """The page's merged areas by their first row and column."""

    @classmethod
    def of(cls, page: Page) -> "RowHeights":
        return cls(page, {(area.first_row, area.first_column): area for area in page.merges})

    def height(self, row: int, cells: Sequence[Cell], look: Look) -> float | None:
        """A row's height in points, or ``None`` in rows to be filled in, which keep the program's own."""
        given = self.page.heights.get(row)
        filled_in = look is Look.DATA and self.page.first_data_row is not None
        if given is not None or filled_in:
            return given
        points, size = LINES[look]
        texts = ((column, value) for column, value in enumerate(cells, start=1) if isinstance(value, str))
        lines = (_lines(text, self._room(row, column) * SIZE / size) for column, text in texts)
        return min(points * max(lines, default=1) + PADDING, TALLEST)

    def _room(self, row: int, column: int) -> float:
        area = self.areas.get((row, column)) or Area(row, column, row, column)
        columns = self.page.columns[area.first_column - 1 : area.last_column]
        return sum(each.width for each in columns) or PageColumn().width


@lru_cache(maxsize=256)
def comment_options(text: str) -> dict[str, Any]:
    """XlsxWriter's options of a comment: as large as its text, written by no person."""
    pixels = 240 if width(text) <= SHORT else 400
    return {
        "author": AUTHOR,
        "width": pixels,
        "height": 20 * _lines(text, (pixels - 20) // 7) + 14,
        "font_name": FONT,
        "font_size": 10,
        "color": "#FFFBEA",
    }


def _lines(text: str, room: float) -> int:
    return sum(max(1, math.ceil(width(line) / room)) for line in text.split("\n"))
