"""Time, always Asia/Taipei: the deadline of a filing is a Taiwanese midnight wherever the server stands."""

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from attrs import frozen

TAIPEI = ZoneInfo("Asia/Taipei")


class Clock(Protocol):
    """Whatever tells the time; the tests' and the demo's clocks are others than the server's."""

    real: bool
    """Whether this is the true time; pages carry a banner where it is not."""

    def now(self) -> datetime:
        """The moment, aware, in Asia/Taipei."""
        ...


class SystemClock:
    """The server's own clock."""

    real = True

    def now(self) -> datetime:
        return datetime.now(TAIPEI)


@frozen
class ShiftedClock:
    """A clock that stands on another day and goes on from there (``--today``)."""

    today: date
    started: datetime
    real = False

    @classmethod
    def on(cls, today: date) -> "ShiftedClock":
        return cls(today, datetime.now(TAIPEI))

    def now(self) -> datetime:
        moved = datetime.combine(self.today, self.started.timetz()) - self.started
        return datetime.now(TAIPEI) + moved


@frozen
class FixedClock:
    """A clock that has stopped, for tests."""

    moment: datetime
    real = False

    @classmethod
    def at(cls, text: str) -> "FixedClock":
        """Stop at an ISO moment of Taipei time, such as ``2025-03-11`` or ``2025-03-10T23:59:59``."""
        moment = datetime.fromisoformat(text)
        return cls(moment.replace(tzinfo=TAIPEI))

    def now(self) -> datetime:
        return self.moment


def spoken_date(day: date) -> str:
    """A date as people say it: 114年10月10日（星期五）."""
    return f"{day.year - 1911}年{day.month}月{day.day}日（星期{'一二三四五六日'[day.weekday()]}）"


def spoken_moment(moment: datetime) -> str:
    """A moment as people say it, in Taipei time: 114年10月10日（星期五）17:05."""
    local = moment.astimezone(TAIPEI)
    return f"{spoken_date(local.date())}{local:%H:%M}"
