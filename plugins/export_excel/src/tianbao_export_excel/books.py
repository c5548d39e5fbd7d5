"""Opens XlsxWriter's workbook as all of ours are written: row by row, with temporary files that go away."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet
from xlsxwriter.xmlwriter import XMLwriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of what is written."""

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
"""The edges of Excel's sheet, 1-based; XlsxWriter drops what lies beyond without a word, so we look first."""

SHORT = 100
"""The most characters of a text that is remembered."""

A4 = 9
LANDSCAPE_FROM = 90
"""The width, in characters of Latin text, from which a sheet is printed across."""

FONT = "Microsoft JhengHei"
"""A cell names one font only; this one is on every Windows and Mac Office with 繁體中文."""


class Sheet(Worksheet):  # type: ignore[misc]  # XlsxWriter is not typed
    """A worksheet that takes every text as it is, and writes text and numbers in fewer steps.

    XlsxWriter takes a text of the form ``<r>…</r>`` for markup of its own. Ours is never markup, and our cells
    all have a format; knowing that makes a long sheet a third faster.
    """

    def _write_cell(self, row: int, col: int, cell: Any) -> None:  # noqa: ANN401 -- XlsxWriter's own tuples
        kind = type(cell).__name__
        if kind == "String":
            start, value = self._start(row, col, cell), _as_xml(cell.string)
            self.fh.write(f'{start} t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>')
        elif kind == "Number":
            self.fh.write(f"{self._start(row, col, cell)}><v>{cell.number:.16G}</v></c>")
        else:
            super()._write_cell(row, col, cell)

    def _start(self, row: int, col: int, cell: Any) -> str:  # noqa: ANN401 -- XlsxWriter's own tuples
        return f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"'  # noqa: SLF001


def _as_xml(text: str) -> str:
    return _known(text) if len(text) <= SHORT else _escaped(text)


def _escaped(text: str) -> str:
    return escape(XMLwriter._escape_control_characters(text))  # noqa: SLF001 -- Excel's own way, hard to get right


_known = lru_cache(maxsize=4096)(_escaped)
"""Cells repeat: the commonest short texts are remembered."""


@contextmanager
def new_workbook(to: BinaryIO, title: str) -> Iterator[Workbook]:
    """A workbook that is written to `to` when the block ends well; nothing is written when it does not.

    Rows go to a temporary file as they come, so memory does not grow with them; cells must come row by row.
    """
    with TemporaryDirectory(prefix="tianbao-") as folder:
        workbook = Workbook(to, _options(folder))
        workbook.set_properties({"title": title})
        try:
            yield workbook
        except BaseException:
            for sheet in workbook.worksheets():
                sheet.row_data_fh.close()
            raise
        workbook.close()


def set_print(sheet: Sheet, width: float) -> None:
    """Print the sheet on A4, as wide as the paper; `width` is that of its columns, in characters of Latin text."""
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer("&L&A&R&P / &N")
    if width >= LANDSCAPE_FROM:
        sheet.set_landscape()


def _options(folder: str) -> dict[str, object]:
    return {
        "constant_memory": True,
        "tmpdir": folder,
        "use_zip64": True,  # only what is above 4 GB is written differently for it
        "default_format_properties": {"font_name": FONT, "font_size": 11},
        "default_row_height": 24,  # in pixels, 18 pt: air for Chinese glyphs
    }
