"""The numbers of the calendar, and the window each month is filed in."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from attrs import field, frozen, validators

from tianbao.calendar.facts import Extension
from tianbao.clock import TAIPEI
from tianbao.periods import Period


class Timing(StrEnum):
    """When a filing arrived, or would arrive now."""

    EARLY = "early"
    """Within its own month (提前填報)."""
    ON_TIME = "on_time"
    LATE = "late"

    @property
    def label(self) -> str:
        return {"early": "提前", "on_time": "準時", "late": "逾期"}[self]


@frozen
class CalendarRules:
    """The numbers of the calendar, each a setting; the defaults are the manual's.

    Attributes:
        opening_day: the day of a month from which that month can be filed.
        due_day: the last day, of the month after, on which filing is on time.
        first_month: the first month anybody owes, ``YYYY-MM``; that of the oldest template.

    Raises:
        ValueError: a day not every month has, or two months would be current at once.
    """

    opening_day: int = field(default=11, validator=[validators.ge(2), validators.le(28)])
    due_day: int = field(default=10, validator=[validators.ge(1), validators.le(27)])
    first_month: str = field(default="2022-08", validator=lambda _rules, _field, text: Period.parse(text))

    def __attrs_post_init__(self) -> None:
        if self.opening_day <= self.due_day:
            raise ValueError(
                f"opening_day {self.opening_day} must come after due_day {self.due_day}, "
                "or two months would be current on the days between"
            )

    def current_period(self, when: date | datetime) -> Period:
        """The month that is filed on a day: last month until the due day, this month after it.

        Args:
            when: a day, or an aware moment, whose day in Taipei counts.
        """
        today = taipei_day(when) if isinstance(when, datetime) else when
        return Period.of(today).previous if today.day <= self.due_day else Period.of(today)

    def window(self, period: Period, extension: Extension | None = None) -> "Window":
        """When a month can be filed; an extension can only put off its end."""
        after = period.next
        regular = date(after.year, after.month, self.due_day)
        due_on = max(regular, extension.due) if extension else regular
        return Window(
            _midnight(date(period.year, period.month, self.opening_day)),
            _midnight(after.first_day),
            due_on,
            _midnight(due_on + timedelta(days=1)),
        )


@frozen
class Window:
    """The time in which a month is filed.

    Attributes:
        opens_at: the moment from which it can be.
        over_at: the moment the month itself is over, until which filing is early.
        due_on: the last day on which it is on time.
        due_at: the midnight that ends that day: whoever files before it is on time.
    """

    opens_at: datetime
    over_at: datetime
    due_on: date
    due_at: datetime

    def timing(self, moment: datetime) -> Timing:
        """How a filing that arrives at a moment counts."""
        if moment < self.over_at:
            return Timing.EARLY
        return Timing.ON_TIME if moment < self.due_at else Timing.LATE


def taipei_day(moment: datetime) -> date:
    """The day it is in Taipei.

    Raises:
        ValueError: the moment does not know its time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone; a deadline is a Taiwanese midnight")
    return moment.astimezone(TAIPEI).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, TAIPEI)
