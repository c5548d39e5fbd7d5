"""Writes a table as ``.ods``, row by row into the zip."""

from collections.abc import Callable, Iterable, Sequence
from io import TextIOWrapper
from itertools import chain, islice
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from attrs import evolve, field, frozen

from tianbao.exporters import Table
from tianbao.workbooks import Cell
from tianbao_export_excel.books import LAST_ROW
from tianbao_export_excel.ods import parts
from tianbao_export_excel.ods.cells import attribute, cell, text_cell
from tianbao_export_excel.tables import ABOUT, SAMPLE, Widths, sheets

Write = Callable[[str], object]
_ROW, _ROW_ENDS = "<table:table-row>", "</table:table-row>"


@frozen
class OpenDocumentExporter:
    """A `tianbao.exporters.Exporter` for ``.ods``.

    Attributes:
        rows_a_sheet: after so many rows the table goes on, under the same headings, on another sheet.
    """

    rows_a_sheet: int = field(default=LAST_ROW - 1)

    suffix = ".ods"
    media_type = parts.ODS
    label = "ODF 試算表"

    def export(self, table: Table, to: BinaryIO) -> None:
        """Write the table, row by row as they come."""
        rows = iter(table.rows)
        first = list(islice(rows, SAMPLE))
        widths = Widths(table.headings, first).fitted
        with ZipFile(to, "w", ZIP_DEFLATED) as package:
            package.writestr("mimetype", parts.ODS, ZIP_STORED)
            with package.open("content.xml", "w", force_zip64=True) as content:
                text = TextIOWrapper(content, "utf-8", newline="\n")
                names = _write_content(evolve(table, rows=chain(first, rows)), widths, self.rows_a_sheet, text.write)
                text.flush()
                text.detach()  # its part of the zip closes it
            package.writestr("styles.xml", parts.styles(sum(widths)))
            package.writestr("settings.xml", parts.settings(names))
            package.writestr("meta.xml", parts.meta(table.title))
            package.writestr("META-INF/manifest.xml", parts.MANIFEST)


def _write_content(table: Table, widths: Sequence[float], rows_a_sheet: int, write: Write) -> Sequence[str]:
    """Write the long part; the names of the sheets that hold data."""
    write(parts.content_start(widths))
    written = {name: _write_data(name, table.headings, rows, write) for name, rows in sheets(table, rows_a_sheet)}
    _write_about(table, write)
    write(parts.content_end((name, rows, len(table.headings)) for name, rows in written.items()))
    return list(written)


def _write_data(name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], write: Write) -> int:
    """Write a sheet; the number of its rows, headings included."""
    write(f'<table:table table:name={attribute(name)} table:style-name="sheet">')
    for number in range(len(headings)):
        write(f'<table:table-column table:style-name="{parts.COLUMN.format(number)}"/>')
    write(f"<table:table-header-rows>{_ROW}")
    write("".join(text_cell(text, "heading") for text in headings) or cell(None))
    write(f"{_ROW_ENDS}</table:table-header-rows>")
    last = 1
    for last, row in enumerate(rows, start=2):  # noqa: B007 -- wanted after the last one
        write(f"{_ROW}{''.join(map(cell, row)) or cell(None)}{_ROW_ENDS}")
    write("</table:table>")
    return last


def _write_about(table: Table, write: Write) -> None:
    """Write the sheet that says what the table is, from which query, for whom, when."""
    write(f'<table:table table:name="{ABOUT}" table:style-name="sheet">')
    write("".join(f'<table:table-column table:style-name="{name}"/>' for name in (parts.LABELS, parts.TEXTS)))
    write(f"{_ROW}{text_cell(table.title, 'title')}{_ROW_ENDS}{_ROW}{cell(None)}{_ROW_ENDS}")
    for label, text in table.about:
        write(f"{_ROW}{text_cell(label, 'label')}{text_cell(text, 'wrapped')}{_ROW_ENDS}")
    write("</table:table>")
