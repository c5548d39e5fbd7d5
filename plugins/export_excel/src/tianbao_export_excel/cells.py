"""Puts a value into a cell so that it comes back as it was: text as text, numbers as numbers, dates as dates.

What Excel cannot hold (numbers beyond a double's whole ones, days before its calendar) is written as text,
never rounded; a text that is too long ends with a sentence that says so.
"""

import datetime as dt
import math
import re
from collections.abc import Callable

from xlsxwriter.worksheet import Worksheet

from tianbao.clock import TAIPEI
from tianbao.workbooks import Broken, Cell
from tianbao_export_excel.looks import Style

LONGEST = 32_767
"""Excel's most characters in a cell, in UTF-16 units."""
CUT = "……（本格文字超過 Excel 的上限 32,767 字，以下未能寫入）"

_LONE = re.compile("[\ud800-\udfff]")
WHOLE = 2**53
"""Up to here a double counts every whole number."""
FIRST_DAY = dt.date(1900, 3, 1)
"""Excel believes in 1900-02-29; before this day no two programs agree on a date."""


def put(sheet: Worksheet, row: int, column: int, value: Cell, style: Style) -> None:
    """Write a value; row and column are 0-based here, as XlsxWriter counts.

    Raises:
        TypeError: the value is of no type that a cell can be.
    """
    write: Callable[..., None] = _PUTS.get(type(value), _put_related)
    write(sheet, row, column, value, style)


def storable(text: str) -> str:
    """The text as a file can hold it: half a character becomes �, and what is too long is cut, visibly."""
    if not text.isascii() and _LONE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return shortened(text, LONGEST, CUT) if len(text) > LONGEST // 2 else text


def shortened(text: str, longest: int, sign: str = "…") -> str:
    """The text in at most `longest` UTF-16 units, which is how Excel counts, with a sign where it was cut."""
    units = text.encode("utf-16-le", "replace")
    if len(units) <= 2 * longest:
        return text
    return units[: 2 * (longest - len(sign))].decode("utf-16-le", "ignore") + sign


def width(text: str) -> int:
    """How wide a text is, in characters of Latin text: a Chinese one takes two."""
    return len(text) if text.isascii() else sum(2 if character >= "\u2e80" else 1 for character in text)


def _put_text(sheet: Worksheet, row: int, column: int, value: str, style: Style) -> None:
    text = storable(value)
    if text:
        sheet.write_string(row, column, text, style.text)
    else:
        sheet.write_blank(row, column, None, style.blank)


def _put_blank(sheet: Worksheet, row: int, column: int, _value: None, style: Style) -> None:
    sheet.write_blank(row, column, None, style.blank)


def _put_broken(sheet: Worksheet, row: int, column: int, value: Broken, style: Style) -> None:
    _put_text(sheet, row, column, value.shown, style)


def _put_truth(sheet: Worksheet, row: int, column: int, value: bool, style: Style) -> None:  # noqa: FBT001 -- a cell
    sheet.write_boolean(row, column, value, style.blank)


def _put_whole(sheet: Worksheet, row: int, column: int, value: int, style: Style) -> None:
    if -WHOLE <= value <= WHOLE:
        sheet.write_number(row, column, value, style.number)
    else:
        _put_text(sheet, row, column, str(value), style)


class _Exact(float):
    """A number that is written with all its digits: XlsxWriter keeps 16, a double may need 17."""

    def __format__(self, _spec: str) -> str:
        return repr(float(self))


def _put_number(sheet: Worksheet, row: int, column: int, value: float, style: Style) -> None:
    if value.is_integer() and -WHOLE <= value <= WHOLE:
        sheet.write_number(row, column, value, style.number)
    elif math.isfinite(value):
        sheet.write_number(row, column, _Exact(value), style.number)
    else:
        _put_text(sheet, row, column, "#NUM!", style)


def _put_date(sheet: Worksheet, row: int, column: int, value: dt.date, style: Style) -> None:
    if value >= FIRST_DAY:
        sheet.write_datetime(row, column, value, style.date)
    else:
        _put_text(sheet, row, column, value.isoformat(), style)


def _put_moment(sheet: Worksheet, row: int, column: int, value: dt.datetime, style: Style) -> None:
    local = value.astimezone(TAIPEI).replace(tzinfo=None) if value.tzinfo else value
    if local.date() >= FIRST_DAY:
        sheet.write_datetime(row, column, local, style.moment)
    else:
        _put_text(sheet, row, column, local.isoformat(" "), style)


def _put_time(sheet: Worksheet, row: int, column: int, value: dt.time, style: Style) -> None:
    sheet.write_datetime(row, column, value.replace(tzinfo=None), style.time)


def _put_duration(sheet: Worksheet, row: int, column: int, value: dt.timedelta, style: Style) -> None:
    sheet.write_datetime(row, column, value, style.duration)


_PUTS: dict[type, Callable[..., None]] = {
    str: _put_text,
    int: _put_whole,
    float: _put_number,
    type(None): _put_blank,
    bool: _put_truth,
    dt.datetime: _put_moment,
    dt.date: _put_date,
    dt.time: _put_time,
    dt.timedelta: _put_duration,
    Broken: _put_broken,
}


def _put_related(sheet: Worksheet, row: int, column: int, value: Cell, style: Style) -> None:
    """Write a value of a subclass, such as a member of a string enumeration."""
    for kind in type(value).__mro__:
        if kind in _PUTS:
            _PUTS[kind](sheet, row, column, value, style)
            return
    raise TypeError(f"a cell cannot hold a {type(value).__name__}: {value!r}")
