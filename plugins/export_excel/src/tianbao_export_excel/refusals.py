"""Why a spreadsheet is not read: every reason's code with its sentences for the sender.

The parser runs in a jail and may be under a stranger's control, so it names only a code and a few short details;
the words are chosen here, outside.
"""

from collections.abc import Mapping

from tianbao.errors import Refusal

_SAVE_AGAIN = "請用 Excel 開啟確認內容無誤，「另存新檔」為 .xlsx 後再上傳。"
_FRESH_BLANK = "請下載空白表格，只貼上當月資料（選擇性貼上「值」）後再上傳。"

SENTENCES: Mapping[str, tuple[str, str]] = {
    "encrypted": (
        "這個檔案有密碼保護，系統無法開啟。",
        "請在 Excel 的「檔案 → 資訊 → 保護活頁簿 → 以密碼加密」清空密碼，存檔後再上傳。",
    ),
    "broken": ("檔案內容已損毀或不完整，無法讀取。", _SAVE_AGAIN),
    "too-heavy": ("檔案內容過於龐大或複雜，無法在限定的時間與記憶體內檢核完成。", _FRESH_BLANK),
    "too-many-rows": (
        "工作表「{sheet}」在第 {limit:,} 列之後還有資料，超過可檢核的列數。",
        "請刪除表格下方多餘的內容後再上傳；若資料確實這麼多，請與系統客服聯絡。",
    ),
    "too-many-columns": (
        "工作表「{sheet}」在第 {limit} 欄之後還有資料，超過可檢核的欄數。",
        "請刪除表格右方多餘的內容後再上傳。",
    ),
    "too-many-sheets": ("活頁簿有 {count:,} 張工作表，超過上限 {limit} 張。", "請只保留填報用的工作表後再上傳。"),
    "too-many-merges": (
        "工作表「{sheet}」的合併儲存格過多。",
        "請取消資料區的合併儲存格，或下載空白表格重新貼上資料後再上傳。",
    ),
    "merged-too-far": (
        "工作表「{sheet}」有合併儲存格延伸到第 {limit:,} 列之後。",
        "請取消整欄或整張工作表的合併儲存格後再上傳。",
    ),
    "inflated-too-large": ("檔案解壓縮後過大（上限 {limit:,} MB），無法檢核。", _FRESH_BLANK),
    "unsafe-archive": ("檔案的壓縮結構異常，不是 Excel 或 LibreOffice 正常儲存的檔案。", _SAVE_AGAIN),
    "unsafe-markup": ("檔案內含不允許的 XML 宣告（DTD），可能是惡意檔案。", _SAVE_AGAIN),
    "xlsb": (
        "這是 Excel 二進位活頁簿（.xlsb），系統不收這種格式。",
        "請用 Excel 開啟後「另存新檔」為 .xlsx，再上傳。",
    ),
    "busy": ("目前上傳檢核的人很多，系統暫時忙不過來；檔案沒有問題，也沒有存入。", "請過一兩分鐘再上傳一次。"),
}


class Rejected(Exception):  # noqa: N818 -- it is an answer to a person, not a fault of the program
    """A reason from `SENTENCES`, as raised while parsing.

    Attributes:
        code: a key of `SENTENCES`.
        details: what its sentences have blanks for: ``sheet``, ``limit``, ``count``.
    """

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details


def refusal(code: str, details: Mapping[str, str | int] | None = None) -> Refusal:
    """Word a reason for the person who sent the file.

    Raises:
        KeyError: there is no such code, or a detail its sentences need is missing.
    """
    message, remedy = SENTENCES[code]
    return Refusal(code, message.format_map(details or {}), remedy)
