"""What is learnt about a sheet before calamine reads its cells."""

import re
from collections.abc import Mapping, Sequence
from string import ascii_uppercase

from attrs import field, frozen

from tianbao.workbooks import Area, Broken, Cell, Limits
from tianbao_export_excel.refusals import Rejected

MOST_MERGES = 5_000
"""Merged areas on a sheet; official forms have some dozens."""

MOST_MERGED_CELLS = 500_000
"""Cells in all merged areas of a sheet, as far as they lie within the columns that are read."""

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?")


@frozen
class Scan:
    """A sheet after scanning.

    Attributes:
        rows: its rows in the form `rebuilt` wants, in pieces.
        merges, hidden_rows: as in `tianbao.workbooks.Worksheet`.
        broken: error values and uncalculated formulas by row and column, both 1-based; they are not in ``rows``.
        filled: how many cells of ``rows`` hold something, where that is worth checking.
    """

    rows: Sequence[bytes | memoryview] = ()
    merges: Sequence[Area] = ()
    hidden_rows: frozenset[int] = frozenset()
    broken: Mapping[tuple[int, int], Broken] = field(factory=dict)
    filled: int | None = None

    def arrived(self, rows: Sequence[Sequence[Cell]]) -> bool:
        """Whether every filled cell has come out as one: two cells of one name, for example, do not."""
        if self.filled is None:
            return True
        under_broken = (
            cell for row, column in self.broken for cells in rows[row - 1 : row] for cell in cells[column - 1 : column]
        )
        return self.filled == sum(len(row) - row.count("") for row in rows) and not any(c != "" for c in under_broken)

    def mended(self, rows: list[list[Cell]]) -> Sequence[Sequence[Cell]]:
        """The rows with the broken cells in their places."""
        return mended(rows, self.broken)


def mended(rows: list[list[Cell]], broken: Mapping[tuple[int, int], Broken]) -> Sequence[Sequence[Cell]]:
    """Put broken cells in their places, lengthening what is too short."""
    for (row, column), cell in broken.items():
        rows.extend([] for _ in range(row - len(rows)))
        cells = rows[row - 1]
        cells.extend([None] * (column - len(cells)))
        cells[column - 1] = cell
    return rows


class Merges:
    """Collects merged areas, and refuses what could not be worked with."""

    def __init__(self, sheet: str, limits: Limits) -> None:
        self._sheet, self._limits = sheet, limits
        self._cells = 0
        self.areas: list[Area] = []

    def add_named(self, name: str) -> None:
        """Add an area such as ``A1:N1``."""
        match = _AREA.fullmatch(name.upper())
        if not match:
            raise Rejected("broken")
        left, top, right, bottom = match.groups()
        self.add(int(top), column_number(left), int(bottom or top), column_number(right or left))

    def add(self, top: int, left: int, bottom: int, right: int) -> None:
        """Add an area; columns beyond those read are cut off, since titles are often merged to the sheet's edge.

        Raises:
            Rejected: ``merged-too-far``, ``too-many-merges``, or ``broken`` where its corners are swapped.
        """
        if bottom < top or right < left:
            raise Rejected("broken")
        if bottom > self._limits.rows:
            raise Rejected("merged-too-far", sheet=self._sheet, limit=self._limits.rows)
        right = min(right, max(left, self._limits.columns))
        self._cells += (bottom - top + 1) * (right - left + 1)
        self.areas.append(Area(top, left, bottom, right))
        if len(self.areas) > MOST_MERGES or self._cells > MOST_MERGED_CELLS:
            raise Rejected("too-many-merges", sheet=self._sheet)


def column_number(letters: str) -> int:
    """The 1-based number of a column by its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ascii_uppercase.index(letter) + 1
    return number
