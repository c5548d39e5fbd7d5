"""Scans a sheet cell by cell, whatever its markup looks like, and rewrites it plainly.

For the few sheets `quick` does not take: those with error values and formulas nobody calculated (calamine tells neither
from a blank), with prefixes, comments, missing cell names, or cells outside of all limits.
"""

import math
import re

from attrs import define, field

from tianbao.workbooks import Broken, Limits, column_letters
from tianbao_export_excel.formats.markup import Attributes, escape, parse
from tianbao_export_excel.formats.scan import Merges, Scan, column_number
from tianbao_export_excel.formats.strings import Runs
from tianbao_export_excel.refusals import Rejected

_NAME = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][-+]?[0-9]+)?")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_LAST_DAY = 2_958_466
"""The day after 9999-12-31 in Excel's count; beyond, and below zero, Excel shows no date."""

_TRUTHS = {"0": "0", "false": "0", "1": "1", "true": "1"}


@define
class _Cell:
    row: int
    column: int
    kind: str
    style: str
    value: list[str] | None = None
    formula: list[str] | None = None
    shared: str = ""
    runs: Runs | None = None


def scan(name: str, xml: bytes, limits: Limits) -> Scan:
    """Scan a sheet.

    Args:
        name: the sheet's, for messages.
        xml: its part.
        limits: how far its cells may reach.

    Raises:
        Rejected: it is broken, or reaches too far.
    """
    reader = _Reader(name, limits)
    parse(xml, reader.opened, reader.closed, reader.text)
    if reader.tables != 1:
        raise Rejected("broken")
    rows = "".join(reader.rows).encode()
    return Scan([rows], reader.merges.areas, frozenset(reader.hidden), reader.broken)


@define
class _Reader:
    """Where the walk through the sheet is, and what it found."""

    name: str
    limits: Limits
    rows: list[str] = field(factory=list)
    hidden: set[int] = field(factory=set)
    broken: dict[tuple[int, int], Broken] = field(factory=dict)
    merges: Merges = field(init=False)
    tables: int = 0
    _path: list[str] = field(factory=list)
    _row: int = 0
    _column: int = 0
    _seen: set[tuple[int, int]] = field(factory=set)
    _cells: list[str] = field(factory=list)
    _cell: _Cell | None = None
    _masters: dict[str, str] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.merges = Merges(self.name, self.limits)

    def opened(self, element: str, attributes: Attributes) -> None:
        parent = self._path[-1] if self._path else ""
        self._path.append(element)
        if not parent and element != "worksheet":
            raise Rejected("broken")
        if self._cell:
            self._open_in_cell(self._cell, element, attributes)
        elif element == "c" and parent == "row":
            self._cell = self._open_cell(attributes)
        elif element == "row" and parent == "sheetData":
            self._open_row(attributes)
        elif element == "mergeCell" and parent == "mergeCells":
            self.merges.add_named(attributes.get("ref", ""))
        elif element == "sheetData" and parent == "worksheet":
            self.tables += 1

    def _open_row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        if number is not None and not _ROW.fullmatch(number):
            raise Rejected("broken")
        self._row = int(number) if number else self._row + 1
        self._column = 0
        if attributes.get("hidden") in {"1", "true"} and self._row <= self.limits.rows:
            self.hidden.add(self._row)

    def _open_cell(self, attributes: Attributes) -> _Cell:
        name = attributes.get("r")
        if name is None:
            self._column += 1
        else:
            match = _NAME.fullmatch(name)
            if not match or int(match[2]) != self._row:
                raise Rejected("broken")
            self._column = column_number(match[1])
        return _Cell(self._row, self._column, attributes.get("t", "n"), attributes.get("s", ""))

    def _open_in_cell(self, cell: _Cell, element: str, attributes: Attributes) -> None:
        if element == "v" and cell.value is None:
            cell.value = []
        elif element == "f":
            cell.formula = []
            cell.shared = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        elif element == "is":
            cell.runs = Runs()
        elif element in {"c", "row", "v"}:
            raise Rejected("broken")
        elif cell.runs:
            cell.runs.opened(element, attributes)

    def text(self, text: str) -> None:
        cell, element = self._cell, self._path[-1] if self._path else ""
        if not cell:
            return
        if element == "v" and cell.value is not None:
            cell.value.append(text)
        elif element == "f" and cell.formula is not None:
            cell.formula.append(text)
        elif cell.runs:
            cell.runs.text(text)

    def closed(self, element: str) -> None:
        self._path.pop()
        if element == "c" and self._cell:
            self._close_cell(self._cell)
            self._cell = None
        elif element == "row" and self._cells:
            self.rows.append(f'<row r="{self._row}">{"".join(self._cells)}</row>')
            self._cells.clear()
        elif self._cell and self._cell.runs:
            self._cell.runs.closed(element)

    def _close_cell(self, cell: _Cell) -> None:
        broken = self._what_is_broken(cell)
        markup = "" if broken else _markup(cell)
        if not broken and not markup:
            return
        if cell.row > self.limits.rows:
            raise Rejected("too-many-rows", sheet=self.name, limit=self.limits.rows)
        if cell.column > self.limits.columns:
            raise Rejected("too-many-columns", sheet=self.name, limit=column_letters(self.limits.columns))
        if (cell.row, cell.column) in self._seen:
            raise Rejected("broken")
        self._seen.add((cell.row, cell.column))
        if broken:
            self.broken[cell.row, cell.column] = broken
        else:
            self._cells.append(f'<c r="{column_letters(cell.column)}{cell.row}"{markup}</c>')

    def _what_is_broken(self, cell: _Cell) -> Broken | None:
        """An error value, or a formula without any value: openpyxl and other programs write formulas so."""
        value = "".join(cell.value or ())
        if cell.kind == "e":
            return Broken(value.strip() or "#VALUE!")
        if cell.formula is None:
            return None
        formula = "".join(cell.formula)
        if cell.shared:
            formula = formula or self._masters.get(cell.shared, "")
            self._masters.setdefault(cell.shared, formula)
        missing = cell.value is None or (not value and cell.kind != "str")
        return Broken(f"={formula}", formula=True) if missing and not cell.runs else None


def _markup(cell: _Cell) -> str:
    """A cell's attributes and content behind its name; empty for an empty cell.

    Raises:
        Rejected: its value is not what its type promises.
    """
    value = "".join(cell.value or ())
    style = f' s="{cell.style}"' if cell.style.isascii() and cell.style.isdecimal() else ""
    if cell.kind == "inlineStr":
        text = str(cell.runs or "")
        return f' t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is>' if text else ""
    if cell.kind in {"str", "d"}:
        return f'{style} t="{cell.kind}"><v>{escape(value)}</v>' if value else ""
    return _plain(cell.kind, value.strip(), style)


def _plain(kind: str, value: str, style: str) -> str:
    if not value:
        return ""
    if kind == "n":
        return f"{style if _may_be_a_date(value) else ''}><v>{value}</v>"
    if kind == "s" and value.isascii() and value.isdecimal():
        return f' t="s"><v>{int(value)}</v>'
    if kind == "b" and value in _TRUTHS:
        return f' t="b"><v>{_TRUTHS[value]}</v>'
    raise Rejected("broken")


def _may_be_a_date(value: str) -> bool:
    """Whether a number can be a date or a time: for others calamine's answer is wrong, or a panic.

    Raises:
        Rejected: it is no number, or an infinite one.
    """
    if not _NUMBER.fullmatch(value) or not math.isfinite(float(value)):
        raise Rejected("broken")
    return 0 <= float(value) < _LAST_DAY
