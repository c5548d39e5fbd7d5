"""What is remarkable about the cells of one row of an OpenDocument table: broken values and spans."""

import re
from collections.abc import Iterator
from html import unescape

from attrs import frozen

from tianbao.workbooks import Broken
from tianbao_export_excel.refusals import Rejected

MARKS = (b" table:formula=", b'calcext:value-type="error"', b"columns-spanned=", b"rows-spanned=")
"""What a row must hold for `remarks` to find anything in it."""

_CELL = re.compile(rb"<table:(?:covered-)?table-cell((?: [^<>]*?)?)(/?)>")
_ATTRIBUTE = re.compile(rb' ([a-z-]+:[a-z-]+)="([^"<>]*)"')
_PARAGRAPH = re.compile(rb"<text:p(?: [^<>]*)?>(.*?)</text:p>", re.DOTALL)
_TAG = re.compile(rb"<[^<>]*>")
_ERROR = re.compile(r"#(?:N/A|[A-Z/0]+[!?])|(?:Err|錯誤|#ERR):[0-9]{3}!?")
_REFERENCE = re.compile(r"\[\.?([^\[\]]*)\]")
_COUNT = re.compile(r"[0-9]{1,7}")


@frozen
class Remark:
    """One cell that calamine does not tell all about.

    Attributes:
        column: 1-based.
        broken: what it shows instead of a value, if so.
        spans: over how many rows and columns it is merged.
    """

    column: int
    broken: Broken | None
    spans: tuple[int, int]


def remarks(cells: bytes) -> Iterator[Remark]:
    """Go through a row's cells.

    Raises:
        Rejected: a count in it is none.
    """
    found = [*_CELL.finditer(cells)]
    ends = [cell.start() for cell in found[1:]] + [len(cells)]
    column = 1
    for cell, end in zip(found, ends, strict=True):
        attributes = {name.decode(): unescape(value.decode()) for name, value in _ATTRIBUTE.findall(cell[1])}
        text = _text(cells[cell.end() : end])
        repeated = _count(attributes, "table:number-columns-repeated")
        spans = (
            _count(attributes, "table:number-rows-spanned"),
            _count(attributes, "table:number-columns-spanned"),
        )
        broken = _broken(attributes, text)
        if broken or spans != (1, 1):
            yield from (Remark(column + step, broken, spans) for step in range(min(repeated, 1_000)))
        column += repeated


def _count(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(name, "1")
    if not _COUNT.fullmatch(value):
        raise Rejected("broken")
    return max(int(value), 1)


def _text(content: bytes) -> str:
    return unescape(_TAG.sub(b"", b"\n".join(_PARAGRAPH.findall(content))).decode())


def _broken(attributes: dict[str, str], text: str) -> Broken | None:
    """An error value, or a formula without any value."""
    formula = attributes.get("table:formula")
    if attributes.get("calcext:value-type") == "error" or (formula is not None and _ERROR.fullmatch(text)):
        return Broken(text or "#VALUE!")
    if formula is None or "office:value-type" in attributes or text:
        return None
    return Broken("=" + _REFERENCE.sub(r"\1", formula.partition("=")[2]), formula=True)
