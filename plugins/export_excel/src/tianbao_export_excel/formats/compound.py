"""Old workbooks (.xls) in an OLE2 compound, read by calamine, and their notes it does not tell."""

import struct
from collections.abc import Iterator
from io import BytesIO

from attrs import define, field
from olefile import OleFileIO  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from tianbao.workbooks import Broken, Cell, Limits, Workbook, Worksheet, column_letters
from tianbao_export_excel.formats.package import check_names
from tianbao_export_excel.formats.scan import Merges, mended
from tianbao_export_excel.refusals import Rejected

_ENCRYPTED_OOXML = "EncryptedPackage".encode("utf-16-le")
_STREAMS = ("Workbook", "Book")
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_FORMULA, _END, _SHEET, _BOOLEAN_OR_ERROR, _ROW, _BEGIN = 0x0006, 0x000A, 0x0085, 0x0205, 0x0208, 0x0809
_PASSWORD = 0x002F
_HIDDEN = 0x20


def read(data: bytes, limits: Limits) -> Workbook | None:
    """Read a compound.

    Returns:
        The workbook, or ``None`` where the compound is something else, such as an old Word document.

    Raises:
        Rejected: it is broken, encrypted or too large.
    """
    if _ENCRYPTED_OOXML in data:
        raise Rejected("encrypted")
    if not any(name.encode("utf-16-le") in data for name in (*_STREAMS, "WORKBOOK", "BOOK")):
        return None
    stream = _stream(data)
    if any(kind == _PASSWORD for kind, _ in _records(stream, 0)):
        raise Rejected("encrypted")
    book = CalamineWorkbook.from_object(BytesIO(data))
    check_names(book.sheet_names)
    notes = [*_notes(stream)]
    if len(notes) != len(book.sheet_names):
        raise Rejected("broken")
    return Workbook([_worksheet(book, index, note, limits) for index, note in enumerate(notes)])


def _stream(data: bytes) -> bytes:
    with OleFileIO(BytesIO(data)) as compound:
        name = next(name for name in _STREAMS if compound.exists(name))
        with compound.openstream(name) as stream:
            content: bytes = stream.read()
            return content


@define
class _Notes:
    """What calamine does not tell about a sheet."""

    broken: dict[tuple[int, int], Broken] = field(factory=dict)
    hidden: set[int] = field(factory=set)


def _worksheet(book: CalamineWorkbook, index: int, notes: _Notes, limits: Limits) -> Worksheet:
    sheet, tab = book.get_sheet_by_index(index), book.sheets_metadata[index]
    places = [*notes.broken, (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)]
    if max(row for row, _ in places) > limits.rows:
        raise Rejected("too-many-rows", sheet=tab.name, limit=limits.rows)
    if max(column for _, column in places) > limits.columns:
        raise Rejected("too-many-columns", sheet=tab.name, limit=column_letters(limits.columns))
    merges = Merges(tab.name, limits)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        merges.add(top + 1, left + 1, bottom + 1, right + 1)
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
    return Worksheet(
        tab.name,
        mended(rows, notes.broken),
        tab.visible == SheetVisibleEnum.Visible,
        merges.areas,
        frozenset(row for row in notes.hidden if row <= limits.rows),
    )


def _notes(stream: bytes) -> Iterator[_Notes]:
    for kind, record in _records(stream, 0):
        if kind == _SHEET:
            yield _notes_of(stream, struct.unpack_from("<I", record)[0])


def _notes_of(stream: bytes, start: int) -> _Notes:
    notes, depth = _Notes(), 0
    for kind, record in _records(stream, start, to_end=False):
        if kind in {_BEGIN, _END}:  # a chart within the sheet begins and ends for itself
            depth += 1 if kind == _BEGIN else -1
            if depth <= 0:
                break
        elif depth == 1:
            _take(notes, kind, record)
    return notes


def _records(stream: bytes, at: int, *, to_end: bool = True) -> Iterator[tuple[int, bytes]]:
    """The records from an offset on; ``to_end`` stops at the first end of a part."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        if to_end and kind == _END:
            return
        at += 4 + length


def _take(notes: _Notes, kind: int, record: bytes) -> None:
    if kind == _ROW:
        if struct.unpack_from("<I", record, 12)[0] & _HIDDEN:
            notes.hidden.add(struct.unpack_from("<H", record)[0] + 1)
        return
    if kind == _BOOLEAN_OR_ERROR and record[7]:
        error = record[6]
    elif kind == _FORMULA and record[12:14] == b"\xff\xff" and record[6] == 2:  # noqa: PLR2004 -- 2 is "an error"
        error = record[8]
    else:
        return
    row, column = struct.unpack_from("<HH", record)
    notes.broken[row + 1, column + 1] = Broken(_ERRORS.get(error, "#VALUE!"))
