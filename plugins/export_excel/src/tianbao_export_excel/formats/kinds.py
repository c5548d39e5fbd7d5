"""Reads a file of any format we know."""

from tianbao.workbooks import Limits, Workbook
from tianbao_export_excel.formats import compound, opendocument, package
from tianbao_export_excel.formats.archive import Archive
from tianbao_export_excel.refusals import Rejected

_TRACES_OF_OURS = (
    b"[Content_Types].xml",
    b"opendocument.spreadsheet",
    b"xl/workbook",
    b"xl\\workbook",
    b"xl/worksheets",
)


def read(data: bytes, limits: Limits) -> Workbook | None:
    """Read a file whose first bytes promise a zip archive or an OLE2 compound.

    Returns:
        The workbook, or ``None`` where it is some other kind of zip archive, such as a Word document.

    Raises:
        Rejected: it is a spreadsheet, but broken, encrypted, too large or hostile. Nothing else is raised.
    """
    try:
        return _read(data, limits)
    except Rejected:
        raise
    except MemoryError:
        raise Rejected("too-heavy") from None
    except BaseException:  # noqa: BLE001 -- PyO3's panics are no Exceptions; the file is to blame
        raise Rejected("broken") from None


def _read(data: bytes, limits: Limits) -> Workbook | None:
    if not data.startswith(b"PK"):
        return compound.read(data, limits)
    try:
        archive = Archive(data, limits.inflated)
    except Rejected as rejected:
        if rejected.code == "broken" and not any(trace in data for trace in _TRACES_OF_OURS):
            return None  # a damaged zip archive that never was a spreadsheet
        raise
    if opendocument.is_one(archive):
        return opendocument.read(archive, limits)
    if package.is_one(archive):
        return package.read(archive, limits)
    return None
