"""The steps of a month: 1日提醒, 11日稽催, 16日彙整; on which day each falls, and for how long it makes sense."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.calendar import CalendarRules
from tianbao.calendar.workdays import Day, Workdays
from tianbao.clock import TAIPEI
from tianbao.errors import TianbaoError
from tianbao.periods import Period

if TYPE_CHECKING:
    from tianbao.reminders.settings import RemindersSettings


class Step(StrEnum):
    """What is done about a month, in order."""

    REMIND = "remind"
    CHASE = "chase"
    COMPILE = "compile"

    @property
    def label(self) -> str:
        return {"remind": "提醒", "chase": "稽催", "compile": "彙整"}[self]

    @property
    def does(self) -> str:
        """What it does, in a sentence."""
        return _DOES[self]


_DOES = {
    Step.REMIND: "提醒尚未填報上個月成果的填報窗口承辦人。",
    Step.CHASE: "通知逾期未填報的承辦人，並把各縣市的未填報名單寄給縣市政府承辦人。",
    Step.COMPILE: "彙整未完成名單，連同各縣市的名單寄給承辦單位與國教署，供函文稽催。",
}


@frozen
class Due:
    """A step of a month, and when it is due.

    Attributes:
        step: which.
        period: the month it is about.
        regular: its day of the month.
        day: the day it falls on, once it has given way to days off.
        skipped: the days off it gave way to.
        opens_at: the moment from which it is due.
        closes_at: the moment from which it would be pointless, since a later step has more to say.
    """

    step: Step
    period: Period
    regular: date
    day: date
    skipped: Sequence[Day]
    opens_at: datetime
    closes_at: datetime

    def open_at(self, now: datetime) -> bool:
        """Whether it is due at a moment, or still makes sense where it was missed."""
        return self.opens_at <= now < self.closes_at

    @property
    def key(self) -> str:
        """With what the keys of all its messages begin."""
        return f"reminder/{self.step}/{self.period}"

    @property
    def shift(self) -> str:
        """Why it is not on its day: 11日（星期六）遇假日，順延至13日（星期一）; nothing where it is."""
        if not self.skipped:
            return ""
        why = "、".join(dict.fromkeys(each.why for each in self.skipped))
        return f"{self.regular.day}日（{why}）遇假日，順延至{self.day.month}月{self.day.day}日（{_weekday(self.day)}）"


def _weekday(day: date) -> str:
    return f"星期{'一二三四五六日'[day.weekday()]}"


@frozen
class Schedule:
    """When the steps of each month are due.

    A step that was missed is made up for until it is pointless: the reminder until the month is due, since it asks to
    file by then; the chase until the next month's reminder, the list until the next month's chase, which say more.

    Attributes:
        options: the days of the month, the hour, which steps move.
        rules: of the calendar.
        workdays: the official calendar.

    Raises:
        TianbaoError: the chase would come before the month is overdue, the reminder after it, or the steps are out of
            order.
    """

    options: "RemindersSettings"
    rules: CalendarRules
    workdays: Workdays

    def __attrs_post_init__(self) -> None:
        days = [self.options.day_of(step) for step in Step]
        if days != sorted(set(days)) or not self.options.remind_day <= self.rules.due_day < self.options.chase_day:
            raise TianbaoError(
                f"[reminders] has the days {', '.join(map(str, days))}: they must follow one another, and due_day "
                f"({self.rules.due_day}) of [tianbao.calendar] must not come before remind_day, but before chase_day."
            )

    def of(self, step: Step, period: Period) -> Due:
        """When a step of a month is due."""
        day = self._day(step, period)
        opens_at = self._moment(day)
        closes_at = self._moment(self._day(*_successor(step, period)))
        if step is Step.REMIND:
            closes_at = min(closes_at, self.rules.window(period).due_at)
        regular = self._regular(step, period)
        skipped = self.workdays.skipped(regular) if day != regular else ()
        return Due(step, period, regular, day, skipped, opens_at, closes_at)

    def open_at(self, now: datetime) -> Sequence[Due]:
        """The steps that are due at a moment or were missed and still make sense, the earliest first."""
        return [each for each in self._around(Period.of(now.astimezone(TAIPEI).date())) if each.open_at(now)]

    def on(self, day: date) -> Sequence[Due]:
        """The steps that fall on a day, but for those that a later one has overtaken by then."""
        return [each for each in self._around(Period.of(day)) if each.day == day and each.open_at(each.opens_at)]

    def in_month(self, month: Period) -> Sequence[Due]:
        """The steps whose day of the month is in a month, wherever they fall."""
        return [self.of(step, month.previous) for step in Step if month.previous >= self._first]

    @property
    def _first(self) -> Period:
        return Period.parse(self.rules.first_month)

    def _around(self, month: Period) -> Iterator[Due]:
        for period in (month.plus(-3), month.plus(-2), month.plus(-1)):
            if period >= self._first:
                yield from (self.of(step, period) for step in Step)

    def _regular(self, step: Step, period: Period) -> date:
        return date(period.next.year, period.next.month, self.options.day_of(step))

    def _day(self, step: Step, period: Period) -> date:
        regular = self._regular(step, period)
        return self.workdays.next_working(regular) if step in self.options.move else regular

    def _moment(self, day: date) -> datetime:
        return datetime.combine(day, time(self.options.hour), TAIPEI)


def _successor(step: Step, period: Period) -> tuple[Step, Period]:
    """The step that has more to say than a missed one."""
    if step is Step.REMIND:
        return Step.CHASE, period
    return (Step.REMIND if step is Step.CHASE else Step.CHASE), period.next
