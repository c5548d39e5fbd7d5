"""Taiwan's working days: 「若遇假日則順延」.

Three layers, the later over the earlier: the days off and the make-up Saturdays that the `holidays` library
calculates; the year's official calendar as it was published (政府行政機關辦公日曆表), where it differs; single days the
organiser set, such as a typhoon day. The days of government offices are meant: those who file, chase and answer work by
them. Labour Day is none of them before 2026 (it was for who falls under the labour law), and is one from 2026 on, by
the law of 2025.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache

import holidays
from attrs import define, field, frozen

_LONGEST_BREAK = 60
"""Days; no break is longer, and a calendar that says so has a slip in it."""


class Source(StrEnum):
    """Where it is from that a day is, or is not, a working day; the later goes first."""

    CALCULATED = "calculated"
    PUBLISHED = "published"
    ORGANISER = "organiser"

    @property
    def label(self) -> str:
        return {"calculated": "國定假日推算", "published": "政府行政機關辦公日曆表", "organiser": "承辦單位設定"}[self]


@frozen
class Day:
    """A day of the official calendar.

    Attributes:
        day: which.
        working: whether offices and schools work.
        note: why it is other than its day of the week says: 中秋節, 補行上班; empty for an ordinary one.
        source: where it is from.
        set_at: when it was entered; ``None`` for a calculated one.
        set_by: the account; ``None`` for the command line.
        set_by_name: the person's name at that time.
    """

    day: date
    working: bool
    note: str = ""
    source: Source = Source.CALCULATED
    set_at: datetime | None = None
    set_by: int | None = None
    set_by_name: str = ""

    @property
    def why(self) -> str:
        """What kind of day it is, in a word: 星期六, 中秋節, 上班日."""
        return self.note or ("上班日" if self.working else f"星期{'一二三四五六日'[self.day.weekday()]}")


@define(slots=False, frozen=True)
class Workdays:
    """The official calendar, with what was published and set over what is calculated.

    Attributes:
        entered: those days, in any order.
    """

    entered: Iterable[Day] = ()
    _over: dict[date, Day] = field(init=False, repr=False, eq=False)

    @_over.default
    def _by_day(self) -> dict[date, Day]:
        order = list(Source)
        return {each.day: each for each in sorted(self.entered, key=lambda each: order.index(each.source))}

    def of(self, day: date) -> Day:
        """What kind of day it is."""
        return self._over.get(day) or calculated(day)

    def next_working(self, day: date) -> date:
        """The day itself where it is a working day, else the first one after it.

        Raises:
            ValueError: there is none within two months.
        """
        for later in range(_LONGEST_BREAK):
            if self.of(day + timedelta(later)).working:
                return day + timedelta(later)
        raise ValueError(f"no working day within {_LONGEST_BREAK} days of {day}; look at the days that were set")

    def skipped(self, day: date) -> list[Day]:
        """The days off that put a day off, in order; none where it is a working day."""
        return [self.of(day + timedelta(n)) for n in range((self.next_working(day) - day).days)]


def calculated(day: date) -> Day:
    """What the law says of a day, as far as it can be calculated."""
    official = _official()
    working = official.is_working_day(day)
    note = official.get(day) or ""
    if working:
        note = "補行上班" if official.is_weekend(day) else ""
    return Day(day, working, note)


@cache
def _official() -> holidays.HolidayBase:
    """Calculates a year when it is first asked for, and keeps it."""
    return holidays.country_holidays("TW", language="zh_TW")
