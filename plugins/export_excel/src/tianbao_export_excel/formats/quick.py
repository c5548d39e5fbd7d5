"""Scans a sheet's regular rows at the speed of one regular expression.

The expression says what rows look like when Excel, LibreOffice, openpyxl or XlsxWriter wrote them and nothing needs a
closer look. Rows it does not match (error values, uncalculated formulas, cells far outside) are left, with all that is
around the rows, to `exact`, which is slower and judges cell by cell.
"""

import re
from functools import lru_cache

from attrs import define, evolve, field

from tianbao.workbooks import Limits, column_letters
from tianbao_export_excel.formats import exact
from tianbao_export_excel.formats.markup import inside
from tianbao_export_excel.formats.scan import Scan

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

_ROW = rb"""<row\ r="(?=(?:%(up_to_the_last)s)")([0-9]++)"%(attributes)s(?:(?<=/)>|(?<!/)>(?:%(cell)s)*+</row>)"""
_ATTRIBUTES = rb"""(?:[^<>h]++|h(?!idden(?!="(?:0|false)")))*+(?:(?=h)(h[^<>]*+))?+"""
"""A row's; the group is there where the row may be hidden.

Here and in `_ROW` a group is entered only where it will be left, too: Python 3.11 fails on one that was only entered.
"""

_EMPTY_CELL = rb"""<c\ r="[A-Z]{1,3}+[0-9]{1,7}+"%(style)s%(nothing)s"""
_EMPTY_ROW = rb"""<row\ r="[1-9][0-9]{0,6}+"[^<>]*+(?:(?<=/)>|(?<!/)>(?:%(empty)s)*+</row>)"""

_HIDDEN_ROW = re.compile(rb"""<row r="([0-9]{1,7})"[^<>]*\shidden\s*=\s*["'](?:1|true)["']""")
_SHEET_DATA = re.compile(rb"<sheetData(?: [^<>]*)?(/)?>")


def _rows(limits: Limits) -> re.Pattern[bytes]:
    return _compiled(len(column_letters(limits.columns)), limits.rows)


@lru_cache
def _compiled(letters: int, rows: int) -> re.Pattern[bytes]:
    """Rows up to a number whose regular cells have as many letters in their names, or rows without any value."""
    pieces = {
        b"letters": letters,
        b"up_to_the_last": _up_to(rows),
        b"attributes": _ATTRIBUTES,
        b"style": _STYLE,
        b"text": _TEXT,
        b"formula": _FORMULA,
        b"number": _NUMBER,
        b"nothing": _NOTHING,
    }
    pieces |= {b"cell": _CELL % pieces, b"empty": _EMPTY_CELL % pieces}
    return re.compile(rb"(?:%s|%s)*+" % (_ROW % pieces, _EMPTY_ROW % pieces), re.VERBOSE)


def _up_to(last: int) -> bytes:
    """An expression for the numbers from 1 to the last: for 250 those of one or two digits, 1.., 2[0-4]. and 250."""
    digits = str(last)
    below = (
        f"{digits[:at]}[{int(at == 0)}-{int(digit) - 1}][0-9]{{{len(digits) - at - 1}}}"
        for at, digit in enumerate(digits)
        if int(digit) > (at == 0)
    )
    shorter = [f"[1-9][0-9]{{0,{len(digits) - 2}}}+"] if len(digits) > 1 else []
    return "|".join((*shorter, *below, digits)).encode()


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
    rest = b"".join((xml[: found.end()], *split.odd, xml[split.end :]))
    if b"<!" in rest:
        return None
    spans = [(start, _last_value(xml, start, stop)) for start, stop in split.regular]
    scan, view = exact.scan(name, rest, limits), memoryview(xml)
    return evolve(
        scan,
        rows=[*(view[start:stop] for start, stop in spans), *scan.rows],
        hidden_rows=scan.hidden_rows | _hidden(xml, found.end(), split, limits),
        filled=sum(_filled(bytes(rows)) for rows in scan.rows) + sum(_filled(xml, *span) for span in spans),
    )


def _filled(xml: bytes, *span: int) -> int:
    """How many cells hold a value."""
    return xml.count(b"</v></c>", *span) + xml.count(b"</t></is></c>", *span)


@define
class _Split:
    """A sheet's rows told apart.

    Attributes:
        regular: where regular rows are.
        odd: the others.
        end: where the end of all is.
        hidden: whether any regular row may be.
    """

    regular: list[tuple[int, int]] = field(factory=list)
    odd: list[bytes] = field(factory=list)
    end: int = 0
    hidden: bool = False


def _split(xml: bytes, start: int, limits: Limits) -> _Split | None:
    """Tell regular rows from odd ones; ``None`` where something between them is no row with a number."""
    rows, split, at = _rows(limits), _Split(), start
    while match := rows.match(xml, at):
        end = match.end()
        if end > at:
            split.regular.append((at, end))
            split.hidden = split.hidden or match[2] is not None
        if xml.startswith(b"</sheetData>", end):
            split.end = end
            return split
        at = xml.find(b"</row>", end) + len(b"</row>")
        if at < end or not xml.startswith(b'<row r="', end):
            return None
        split.odd.append(xml[end:at])
    return None


def _last_value(xml: bytes, start: int, end: int) -> int:
    """The end of the last row that holds a value; the styled but empty rows behind it need not be read."""
    value = max(xml.rfind(b"</v>", start, end), xml.rfind(b"</is>", start, end))
    return xml.index(b"</row>", value) + len(b"</row>") if value >= 0 else start


def _hidden(xml: bytes, start: int, split: _Split, limits: Limits) -> frozenset[int]:
    if not split.hidden:
        return frozenset()
    numbers = map(int, _HIDDEN_ROW.findall(xml, start, split.end))
    return frozenset(number for number in numbers if number <= limits.rows)
