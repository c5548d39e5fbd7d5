"""A list as it was published, whatever its dress: rows of text, from .csv in the usual encodings or a spreadsheet."""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING

from tianbao.cells import text_of
from tianbao.errors import Refusal
from tianbao.workbooks import Limits

if TYPE_CHECKING:
    from tianbao.plugins import Plugins

Table = Sequence[Sequence[str]]
"""Cells as text; row ``n`` of the user is ``table[n - 1]``."""

_WIDE = (BOM_UTF16_LE, BOM_UTF16_BE)
_ENCODINGS = ("utf-8-sig", "cp950", "big5hkscs")
"""Tried in this order: what is no UTF-8 is hardly ever so by chance, while Big5 takes almost anything."""
_SEPARATORS = ",\t;"


def tables_of(plugins: "Plugins", limits: Limits, data: bytes) -> Sequence[Table]:
    """The tables in a file: the one of a text file, or a spreadsheet's visible sheets.

    Raises:
        Refusal: it is too large, or neither text in a known encoding nor a spreadsheet that a plugin reads.
    """
    if len(data) > limits.bytes:
        says = f"檔案超過上限 {limits.bytes / 2**20:.0f} MB，沒有收下。"
        raise Refusal("too-large", says, "學校名錄通常不到 1 MB，請確認選的是名錄。")
    if b"\0" in data and not data.startswith(_WIDE):  # no text in these encodings holds one
        book = plugins.read_workbook(data, limits)
        return [[[text_of(cell) for cell in row] for row in sheet.rows] for sheet in book.sheets if sheet.visible]
    return [_split(_decoded(data))]


def _decoded(data: bytes) -> str:
    for encoding in ("utf-16",) if data.startswith(_WIDE) else _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    says = "檔案的文字編碼無法辨識（不是 UTF-8，也不是 Big5）。"
    raise Refusal("list-encoding", says, "請在 Excel 開啟後，另存為「CSV UTF-8」或 .xlsx 再匯入。")


def _split(text: str) -> Table:
    separator = max(_SEPARATORS, key=text[:2000].count)
    try:
        rows = csv.reader(StringIO(text, newline=""), delimiter=separator)
        return [[text_of(cell) for cell in row] for row in rows]
    except csv.Error as error:
        raise Refusal(
            "list-broken", "檔案不是完整的 CSV，有一列讀不下去。", "請重新下載名錄，不要修改後再匯入。"
        ) from error
