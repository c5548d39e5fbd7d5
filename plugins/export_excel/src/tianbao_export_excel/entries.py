"""Helps people to enter what a column takes: drop-downs, limits, prompts.

Excel's own limits: a prompt's or an error's title has 32 characters, its text 255, a list inside a rule 255.
"""

from collections.abc import Sequence
from typing import Any

from attrs import define, field
from xlsxwriter import Workbook

from tianbao.documents import Entry, Look
from tianbao.workbooks import column_letters
from tianbao_export_excel.books import Sheet
from tianbao_export_excel.cells import put, shortened, storable
from tianbao_export_excel.looks import Looks

LONGEST_TITLE, LONGEST_TEXT, LONGEST_LIST = 32, 255, 255
REFUSED = "這一格不能填入這個內容"
UNDO = "請按「取消」還原後重填。"

Choices = tuple[str | int, ...]


@define
class ChoiceLists:
    """Lists too long for a rule, on a sheet of their own that nobody sees: each a column with a name."""

    workbook: Workbook
    taken: frozenset[str]
    """The sheet names of the document, in lower case."""
    _lists: dict[Choices, str] = field(factory=dict, init=False)

    def name_of(self, choices: Choices) -> str:
        """The defined name of a list; the same list is written once."""
        # 1 == "1" is false, so lists of numbers and of text stay apart: Excel tells them apart too.
        return self._lists.setdefault(choices, f"choices_{len(self._lists) + 1}")

    def write(self, looks: Looks) -> None:
        """Write the sheet, after all others; no sheet where there are no long lists."""
        if not self._lists:
            return
        name = self._free_name()
        sheet = self.workbook.add_worksheet(name, worksheet_class=Sheet)
        sheet.very_hidden()
        style = looks.style(Look.DATA, framed=False)
        for row in range(max(map(len, self._lists))):
            for column, choices in enumerate(self._lists):
                if row < len(choices):
                    put(sheet, row, column, choices[row], style)
        for column, (choices, defined) in enumerate(self._lists.items(), start=1):
            letters = column_letters(column)
            self.workbook.define_name(defined, f"='{name}'!${letters}$1:${letters}${len(choices)}")

    def _free_name(self) -> str:
        name = "_選項"
        while name.lower() in self.taken:
            name += "_"
        return name


def rule(entry: Entry, lists: ChoiceLists, *, text: bool) -> dict[str, Any]:
    """An entry as XlsxWriter's options of a data validation; empty where there is nothing to help with.

    Args:
        entry: what may be entered.
        lists: where lists go that are too long for the rule itself.
        text: whether the column is one of text; Excel sees no numbers there, so whole ones are not enforced.
    """
    limits = _list(entry, lists, text=text) or (not text and _whole(entry)) or _length(entry)
    if not limits and not (entry.title or entry.prompt):
        return {}
    prompts = {
        "input_title": _fit(entry.title, LONGEST_TITLE),
        "input_message": _fit(entry.prompt, LONGEST_TEXT),
    }
    shown = {key: value for key, value in prompts.items() if value}
    if not limits:
        return {"validate": "any", "show_error": False} | shown
    return limits | shown | {"error_title": REFUSED, "show_error": entry.strict}


def _list(entry: Entry, lists: ChoiceLists, *, text: bool) -> dict[str, Any]:
    if not entry.choices:
        return {}
    choices = tuple(str(choice) for choice in entry.choices) if text else tuple(entry.choices)
    says = f"請從這一格右邊的清單選一項。{UNDO}"
    source = _inline(choices) or f"={lists.name_of(choices)}"
    return {"validate": "list", "source": source, "error_message": says}


def _inline(choices: Sequence[str | int]) -> list[str] | None:
    """The choices as a list inside the rule, or ``None`` where it cannot hold them."""
    items = [storable(str(choice)) for choice in choices]
    joined = ",".join(items)
    odd = any(not item or item != item.strip() or set(item) & set(',"\r\n\t') for item in items)
    return None if odd or len(joined.encode("utf-16-le")) > 2 * LONGEST_LIST else items


def _whole(entry: Entry) -> dict[str, Any]:
    least, most = entry.whole_from, entry.whole_to
    if least is not None and most is not None:
        says, limits = (
            f"請填 {least} 到 {most} 的整數",
            {"criteria": "between", "minimum": least, "maximum": most},
        )
    elif least is not None:
        says, limits = f"請填 {least} 以上的整數", {"criteria": ">=", "value": least}
    elif most is not None:
        says, limits = f"請填 {most} 以下的整數", {"criteria": "<=", "value": most}
    else:
        return {}
    return {"validate": "integer", "error_message": f"{says}。{UNDO}"} | limits


def _length(entry: Entry) -> dict[str, Any]:
    if entry.longest is None:
        return {}
    says = f"最多 {entry.longest} 個字。{UNDO}"
    return {"validate": "length", "criteria": "<=", "value": entry.longest, "error_message": says}


def _fit(text: str, longest: int) -> str:
    """A text for a rule: no longer than Excel takes, without control characters (an attribute holds none)."""
    plain = "".join(character if character >= " " or character == "\n" else " " for character in storable(text))
    return shortened(plain, longest)
