"""What came back from a school: a workbook as raw cells with their places, whatever the file format was.

A reader plugin turns bytes into a `Workbook`; everything behind it sees only this.
"""

import datetime as dt
from collections.abc import Sequence

from attrs import field, frozen


@frozen
class Broken:
    """A cell without a usable value.

    Attributes:
        shown: what the user sees in it, such as ``#N/A``, or the formula where it was never calculated.
        formula: whether it is a formula whose value the file does not hold (rather than an error value).
    """

    shown: str
    formula: bool = False

    def __str__(self) -> str:
        return self.shown


Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | Broken | None
"""A raw cell. Blank is ``None`` or ``""``; numbers may be floats where the user sees a whole number."""


@frozen(order=True)
class Area:
    """A rectangle of cells, 1-based, both corners included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        return f"{cell_name(self.first_row, self.first_column)}:{cell_name(self.last_row, self.last_column)}"


@frozen
class Worksheet:
    """One sheet.

    Attributes:
        name: as on its tab.
        rows: the cells from A1 on; row ``n`` of the user is ``rows[n - 1]``. Rows may differ in length.
        visible: whether the user sees the sheet at all.
        merges: merged areas. Their value is that of the top left cell; the others are as the file has them.
        hidden_rows: row numbers (1-based) the user does not see.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    visible: bool = True
    merges: Sequence[Area] = ()
    hidden_rows: frozenset[int] = frozenset()


@frozen
class Workbook:
    """A workbook as read, sheets in tab order."""

    sheets: Sequence[Worksheet]

    def sheet(self, name: str) -> Worksheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


@frozen
class Limits:
    """How much of a workbook is read before it is refused; all of it settings."""

    bytes: int = 10 * 2**20
    """The largest file taken, in bytes."""
    rows: int = 20_000
    """The last row of a sheet that may hold anything."""
    columns: int = 256
    """The last column of a sheet that may hold anything."""
    memory: int = 512 * 2**20
    """Address space of the process that parses, in bytes."""
    seconds: float = 15.0
    """Time to parse one file."""
    inflated: int = field(default=200 * 2**20)
    """The sheets' and tables' bytes after decompression, together."""


def column_letters(column: int) -> str:
    """The letters of a 1-based column: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """The name of a cell as the user sees it: ``F7``."""
    return f"{column_letters(column)}{row}"
