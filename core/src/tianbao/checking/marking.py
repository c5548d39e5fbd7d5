"""The marked workbook: what the user sent, rebuilt from the clean template, with every finding on its cell.

It is rebuilt rather than edited, so that whatever else was in the file cannot come back with it.
"""

from collections.abc import Sequence

from attrs import evolve

from tianbao.checking.findings import Finding, SheetRows
from tianbao.checking.verdict import Verdict
from tianbao.documents import Document, Look, Mark, Page, PageColumn
from tianbao.templates import Sheet
from tianbao.templates.layout import document, sheet_page, title_of
from tianbao.workbooks import Area, Broken, Cell, cell_name


def marked(verdict: Verdict, *, unit_name: str = "") -> Document:
    """The checked workbook, rebuilt from the clean template with the user's own values.

    Every row stands where it stood: row numbers agree, and the file can be corrected and uploaded as it is. Cells that
    want mending are coloured and carry the sentence as a comment; a first page lists them all.
    """
    sheets = [
        _marked_page(sheet, verdict.tables.get(sheet.kind), verdict, unit_name) for sheet in verdict.template.sheets
    ]
    whole = document(verdict.template, f"{verdict.template.name}（檢核結果）", sheets)
    return evolve(whole, pages=[_findings_page(verdict), *whole.pages])


def _marked_page(sheet: Sheet, table: SheetRows | None, verdict: Verdict, unit_name: str) -> Page:
    title = title_of(sheet, unit_name, verdict.period)
    if table is None:
        return sheet_page(sheet, title, ())
    page = sheet_page(sheet, table.title or title, _rows(table))
    places = _Places(sheet, table)
    marks: dict[tuple[int, int], Mark] = {}
    for finding in (*verdict.findings, *verdict.hints):
        if finding.sheet == table.name and (place := places(finding)):
            before = marks.get(place, Mark())
            says = f"【{finding.kind.label}】{finding.message}"
            marks[place] = Mark(before.look or LOOKS[finding.kind.value], f"{before.comment}\n{says}".strip())
    extra = {
        (sheet.heading_row, len(sheet.columns) + n): Mark(Look.HEADING) for n in range(1, len(table.extra_headings) + 1)
    }
    rows = list(page.rows)
    rows[sheet.heading_row - 1] = [*rows[sheet.heading_row - 1], *table.extra_headings]
    return evolve(page, rows=rows, marks={**page.marks, **extra, **marks})


LOOKS = {"missing": Look.MISSING, "invalid": Look.INVALID, "hint": None}


def _rows(table: SheetRows) -> Sequence[Sequence[Cell]]:
    """The user's rows at their own numbers, blank rows between them kept.

    A cell without a value of its own stays empty: written as text, ``#N/A`` would pass for a code.
    """
    rows: list[Sequence[Cell]] = []
    for index, number in enumerate(table.numbers):
        rows += [()] * (number - table.first_row - len(rows))
        extra = table.extra_cells[index] if table.extra_cells else ()
        rows.append([None if isinstance(cell, Broken) else cell for cell in (*table.cells[index], *extra)])
    return rows


class _Places:
    """Where a finding of the user's file stands in the marked one: columns may have been in another order there."""

    def __init__(self, sheet: Sheet, table: SheetRows) -> None:
        names = {position: name for name, position in table.positions.items()}
        order = {column.name: number for number, column in enumerate(sheet.columns, 1)}
        self._columns = {position: order[name] for position, name in names.items()}
        self._columns |= {position: len(order) + n for n, position in enumerate(table.extra_positions, 1)}
        self._headings = {column.heading: number for number, column in enumerate(sheet.columns, 1)}
        self._shift = sheet.first_row - table.first_row
        self._first = table.first_row

    def __call__(self, finding: Finding) -> tuple[int, int] | None:
        if finding.row is None:
            return None
        column = self._columns.get(finding.position or 0) or self._headings.get(finding.column) or 1
        row = finding.row + self._shift if finding.row >= self._first else min(finding.row, self._first - 1)
        return max(row, 1), column


def _findings_page(verdict: Verdict) -> Page:
    """The first page: every finding with a link to its cell."""
    by_name = {table.name: (table.sheet, _Places(table.sheet, table)) for table in verdict.tables.values()}
    rows: list[Sequence[Cell]] = [
        ["檢核結果"],
        [_summary(verdict)],
        ["序", "狀態", "工作表", "儲存格", "欄位", "填寫的值", "說明與改法"],
    ]
    marks: dict[tuple[int, int], Mark] = {}
    for number, finding in enumerate((*verdict.findings, *verdict.hints), 1):
        sheet, places = by_name.get(finding.sheet, (None, None))
        place = places(finding) if places else None
        cell = cell_name(*place) if place else ""
        rows.append(
            [number, f"【{finding.kind.label}】", finding.sheet, cell, finding.column, finding.value, finding.message]
        )
        marks[len(rows), 2] = Mark(LOOKS[finding.kind.value])
        if sheet and cell:
            marks[len(rows), 4] = Mark(link=f"'{sheet.name}'!{cell}")
    return Page(
        "檢核結果",
        rows,
        [PageColumn(width, text=True) for width in (6, 8, 26, 10, 24, 20, 84)],
        {1: Look.TITLE, 2: Look.TEXT, 3: Look.HEADING, **dict.fromkeys(range(4, len(rows) + 1), Look.TEXT)},
        {1: 30.0, 2: 40.0},
        marks,
        [Area(1, 1, 1, 7), Area(2, 1, 2, 7)],
        frozen_rows=3,
    )


def _summary(verdict: Verdict) -> str:
    missing = sum(finding.kind.value == "missing" for finding in verdict.findings)
    return (
        f"黃底（缺）{missing} 處、紅底（誤）{len(verdict.findings) - missing} 處。"
        "請點選儲存格位置前往修正，存檔後將本檔重新上傳即可；本頁不必刪除。"
    )
