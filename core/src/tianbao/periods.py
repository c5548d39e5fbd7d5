"""Months, semesters and school years.

學年度 run from August to July and count in ROC years: 2024-09 is 113學年度上學期 (上 = Aug-Jan, 下 = Feb-Jul).
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import total_ordering
from typing import Self

from attrs import field, frozen, validators

ROC = 1911
YEARS = range(1998, 2101)
"""The years in which a day or a month can be meant: those of the official calendar (`tianbao.calendar.workdays`)."""
_PERIOD = re.compile(r"(\d{4})-(\d{2})")


def parse_day(text: str) -> date:
    """Read ``2025-03-11``, as people type it.

    Raises:
        ValueError: the text is not a day, or none of `YEARS`.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(f"{text!r} is not a day; write it as YYYY-MM-DD, such as 2025-03-11") from error
    _demand_near(day.year, text)
    return day


def _demand_near(year: int, text: str) -> None:
    if year not in YEARS:
        raise ValueError(f"{text!r} is too far away; the years {YEARS[0]} to {YEARS[-1]} are known")


@total_ordering
@frozen(order=False, cache_hash=True)
class Period:
    """The month a filing is about (月份)."""

    year: int = field(validator=validators.and_(validators.ge(1912), validators.le(2910)))
    month: int = field(validator=validators.and_(validators.ge(1), validators.le(12)))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2024-09``.

        Raises:
            ValueError: the text is not a month, or none of `YEARS`.
        """
        found = _PERIOD.fullmatch(text.strip())
        if not found or not 1 <= int(found[2]) <= 12:  # noqa: PLR2004 -- months
            raise ValueError(f"{text!r} is not a month; write it as YYYY-MM, such as 2024-09")
        _demand_near(int(found[1]), text)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    def plus(self, months: int) -> "Period":
        years, month = divmod(self.month - 1 + months, 12)
        return Period(self.year + years, month + 1)

    @property
    def next(self) -> "Period":
        return self.plus(1)

    @property
    def previous(self) -> "Period":
        return self.plus(-1)

    @property
    def school_year(self) -> int:
        """The 學年度 in ROC years: 113 for 2024-08 to 2025-07."""
        return self.year - ROC - (self.month < 8)  # noqa: PLR2004 -- the school year begins in August

    @property
    def semester(self) -> "Semester":
        return Semester(self.school_year, 1 if self.month >= 8 or self.month == 1 else 2)  # noqa: PLR2004

    @property
    def roc(self) -> str:
        """As the official title rows write it: ``113-09``."""
        return f"{self.year - ROC}-{self.month:02}"

    @property
    def spoken(self) -> str:
        """As people say it: 113年9月."""
        return f"{self.year - ROC}年{self.month}月"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Period):
            return NotImplemented
        return (self.year, self.month) < (other.year, other.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


@frozen(order=True)
class Semester:
    """A semester (學期): ``half`` 1 is 上學期 (Aug-Jan), 2 is 下學期 (Feb-Jul)."""

    school_year: int
    half: int

    @property
    def periods(self) -> tuple[Period, ...]:
        first = Period(self.school_year + ROC, 8) if self.half == 1 else Period(self.school_year + ROC + 1, 2)
        return tuple(first.plus(n) for n in range(6))

    @property
    def spoken(self) -> str:
        return f"{self.school_year}學年度{'上下'[self.half - 1]}學期"


NO_MONTHS = "沒有月份"


@frozen
class PeriodRange:
    """The periods something serves, both ends included; an open end has none."""

    first: Period | None = None
    last: Period | None = None

    def __contains__(self, period: Period) -> bool:
        return not (self.first and period < self.first) and not (self.last and period > self.last)

    @property
    def empty(self) -> bool:
        """Whether it ends before it begins."""
        return bool(self.first and self.last and self.last < self.first)

    def __and__(self, other: "PeriodRange") -> "PeriodRange":
        """The months that are in both."""
        firsts = [first for first in (self.first, other.first) if first]
        lasts = [last for last in (self.last, other.last) if last]
        return PeriodRange(max(firsts, default=None), min(lasts, default=None))

    def overlaps(self, other: "PeriodRange") -> bool:
        return not (self & other).empty

    def until(self, others: Iterable[Period]) -> "PeriodRange":
        """This range without an end, cut off where the first of the others that is later begins."""
        later = [each for each in others if self.first is None or each > self.first]
        return PeriodRange(self.first, min(later).previous) if later else self

    @property
    def spoken(self) -> str:
        """As people say it: 113年8月起、111年8月至113年7月."""
        if self.empty:
            return NO_MONTHS
        if self.first and self.last:
            return f"{self.first.spoken}至{self.last.spoken}"
        if self.first:
            return f"{self.first.spoken}起"
        return f"至{self.last.spoken}" if self.last else "所有月份"


def _joined(ranges: Iterable[PeriodRange]) -> tuple[PeriodRange, ...]:
    joined: list[PeriodRange] = []
    for each in sorted((each for each in ranges if not each.empty), key=lambda each: str(each.first or "")):
        if joined and _meet(joined[-1], each):
            before = joined.pop()
            lasts = [last for last in (before.last, each.last) if last]
            joined.append(PeriodRange(before.first, max(lasts) if len(lasts) > 1 else None))
        else:
            joined.append(each)
    return tuple(joined)


def _meet(before: PeriodRange, after: PeriodRange) -> bool:
    """Whether no month lies between two ranges, of which one begins no later than the other."""
    if not before.last or not after.first or after.first <= before.last:
        return True
    return after.first.previous == before.last


@frozen
class PeriodRanges:
    """Months in several ranges: those in which a unit files, with gaps between closing and being listed again.

    Attributes:
        ranges: in order, none empty, at least a month between each and the next; whatever is given is brought into
            this form, so that what holds the same months is equal.
    """

    ranges: tuple[PeriodRange, ...] = field(default=(), converter=_joined)

    def __contains__(self, period: Period) -> bool:
        return any(period in each for each in self.ranges)

    @property
    def latest(self) -> PeriodRange | None:
        """The last of the ranges; ``None`` where there are no months at all."""
        return self.ranges[-1] if self.ranges else None

    @property
    def first(self) -> Period | None:
        """The first month; ``None`` where there is no beginning, or no month."""
        return self.ranges[0].first if self.ranges else None

    @property
    def last(self) -> Period | None:
        """The last month; ``None`` where there is no end, or no month."""
        return self.ranges[-1].last if self.ranges else None

    @property
    def goes_on(self) -> bool:
        """Whether there is no last month."""
        return bool(self.ranges) and self.last is None

    def within(self, months: PeriodRange) -> Iterable[PeriodRange]:
        """What of the ranges lies in another."""
        return (common for each in self.ranges if not (common := each & months).empty)

    def closed(self, last: Period) -> "PeriodRanges":
        """With nothing after a month; the latest range goes until it, even where it had ended before."""
        if not self.latest or (self.latest.first and last < self.latest.first):
            return PeriodRanges(self.within(PeriodRange(None, last)))
        return PeriodRanges((*self.ranges[:-1], PeriodRange(self.latest.first, last)))

    def reopened(self, since: Period) -> "PeriodRanges":
        """Going on from a month; no gap is left where that follows the last one, or comes before."""
        return PeriodRanges((*self.ranges, PeriodRange(since)))

    @property
    def spoken(self) -> str:
        """As people say it: 111年8月至113年7月、114年8月起."""
        return "、".join(each.spoken for each in self.ranges) or NO_MONTHS


def in_ranges(months: PeriodRange | PeriodRanges) -> PeriodRanges:
    """One range as several, and several as they are."""
    return months if isinstance(months, PeriodRanges) else PeriodRanges((months,))


def school_years(first: int, last: int | None = None) -> PeriodRange:
    """The periods of the school years ``first`` to ``last`` (ROC), or on without an end."""
    return PeriodRange(Period(first + ROC, 8), Period(last + ROC + 1, 7) if last else None)
