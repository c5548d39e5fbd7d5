"""A package of our own making around a user's cells, in the form calamine reads right, and its reading."""

from collections import deque
from collections.abc import Callable, Sequence
from io import RawIOBase
from zipfile import ZipFile

from attrs import frozen
from python_calamine import CalamineWorkbook

from tianbao.workbooks import Cell

Piece = bytes | memoryview
"""A part of a part; several of them stand one after another."""

Rewrite = Callable[[bytes], bytes]
"""From a part as the user's file has it to the same in our plain form."""

_HEAD = b"<worksheet><mergeCells></mergeCells><sheetData>"
"""How a sheet begins. No merged cells, said before the cells: calamine then need not look for them behind."""

_TAIL = b"</sheetData></worksheet>"

_AT_ONCE = 2**16
"""Bytes handed to calamine at a time: as much as is copied without new memory."""

_ROOT = (
    '<Relationships><Relationship Id="w" Type="/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
_RELATION = '<Relationship Id="s{0}" Type="/worksheet" Target="{0}.xml"/>'
_TAB = '<sheet name="{0}" id="s{0}"/>'


@frozen
class Shell:
    """What the cells of all sheets share."""

    epoch_1904: bool
    styles: bytes
    strings: bytes


@frozen
class Grid:
    """A sheet's cells from A1 on, in rows of one width."""

    rows: list[list[Cell]]
    width: int


def read(shell: Shell, sheets: Sequence[Sequence[Piece]]) -> Sequence[Grid]:
    """Have calamine read sheets, each given as the pieces of its rows.

    Raises:
        BaseException: whatever calamine raises; its panics are no `Exception`.
    """
    book = CalamineWorkbook.from_object(_package(shell, sheets))
    return [_grid(book, index) for index in range(len(sheets))]


def _grid(book: CalamineWorkbook, index: int) -> Grid:
    sheet = book.get_sheet_by_index(index)
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
    return Grid(rows, len(rows[0]) if rows else 0)


def _package(shell: Shell, sheets: Sequence[Sequence[Piece]]) -> "_Pieces":
    numbers = range(len(sheets))
    epoch = '<workbookPr date1904="1"/>' if shell.epoch_1904 else ""
    file = _Pieces()
    with ZipFile(file, "w") as package:  # stored, not deflated: it lives for an instant
        package.writestr("_rels/.rels", _ROOT)
        tabs = "".join(map(_TAB.format, numbers))
        package.writestr("xl/workbook.xml", f"<workbook>{epoch}<sheets>{tabs}</sheets></workbook>")
        relations = "".join(map(_RELATION.format, numbers))
        package.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{relations}</Relationships>")
        if shell.styles:
            package.writestr("xl/styles.xml", shell.styles)
        if shell.strings:
            package.writestr("xl/sharedStrings.xml", shell.strings)
        for number, rows in zip(numbers, sheets, strict=True):
            with package.open(f"xl/{number}.xml", "w") as sheet:
                for piece in (_HEAD, *rows, _TAIL):
                    sheet.write(piece)
    return file


class _Pieces(RawIOBase):
    """A file in memory, written once and read once, whose pieces are never put together on the way.

    A large sheet is some megabytes, and each copy of it would have to touch as much new memory.
    """

    def __init__(self) -> None:
        self._pieces: deque[memoryview] = deque()
        self._size = 0

    def write(self, piece: Piece, /) -> int:  # type: ignore[override]  # no other buffers are written
        if piece:
            self._pieces.append(memoryview(piece))
        self._size += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._size

    def read(self, size: int = _AT_ONCE, /) -> bytes:
        if not self._pieces:
            return b""
        piece, size = self._pieces.popleft(), min(size, _AT_ONCE)
        if len(piece) > size:
            self._pieces.appendleft(piece[size:])
        return bytes(piece[:size])
