"""The official calendar as it is published (政府行政機關辦公日曆表): one CSV file a year, by 行政院人事行政總處."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from attrs import frozen

from tianbao.calendar.workdays import Day, Source, calculated
from tianbao.errors import Refusal

LARGEST = 40_000
"""Bytes; a year has some fifteen thousand."""
_COLUMNS = ("西元日期", "是否放假", "備註")
_MEANINGS = {"0": True, "2": False}
_LONGEST_NOTE = 50
_LONGEST_BREAK = 20
"""Days; the New Year's are nine, at times ten or eleven."""
_REMEDY = "請到政府資料開放平臺下載該年度的「中華民國政府行政機關辦公日曆表」CSV 檔，不要修改內容，再上傳。"


@frozen
class Published:
    """A year's official calendar.

    Attributes:
        year: of the common era.
        days: each day of it, in order.
    """

    year: int
    days: Sequence[Day]

    @property
    def other(self) -> Sequence[Day]:
        """The days that are not as they are calculated."""
        return [day for day in self.days if day.working != calculated(day.day).working]


def read_published(data: bytes) -> Published:
    """Read the file of a year: UTF-8 or Big5, with or without a byte order mark.

    Raises:
        Refusal: it is no such file (``not-a-calendar``), or days are wrong, twice there or missing (``bad-calendar``).
    """
    if len(data) > LARGEST:
        raise _no_calendar()
    days = sorted(_days(csv.DictReader(io.StringIO(_text(data)))), key=lambda each: each.day)
    if not days:
        raise _no_calendar()
    _demand_whole_year([each.day for each in days])
    _demand_work(days)
    return Published(days[0].day.year, days)


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp950"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _no_calendar()


def _days(rows: "csv.DictReader[str]") -> Iterator[Day]:
    try:
        headings = [name.strip() for name in rows.fieldnames or ()]
        if not set(_COLUMNS) <= set(headings):
            raise _no_calendar()
        rows.fieldnames = headings
        for row in rows:
            if any(isinstance(cell, str) and cell.strip() for cell in row.values()):
                yield _day(rows.line_num, *((row[name] or "").strip() for name in _COLUMNS))
    except csv.Error as error:
        raise _no_calendar() from error


def _day(line: int, day: str, off: str, note: str) -> Day:
    try:
        found = date.fromisoformat(day.replace("/", "-"))
        working = _MEANINGS[off]
    except (ValueError, KeyError) as error:
        raise Refusal(
            "bad-calendar", f"第 {line} 列看不懂：日期「{day[:20]}」、是否放假「{off[:20]}」。", _REMEDY
        ) from error
    plain = "".join(char for char in note if char.isprintable())[:_LONGEST_NOTE]
    return Day(found, working, plain, Source.PUBLISHED)


def _demand_whole_year(days: Sequence[date]) -> None:
    first = date(days[0].year, 1, 1)
    whole = [first + timedelta(n) for n in range((date(first.year + 1, 1, 1) - first).days)]
    if list(days) == whole:
        return
    if outside := [day for day in days if day.year != first.year]:
        raise Refusal("bad-calendar", f"檔案裡有不同年度的日期（{first.year}年與{outside[0].year}年）。", _REMEDY)
    if missing := sorted(set(whole) - set(days)):
        more = f"等 {len(missing)} 天" if len(missing) > 1 else ""
        raise Refusal("bad-calendar", f"檔案不是完整的一年，缺少{missing[0]:%Y年%m月%d日}{more}。", _REMEDY)
    twice = next(day for day in days if days.count(day) > 1)
    raise Refusal("bad-calendar", f"{twice:%Y年%m月%d日}出現兩次。", _REMEDY)


def _demand_work(days: Sequence[Day]) -> None:
    """No break may be longer than any there is: the steps that give way to it would fall on no day."""
    for working, run in groupby(days, key=lambda each: each.working):
        off = list(run)
        if not working and len(off) > _LONGEST_BREAK:
            reason = f"從{off[0].day:%Y年%m月%d日}起連續放假 {len(off)} 天，「是否放假」欄可能有誤。"
            raise Refusal("bad-calendar", reason, _REMEDY)


def _no_calendar() -> Refusal:
    return Refusal("not-a-calendar", "這個檔案不是政府行政機關辦公日曆表（CSV）。", _REMEDY)
