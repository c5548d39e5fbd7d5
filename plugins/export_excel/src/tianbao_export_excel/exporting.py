"""Writes tables for download as ``.xlsx``: the data as they are, and on a last sheet where they come from."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, count, islice
from typing import BinaryIO

from attrs import field, frozen
from xlsxwriter import Workbook

from tianbao.documents import Look
from tianbao.exporters import Table
from tianbao.workbooks import Cell
from tianbao_export_excel.books import LAST_ROW, XLSX, Sheet, new_workbook, set_print
from tianbao_export_excel.cells import put, storable, width
from tianbao_export_excel.looks import Looks

ABOUT = "關於這份資料"
UNTITLED = "資料"
LONGEST_NAME = 31
"""Excel's most characters of a sheet's name."""
SAMPLE = 200
"""Rows that are looked at to choose a column's width."""
NARROWEST, WIDEST = 10, 48
"""Of a column, in characters of Latin text."""


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
            rows = iter(table.rows)
            for number in count(1):
                first = next(rows, None)
                if first is None and number > 1:
                    break
                part = chain(() if first is None else [first], islice(rows, self.rows_a_sheet - 1))
                _add_data(workbook, sheet_name(table.title, number), table.headings, part, looks)
            _add_about(workbook, table, looks)


def sheet_name(title: str, number: int = 1) -> str:
    """A name Excel takes for a sheet, made from a title; `number` tells a long table's sheets apart."""
    plain = " ".join(re.sub(r"[\[\]:*?/\\'\x00-\x1f\ufffe\uffff]", " ", storable(title)).split())
    name = UNTITLED if plain.lower() in {"", "history", ABOUT} else plain
    ending = f" ({number})" if number > 1 else ""
    room = LONGEST_NAME - len(ending)
    return name.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore").strip() + ending


def _add_data(
    workbook: Workbook, name: str, headings: Sequence[str], rows: Iterator[Sequence[Cell]], looks: Looks
) -> None:
    sheet = workbook.add_worksheet(name, worksheet_class=Sheet)
    heading, data = looks.style(Look.HEADING), looks.style(Look.DATA, text=True, framed=False)
    widths = [width(text) + 4 for text in headings]  # beside the filter's button
    for column, text in enumerate(headings):
        put(sheet, 0, column, text, heading)
    last = 0
    for last, cells in enumerate(rows, start=1):
        if last <= SAMPLE:
            _widen(widths, cells)
        for column, value in enumerate(cells):
            if value is not None:
                put(sheet, last, column, value, data)
    fitted = [min(max(wide, NARROWEST), WIDEST) for wide in widths]
    for column, wide in enumerate(fitted):
        sheet.set_column(column, column, wide)
    sheet.set_row(0, 24)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    set_print(sheet, sum(fitted))
    if headings:
        sheet.autofilter(0, 0, last, len(headings) - 1)


def _widen(widths: list[int], cells: Sequence[Cell]) -> None:
    for column, value in enumerate(cells[: len(widths)]):
        widths[column] = max(widths[column], min(width(str(value)), WIDEST) + 2)


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
