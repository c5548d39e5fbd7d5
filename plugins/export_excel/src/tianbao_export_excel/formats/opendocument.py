"""OpenDocument spreadsheets (.ods): surveyed row by row, then read by calamine.

The survey finds what calamine does not tell (error values, uncalculated formulas, merged cells, hidden rows) and what
would repeat a value beyond the limits.
"""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from io import BytesIO
from zipfile import ZipFile

from attrs import define, field
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from tianbao.workbooks import Broken, Cell, Limits, Workbook, Worksheet, column_letters
from tianbao_export_excel.formats import opendocument_cells, opendocument_plain
from tianbao_export_excel.formats.archive import Archive
from tianbao_export_excel.formats.markup import inside
from tianbao_export_excel.formats.package import check_names
from tianbao_export_excel.formats.scan import Merges, mended
from tianbao_export_excel.refusals import Rejected

_MIME = b"application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_ODD = (b"<!", b"<draw:", b"<text:tab", b"<text:line-break", b"<text:note", b"<office:annotation", b"table:dde-link")
"""What calamine would misread, drop or stumble over."""

_MANY_BLANKS = re.compile(rb' text:c="[0-9]{4,}"')
_TABLE = re.compile(rb"<table:table ([^<>]*)>")
_NAME = re.compile(rb' table:name="([^"]*)"')
_ROW = re.compile(rb"<table:table-row((?: [^<>]*?)?)(/?)>")
_ROWS_REPEATED = re.compile(rb' table:number-rows-repeated="([0-9]{1,7})"')
_ANY_ROWS_REPEATED = b" table:number-rows-repeated="
_HIDDEN = re.compile(rb' table:visibility="(?:collapse|filter)"')
_CELLS = (b"<table:table-cell", b"<table:covered-table-cell")
_HOLDS_SOMETHING = (b" office:value-type=", b" table:formula=", b"<text:p")
_REPEATED_FAR = re.compile(rb' table:number-columns-repeated="[0-9]{4,}"')


def is_one(archive: Archive) -> bool:
    """Whether this is an OpenDocument spreadsheet."""
    return "mimetype" in archive and archive.part("mimetype").startswith(_MIME)


def read(archive: Archive, limits: Limits) -> Workbook:
    """Read a spreadsheet.

    Raises:
        Rejected: it is broken, encrypted, too large or hostile.
    """
    manifest = archive.part("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive else b""
    if "encrypted-package" in archive or b"encryption-data" in manifest:
        raise Rejected("encrypted")
    original = archive.part("content.xml")
    odd = any(mark in original for mark in _ODD) or _MANY_BLANKS.search(original) is not None
    odd = odd or inside(original, b"office:document-content") is None or b"<table:table " not in original
    content = opendocument_plain.canonical(original) if odd else original
    try:
        return _read(content, limits)
    except Rejected:
        raise
    except BaseException:  # calamine's panics are no Exceptions
        if odd:
            raise
        return _read(opendocument_plain.canonical(original), limits)


def _read(content: bytes, limits: Limits) -> Workbook:
    surveys = [*_surveys(content, limits)]
    book = CalamineWorkbook.from_object(BytesIO(_package(content)))
    check_names(book.sheet_names)
    if len(surveys) != len(book.sheet_names):
        raise Rejected("broken")
    return Workbook([_worksheet(book, index, survey, limits) for index, survey in enumerate(surveys)])


def _package(content: bytes) -> bytes:
    """The content in an archive of our own."""
    file = BytesIO()
    with ZipFile(file, "w") as package:
        package.writestr("mimetype", _MIME)
        package.writestr("META-INF/manifest.xml", _MANIFEST)
        package.writestr("content.xml", content)
    return file.getvalue()


def _worksheet(book: CalamineWorkbook, index: int, survey: "_Survey", limits: Limits) -> Worksheet:
    sheet, tab = book.get_sheet_by_index(index), book.sheets_metadata[index]
    if sheet.end and sheet.end[1] >= limits.columns:
        raise Rejected("too-many-columns", sheet=tab.name, limit=column_letters(limits.columns))
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
    if len(rows) > limits.rows:
        raise Rejected("too-many-rows", sheet=tab.name, limit=limits.rows)
    return Worksheet(
        tab.name,
        mended(rows, survey.broken),
        tab.visible == SheetVisibleEnum.Visible,
        survey.merges.areas,
        frozenset(survey.hidden),
    )


@define
class _Survey:
    name: str
    limits: Limits
    hidden: set[int] = field(factory=set)
    broken: dict[tuple[int, int], Broken] = field(factory=dict)
    merges: Merges = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.merges = Merges(self.name, self.limits)

    def take_row(self, row: int, last: int, attributes: bytes, cells: bytes, marks: Sequence[bytes]) -> None:
        """Note what is remarkable about a row, or about several alike."""
        if last > self.limits.rows:
            if any(mark in cells for mark in _HOLDS_SOMETHING):
                raise Rejected("too-many-rows", sheet=self.name, limit=self.limits.rows)
            return
        if attributes and _HIDDEN.search(attributes):
            self.hidden.update(range(row, last + 1))
        if not any(mark in cells for mark in marks):
            return
        for cell in opendocument_cells.remarks(cells):
            if cell.column > self.limits.columns:
                raise Rejected("too-many-columns", sheet=self.name, limit=column_letters(self.limits.columns))
            for at in range(row, last + 1):
                if cell.broken:
                    self.broken[at, cell.column] = cell.broken
                if cell.spans != (1, 1):
                    bottom, right = at + cell.spans[0] - 1, cell.column + cell.spans[1] - 1
                    self.merges.add(at, cell.column, bottom, right)


def _surveys(content: bytes, limits: Limits) -> Iterator[_Survey]:
    """Survey each table.

    Raises:
        Rejected: it is broken, or reaches too far.
    """
    for table in _TABLE.finditer(content):
        named = _NAME.search(b" " + table[1])
        if not named:
            continue  # calamine passes over it, too
        end = content.find(b"</table:table>", table.end())
        body = content[table.end() : end]
        name = unescape(named[1].decode())
        if end < 0 or b"<table:table " in body:
            raise Rejected("broken")
        if any(_holds_something(body, repeated.start()) for repeated in _REPEATED_FAR.finditer(body)):
            raise Rejected("too-many-columns", sheet=name, limit=column_letters(limits.columns))
        yield _survey(name, body, limits)


def _holds_something(body: bytes, at: int) -> bool:
    """Whether the tag around an offset is of a cell with a value."""
    tag = body[body.rfind(b"<", 0, at) : body.find(b">", at)]
    return tag.startswith(_CELLS) and any(mark in tag for mark in _HOLDS_SOMETHING)


def _survey(name: str, body: bytes, limits: Limits) -> _Survey:
    survey, row = _Survey(name, limits), 1
    marks = [mark for mark in opendocument_cells.MARKS if mark in body]
    for piece in body.split(b"</table:table-row>"):
        for start in _ROW.finditer(piece):
            count = _rows_repeated(start[1])
            cells = b"" if start[2] else piece[start.end() :]
            survey.take_row(row, row + count - 1, start[1], cells, marks)
            row += count
    return survey


def _rows_repeated(attributes: bytes) -> int:
    if _ANY_ROWS_REPEATED not in attributes:
        return 1
    repeated = _ROWS_REPEATED.search(attributes)
    if not repeated:
        raise Rejected("broken")
    return int(repeated[1])
