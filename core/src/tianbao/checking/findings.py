"""What a check finds, and the rows it found it in."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from attrs import frozen

from tianbao.templates import Sheet
from tianbao.workbooks import Cell, cell_name, column_letters


class Kind(StrEnum):
    """黃底 or 紅底; or only said."""

    MISSING = "missing"
    INVALID = "invalid"
    HINT = "hint"

    @property
    def label(self) -> str:
        return {"missing": "缺", "invalid": "誤", "hint": "提醒"}[self]


@frozen
class Finding:
    """One thing the check has to say.

    Attributes:
        kind: missing (黃底), invalid (紅底), or a hint that blocks nothing.
        code: which mistake; stable, never reused.
        message: what is wrong and how to mend it, in 繁體中文.
        sheet: the name on the tab, as in the user's file.
        row: Excel's row number; ``None`` where the whole sheet is meant.
        column: the heading; empty where the whole row is meant.
        position: the column's number in the user's file, 1-based; ``None`` where it has none.
        value: what the cell holds, as text; masked where it is personal data.
    """

    kind: Kind
    code: str
    message: str
    sheet: str
    row: int | None = None
    column: str = ""
    position: int | None = None
    value: str = ""

    @property
    def cell(self) -> str:
        """As the user sees it: ``F7``."""
        return cell_name(self.row, self.position) if self.row and self.position else ""

    @property
    def place(self) -> str:
        """As the user sees it: ``表A-1-輔導教師-個案!F7``."""
        spot = self.cell or (f"第 {self.row} 列" if self.row else "")
        return f"{self.sheet}!{spot}" if spot else self.sheet


@frozen
class Folded:
    """The same mistake, however many times it was made."""

    first: Finding
    findings: Sequence[Finding]

    @property
    def count(self) -> int:
        return len(self.findings)


def fold(findings: Sequence[Finding]) -> Sequence[Folded]:
    """Put the same mistakes of a column together, in order of their first appearance."""
    same: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        key = (finding.kind, finding.code, finding.sheet, finding.column, finding.message)
        same.setdefault(key, []).append(finding)
    return [Folded(group[0], group) for group in same.values()]


@frozen
class SheetRows:
    """The rows of one sheet that were begun, as the user wrote them, in the template's order of columns.

    Attributes:
        sheet: the template's.
        name: on the tab of the user's file.
        numbers: Excel's row numbers.
        cells: by row, the raw cells of the template's columns.
        positions: by field, the column's number in the user's file, 1-based.
        first_row: where data begin in the user's file.
        title: as it stands above the headings of the user's file; empty where there is none.
        extra_headings: headings of columns the template does not know; empty for those without one.
        extra_positions: their numbers in the user's file.
        extra_cells: by row, the cells below them.
    """

    sheet: Sheet
    name: str
    numbers: Sequence[int]
    cells: Sequence[Sequence[Cell]]
    positions: Mapping[str, int]
    first_row: int
    title: str = ""
    extra_headings: Sequence[str] = ()
    extra_positions: Sequence[int] = ()
    extra_cells: Sequence[Sequence[Cell]] = ()

    def letters(self, field: str) -> str:
        position = self.positions.get(field)
        return column_letters(position) if position else ""
