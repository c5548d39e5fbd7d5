"""Reads spreadsheets: the bytes go into the jail, a workbook comes out."""

from tianbao.workbooks import Limits, Workbook
from tianbao_export_excel.jail import keeper, wire

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_workbook(data: bytes, limits: Limits) -> Workbook | None:
    """Read a file as .xlsx, .xlsm, .ods or .xls.

    Args:
        data: the whole file.
        limits: how much to read before refusing.

    Returns:
        The workbook, or ``None`` where the bytes are of none of these formats.

    Raises:
        Refusal: it is of these formats, but broken, encrypted, too large or hostile.
    """
    if not data.startswith((_ZIP, _COMPOUND)):
        return None
    return wire.read_reply(keeper.keeper.ask(data, limits), limits)
