"""Writes documents (blanks, examples, marked workbooks) as ``.xlsx``."""

from typing import BinaryIO

from attrs import frozen
from xlsxwriter import Workbook

from tianbao.documents import Document, Look
from tianbao_export_excel.books import XLSX, Sheet, new_workbook
from tianbao_export_excel.cells import shortened, storable
from tianbao_export_excel.entries import ChoiceLists
from tianbao_export_excel.looks import Looks, properties
from tianbao_export_excel.pages import PageWriter

LONGEST_PROPERTY = 255


@frozen
class ExcelWriter:
    """A `tianbao.documents.Writer` for ``.xlsx``."""

    suffix = ".xlsx"
    media_type = XLSX

    def write(self, document: Document, to: BinaryIO) -> None:
        """Write the document; its pages' rows are read once and not kept.

        Raises:
            ValueError: no page is visible, or a page does not fit into a sheet.
        """
        visible = [page for page in document.pages if not page.hidden]
        if not visible:
            raise ValueError("a workbook needs a page that can be seen")
        with new_workbook(to, storable(document.title)) as workbook:
            _set_properties(workbook, document)
            looks = Looks(workbook)
            taken = frozenset(page.name.lower() for page in document.pages)
            lists = ChoiceLists(workbook, taken)
            filled = workbook.add_format(_unfilled())
            for page in document.pages:
                sheet = workbook.add_worksheet(page.name, worksheet_class=Sheet)
                if page is visible[0]:
                    sheet.activate()
                PageWriter(page, sheet, looks, lists, filled).write()
            lists.write(looks)


def _set_properties(workbook: Workbook, document: Document) -> None:
    for name, value in document.properties.items():
        fitted = (shortened(storable(text), LONGEST_PROPERTY) for text in (name, value))
        workbook.set_custom_property(*fitted, "text")


def _unfilled() -> dict[str, object]:
    """The format of a required cell that is blank: ground and frame, all a conditional format may have."""
    missing = properties(Look.MISSING)
    return {key: missing[key] for key in ("bg_color", "border", "border_color")}
