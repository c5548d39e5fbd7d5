"""A letter without a word processor: what stands in it, under the names that templates call it by.

A writer plugin fills these fields into a template which the agency edits in Word or LibreOffice: ``{{ 受文者 }}``
stands where the addressee is to stand. The layout is the template's, the facts are core's.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import BinaryIO, Protocol

from attrs import frozen

from tianbao.clock import TAIPEI
from tianbao.periods import ROC, Period
from tianbao.reminders import Owing

LIST, INFORMED = "名單", "副知名單"
"""The fields that hold a row for each unit."""

FIELDS: Mapping[str, str] = {
    "受文者": "彰化縣政府",
    "發文日期": "中華民國114年3月17日",
    "月份": "114年2月",
    "期限": "114年3月10日（星期一）",
    "主旨": "整句主旨",
    "說明": "說明的各段，一段一個項目",
    LIST: "尚未完成填報的單位，一個單位一列",
    INFORMED: "由國教署逕行函知、僅供縣市政府參考的單位，一個單位一列",
    "單位數": "名單有幾個單位",
    "附件": "隨函檔案的名稱",
    "正本": "彰化縣政府",
    "副本": "國立彰化高級中學",
    "承辦單位": "國立彰化高級中學",
    "承辦電話": "04-7222121 ext.35207或35205",
    "承辦信箱": "rd@chsh.chc.edu.tw",
    "客服單位": "國立暨南國際大學資訊工程學系",
    "客服電話": "049-2910960#3765、3971、3785",
    "系統網址": "https://cgs.k12ea.gov.tw",
}
"""What a template may name, each with an example or a word on what it is."""

ROW_FIELDS: Mapping[str, str] = {
    "序號": "1",
    "代碼": "074501",
    "名稱": "縣立大成國中",
    "學制": "國中",
    "縣市": "彰化縣",
    "逾期月份": "114年1月、2月",
    "逾期月數": "2",
    "最近提醒": "114.3.11",
}
"""What a row of the lists holds: ``{{ 單位.代碼 }}`` within ``{%tr for 單位 in 名單 %}``."""


@frozen
class Letter:
    """One letter.

    Attributes:
        values: of `FIELDS`, all but the lists: texts, and for 說明 its paragraphs.
        listed: the units it is about.
        informed: units that answer to somebody else, of which the addressee is told.
    """

    values: Mapping[str, str | Sequence[str]]
    listed: Sequence[Owing]
    informed: Sequence[Owing] = ()

    @property
    def fields(self) -> Mapping[str, object]:
        """All that a template may name."""
        return {**self.values, LIST: rows_of(self.listed), INFORMED: rows_of(self.informed)}


class OpenedTemplate(Protocol):
    """A template that was found to be harmless and whole."""

    @property
    def fields(self) -> AbstractSet[str]:
        """Those of `FIELDS` that it names."""
        ...

    def fill(self, letter: Letter, to: BinaryIO) -> None:
        """Write the letter.

        Raises:
            Refusal: the template names something in a row that there is not, or what comes out is no document.
        """
        ...


class LetterWriter(Protocol):
    """Writes letters in one format; what `tianbao_letter_writers` returns."""

    suffix: str
    """With its dot: ``.odt``."""
    media_type: str
    label: str
    """As people call the format."""

    def shipped(self) -> bytes:
        """The template to begin with, a file for people to edit."""
        ...

    def open(self, template: bytes) -> OpenedTemplate:
        """Take a template; hostile until checked, and never executed beyond putting fields in their places.

        Raises:
            Refusal: it is of another format, broken, too large, encrypted, holds macros or links to other files, names
                what is not in `FIELDS`, or does more than repeat, leave out and show fields.
        """
        ...


def rows_of(units: Sequence[Owing]) -> list[dict[str, str]]:
    """The rows of a list, as templates show them; see `ROW_FIELDS`."""
    return [_row(number, each) for number, each in enumerate(units, start=1)]


def _row(number: int, owing: Owing) -> dict[str, str]:
    unit = owing.unit
    return {
        "序號": str(number),
        "代碼": unit.code,
        "名稱": unit.name,
        "學制": unit.level.label,
        "縣市": unit.county,
        "逾期月份": spoken_months(owing.periods),
        "逾期月數": str(len(owing.periods)),
        "最近提醒": owing.reminded.spoken(_short_day, "未曾提醒"),
    }


_APART = 2
"""So many months in a row are still said one by one."""


def spoken_months(periods: Sequence[Period]) -> str:
    """Months as a list says them: 113年12月、114年1月、3月; three or more in a row as 113年10月至114年2月."""
    runs: list[list[Period]] = []
    for period in periods:
        if runs and runs[-1][-1].next == period:
            runs[-1].append(period)
        else:
            runs.append([period])
    said, year = "", 0
    for run in runs:
        for number, period in enumerate(run if len(run) <= _APART else (run[0], run[-1])):
            joint = "至" if number and len(run) > _APART else "、" if said else ""
            said += joint + (f"{period.month}月" if period.year == year else period.spoken)
            year = period.year
    return said


def roc_day(moment: datetime) -> str:
    """A day as official letters write it: 114年3月17日."""
    day = moment.astimezone(TAIPEI)
    return f"{day.year - ROC}年{day.month}月{day.day}日"


def _short_day(moment: datetime) -> str:
    """The same, as it fits a narrow column: 114.3.17."""
    day = moment.astimezone(TAIPEI)
    return f"{day.year - ROC}.{day.month}.{day.day}"
