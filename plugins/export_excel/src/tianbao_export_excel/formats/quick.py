"""Scans a sheet's regular rows at the speed of one regular expression.

The expression says what rows look like when Excel, LibreOffice, openpyxl or XlsxWriter wrote them and nothing needs a
closer look. Rows it does not match (error values, uncalculated formulas, cells far outside) are left, with all that is
around the rows, to `exact`, which is slower and judges cell by cell.
"""

import re
from functools import lru_cache
from operator import lt

from attrs import evolve

from tianbao.workbooks import Limits, column_letters
from tianbao_export_excel.formats import exact
from tianbao_export_excel.formats.markup import inside
from tianbao_export_excel.formats.scan import Scan
from tianbao_export_excel.refusals import Rejected

_NUMBER = rb"[0-9]{1,15}+(?:\.[0-9]{1,20}+)?+(?:[Ee][-+]?[0-9]{1,2}+)?+"
_FORMULA = rb"(?:<f(?:\ [^<>]*+)?+(?:(?<=/)>|(?<!/)>[^<]*+</f>))?+"
_NOTHING = rb"(?:/>|>(?:<v/>|<v></v>)?</c>)"
_STYLE = rb'(?:\ s="[0-9]{1,5}+")?+'
_TEXT = rb'<t(?:\ xml:space="preserve")?+>[^<]*+</t>'
_CELL = rb"""<c\ r="[A-Z]{1,%(letters)d}+\1"%(style)s(?:
    ><v>[0-9]{1,15}+</v></c>
  | \ t="(?:n"><v>[0-9]{1,15}+</v></c>|s"><v>[0-9]{1,8}+</v></c>|inlineStr"><is>%(text)s</is></c>)
  | (?:\ t="[sn]")?+%(style)s%(nothing)s
  | (?:\ t="n")?+%(style)s>%(formula)s<v>%(number)s</v></c>
  | \ t="s"%(style)s><v>[0-9]{1,8}+</v></c>
  | \ t="inlineStr"%(style)s><is>%(text)s</is></c>
  | \ t="str"%(style)s>%(formula)s<v(?:\ xml:space="preserve")?>[^<]*+</v></c>
  | \ t="b"%(style)s>%(formula)s<v>[01]</v></c>
)"""
"""What most cells are comes first, and again, with all that may stand between, below."""

_ROW = rb"""<row\ r="([0-9]{1,%(digits)d}+)"[^<>]*+(?:(?<=/)>|(?<!/)>(?:%(cell)s)*+</row>)"""
_EMPTY_CELL = rb"""<c\ r="[A-Z]{1,3}+[0-9]{1,7}+"%(style)s%(nothing)s"""
_EMPTY_ROW = rb"""<row\ r="[0-9]{1,7}+"[^<>]*+(?:(?<=/)>|(?<!/)>(?:%(empty)s)*+</row>)"""

_ROW_NUMBER = re.compile(rb'<row r="([0-9]+)"')
_HIDDEN_ROW = re.compile(rb'<row r="([0-9]{1,7})"[^<>]* hidden="(?:1|true)"')
_SHEET_DATA = re.compile(rb"<sheetData(?: [^<>]*)?(/)?>")


def _rows(limits: Limits) -> re.Pattern[bytes]:
    return _compiled(len(column_letters(limits.columns)), len(str(limits.rows)))


@lru_cache
def _compiled(letters: int, digits: int) -> re.Pattern[bytes]:
    """Rows of regular cells with as many letters and digits in their names, or rows without any value."""
    pieces = {
        b"letters": letters,
        b"digits": digits,
        b"style": _STYLE,
        b"text": _TEXT,
        b"formula": _FORMULA,
        b"number": _NUMBER,
        b"nothing": _NOTHING,
    }
    pieces |= {b"cell": _CELL % pieces, b"empty": _EMPTY_CELL % pieces}
    return re.compile(rb"(?:%s|%s)*+" % (_ROW % pieces, _EMPTY_ROW % pieces), re.VERBOSE)


def prepare() -> None:
    """Compile the expression for the usual limits, which takes as long as scanning a small file."""
    _rows(Limits())


def scan(name: str, xml: bytes, limits: Limits) -> Scan | None:
    """Scan a sheet.

    Args:
        name: the sheet's, for messages.
        xml: its part.
        limits: how far its cells may reach.

    Returns:
        What was learnt, or ``None`` where all of it is for `exact`.

    Raises:
        Rejected: it is broken, or reaches too far.
    """
    found = inside(xml, b"worksheet") and _SHEET_DATA.search(xml)
    if not found or found[1]:
        return None
    split = _split(xml, found.end(), limits)
    if not split:
        return None
    regular, odd, end = split
    rest = b"".join((xml[: found.end()], *odd, xml[end:]))
    if b"<!" in rest:
        return None
    spans = [(start, _last_value(xml, start, stop)) for start, stop in regular]
    numbers = [number for span in spans for number in map(int, _ROW_NUMBER.findall(xml, *span))]
    if numbers and max(numbers) > limits.rows:
        return None
    _check_distinct([*numbers, *(int(number) for row in odd for number in _ROW_NUMBER.findall(row))])
    scan, view = exact.scan(name, rest, limits), memoryview(xml)
    return evolve(
        scan,
        rows=[*(view[start:stop] for start, stop in spans), *scan.rows],
        hidden_rows=scan.hidden_rows | _hidden(xml, found.end(), end, limits),
        filled=sum(_filled(bytes(rows)) for rows in scan.rows) + sum(_filled(xml, *span) for span in spans),
    )


def _filled(xml: bytes, *span: int) -> int:
    """How many cells hold a value."""
    return xml.count(b"</v></c>", *span) + xml.count(b"</t></is></c>", *span)


def _split(xml: bytes, start: int, limits: Limits) -> tuple[list[tuple[int, int]], list[bytes], int] | None:
    """Tell regular rows from odd ones.

    Returns:
        Where the regular rows are, the odd rows, and where the end of all is; or ``None`` where something between them
        is no row with a number.
    """
    rows, at = _rows(limits), start
    regular: list[tuple[int, int]] = []
    odd: list[bytes] = []
    while True:
        match = rows.match(xml, at)
        end = match.end() if match else at
        if end > at:
            regular.append((at, end))
        if xml.startswith(b"</sheetData>", end):
            return regular, odd, end
        at = xml.find(b"</row>", end) + len(b"</row>")
        if at < end or not xml.startswith(b'<row r="', end):
            return None
        odd.append(xml[end:at])


def _last_value(xml: bytes, start: int, end: int) -> int:
    """The end of the last row that holds a value; the styled but empty rows behind it need not be read."""
    value = max(xml.rfind(b"</v>", start, end), xml.rfind(b"</is>", start, end))
    return xml.index(b"</row>", value) + len(b"</row>") if value >= 0 else start


def _check_distinct(numbers: list[int]) -> None:
    """See that no two rows have the same number; they may be in any order.

    Raises:
        Rejected: two have.
    """
    ascending = all(map(lt, numbers, numbers[1:]))
    if not ascending and len(set(numbers)) < len(numbers):
        raise Rejected("broken")


def _hidden(xml: bytes, start: int, end: int, limits: Limits) -> frozenset[int]:
    if xml.find(b' hidden="', start, end) < 0:
        return frozenset()
    numbers = map(int, _HIDDEN_ROW.findall(xml, start, end))
    return frozenset(number for number in numbers if number <= limits.rows)
