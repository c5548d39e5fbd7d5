"""Tianbao plugin: reads and writes spreadsheets; the only code that knows them."""

from typing import TYPE_CHECKING

from tianbao.plugins import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tianbao.documents import Writer
    from tianbao.exporters import Exporter
    from tianbao.workbooks import Limits, Workbook


@hookimpl
def tianbao_read_workbook(data: bytes, limits: "Limits") -> "Workbook | None":
    """Read .xlsx, .xlsm, .ods and .xls, in a jail."""
    from tianbao_export_excel.reading import read_workbook  # noqa: PLC0415 -- loading the plugin stays cheap

    return read_workbook(data, limits)


@hookimpl
def tianbao_workbook_writers() -> "Iterable[Writer]":
    """Write blanks, examples and marked workbooks as .xlsx."""
    from tianbao_export_excel.writing import ExcelWriter  # noqa: PLC0415 -- loading the plugin stays cheap

    return [ExcelWriter()]


@hookimpl
def tianbao_exporters() -> "Iterable[Exporter]":
    """Download tables as .xlsx and .ods."""
    from tianbao_export_excel.exporting import ExcelExporter  # noqa: PLC0415 -- loading the plugin stays cheap
    from tianbao_export_excel.ods.exporting import OpenDocumentExporter  # noqa: PLC0415 -- the same

    return [ExcelExporter(), OpenDocumentExporter()]
