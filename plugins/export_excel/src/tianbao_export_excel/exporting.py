"""Writes tables for download as ``.xlsx``: the data as they are, and on a last sheet where they come from."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from attrs import field, frozen
from xlsxwriter import Workbook

from tianbao.documents import Look
from tianbao.exporters import Table
from tianbao.workbooks import Cell
from tianbao_export_excel.books import LAST_ROW, XLSX, Sheet, new_workbook, set_print
from tianbao_export_excel.cells import put, storable
from tianbao_export_excel.looks import Looks
from tianbao_export_excel.tables import ABOUT, SAMPLE, Widths, sheets


@frozen
class ExcelExporter:
    """A `tianbao.exporters.Exporter` for ``.xlsx``.

    Attributes:
        rows_a_sheet: after so many rows the table goes on, under the same headings, on another sheet.
    """

    rows_a_sheet: int = field(default=LAST_ROW - 1)

    suffix = ".xlsx"
    media_type = XLSX
    label = "Excel 活頁簿"

    def export(self, table: Table, to: BinaryIO) -> None:
        """Write the table, row by row as they come."""
        with new_workbook(to, storable(table.title)) as workbook:
            looks = Looks(workbook)
            for name, rows in sheets(table, self.rows_a_sheet):
                _add_data(workbook, name, table.headings, rows, looks)
            _add_about(workbook, table, looks)


def _add_data(
    workbook: Workbook, name: str, headings: Sequence[str], rows: Iterator[Sequence[Cell]], looks: Looks
) -> None:
    sheet = workbook.add_worksheet(name, worksheet_class=Sheet)
    heading, data = looks.style(Look.HEADING), looks.style(Look.DATA, text=True, framed=False)
    widths = Widths(headings)
    for column, text in enumerate(headings):
        put(sheet, 0, column, text, heading)
    last = 0
    for last, cells in enumerate(rows, start=1):
        if last <= SAMPLE:
            widths.see(cells)
        for column, value in enumerate(cells):
            if value is not None:
                put(sheet, last, column, value, data)
    for column, wide in enumerate(widths.fitted):
        sheet.set_column(column, column, wide)
    sheet.set_row(0, 24)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    set_print(sheet, sum(widths.fitted))
    if headings:
        sheet.autofilter(0, 0, last, len(headings) - 1)


def _add_about(workbook: Workbook, table: Table, looks: Looks) -> None:
    """Add the sheet that says what the table is, from which query, for whom, when."""
    sheet = workbook.add_worksheet(ABOUT, worksheet_class=Sheet)
    sheet.hide_gridlines(2)
    set_print(sheet, 0)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 80)
    put(sheet, 0, 0, table.title, looks.style(Look.TITLE))
    for row, (label, text) in enumerate(table.about, start=2):
        put(sheet, row, 0, label, looks.style(Look.HELP, framed=False))
        put(sheet, row, 1, text, looks.style(Look.TEXT))
