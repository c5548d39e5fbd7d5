"""One value as a cell of an OpenDocument table: text stays text, dates are dates, and nothing is a formula."""

import datetime as dt
import math
import re
from collections.abc import Callable
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from tianbao.clock import TAIPEI
from tianbao.workbooks import Broken, Cell
from tianbao_export_excel.cells import FIRST_DAY, WHOLE, storable

SHORT = 100
"""The most characters of a text that is remembered: cells repeat."""
BLANK = "<table:table-cell/>"

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LINES = re.compile("\r\n|\r|\n")
_BLANKS = re.compile("^ +| +$| {2,}")
"""Blanks that a reader of XML would not count: they are written with their number."""


def cell(value: Cell) -> str:
    """The value's XML; what a spreadsheet cannot hold is written as text, as in ``.xlsx``.

    Raises:
        TypeError: the value is of no type that a cell can be.
    """
    for kind in type(value).__mro__:
        if kind in _CELLS:
            return _CELLS[kind](value)
    raise TypeError(f"a cell cannot hold a {type(value).__name__}: {value!r}")


def text_cell(text: str, style: str = "text") -> str:
    """A cell of text in one of the styles of `parts`."""
    lines = "".join(f"<text:p>{_line(line)}</text:p>" for line in _LINES.split(_writable(text)))
    return f'<table:table-cell table:style-name="{style}" office:value-type="string">{lines}</table:table-cell>'


def attribute(text: str) -> str:
    """The text as a quoted attribute."""
    return quoteattr(_writable(text))


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", storable(text))


def _line(line: str) -> str:
    spaced = _BLANKS.sub(lambda blanks: f'<text:s text:c="{len(blanks[0])}"/>', escape(line))
    return spaced.replace("\t", "<text:tab/>")


_known = lru_cache(maxsize=4096)(text_cell)


def _text(value: str) -> str:
    if not value:
        return BLANK
    return _known(value) if len(value) <= SHORT else text_cell(value)


def _whole(value: int) -> str:
    if not -WHOLE <= value <= WHOLE:
        return _text(str(value))
    return f'<table:table-cell table:style-name="number" office:value-type="float" office:value="{value}"/>'


def _number(value: float) -> str:
    if not math.isfinite(value):
        return _text("#NUM!")
    return f'<table:table-cell table:style-name="number" office:value-type="float" office:value="{value!r}"/>'


def _truth(value: bool) -> str:  # noqa: FBT001 -- a cell
    return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'


def _date(value: dt.date) -> str:
    if value < FIRST_DAY:
        return _text(value.isoformat())
    return f'<table:table-cell table:style-name="date" office:value-type="date" office:date-value="{value}"/>'


def _moment(value: dt.datetime) -> str:
    local = value.astimezone(TAIPEI).replace(tzinfo=None) if value.tzinfo else value
    if local.date() < FIRST_DAY:
        return _text(local.isoformat(" "))
    shown = local.isoformat()
    return f'<table:table-cell table:style-name="moment" office:value-type="date" office:date-value="{shown}"/>'


def _time(value: dt.time) -> str:
    return _duration(dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second), "time")


def _duration(value: dt.timedelta, style: str = "duration") -> str:
    minutes, seconds = divmod(abs(value).total_seconds(), 60)
    hours, minutes = divmod(int(minutes), 60)
    long = f"{'-' if value < dt.timedelta() else ''}PT{hours}H{minutes}M{seconds:g}S"
    return f'<table:table-cell table:style-name="{style}" office:value-type="time" office:time-value="{long}"/>'


_CELLS: dict[type, Callable[..., str]] = {
    str: _text,
    int: _whole,
    float: _number,
    type(None): lambda _value: BLANK,
    bool: _truth,
    dt.datetime: _moment,
    dt.date: _date,
    dt.time: _time,
    dt.timedelta: _duration,
    Broken: lambda value: _text(value.shown),
}
