"""A package of our own making around a user's cells, in the form calamine reads right, and its reading."""

from collections.abc import Callable, Sequence
from io import BytesIO
from zipfile import ZipFile

from attrs import frozen
from python_calamine import CalamineWorkbook

from tianbao.workbooks import Cell

Rewrite = Callable[[bytes], bytes]
"""From a part as the user's file has it to the same in our plain form."""

HEAD = b"<worksheet><mergeCells></mergeCells><sheetData>"
"""How a sheet begins. No merged cells, said before the cells: calamine then need not look for them behind."""

TAIL = b"</sheetData></worksheet>"

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


def read(shell: Shell, sheets: Sequence[bytes]) -> Sequence[Grid]:
    """Have calamine read sheets.

    Raises:
        BaseException: whatever calamine raises; its panics are no `Exception`.
    """
    book = CalamineWorkbook.from_object(_package(shell, sheets))
    return [_grid(book, index) for index in range(len(sheets))]


def _grid(book: CalamineWorkbook, index: int) -> Grid:
    sheet = book.get_sheet_by_index(index)
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
    return Grid(rows, len(rows[0]) if rows else 0)


def _package(shell: Shell, sheets: Sequence[bytes]) -> BytesIO:
    numbers = range(len(sheets))
    epoch = '<workbookPr date1904="1"/>' if shell.epoch_1904 else ""
    file = BytesIO()
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
        for number, sheet in zip(numbers, sheets, strict=True):
            package.writestr(f"xl/{number}.xml", sheet)
    file.seek(0)
    return file
