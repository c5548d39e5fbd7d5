"""How far a month has come, day by day, beside the month before it."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.accounts import Account
from tianbao.calendar import Calendar
from tianbao.clock import TAIPEI
from tianbao.completeness.grid import grid_of
from tianbao.completeness.looking import within
from tianbao.completeness.tally import Tally, percent
from tianbao.completeness.wish import Wish
from tianbao.periods import Period

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork

LAST_DAY = 16
"""Of the days after the due day, those until the list of the unfinished is made."""


@frozen
class Course:
    """How far one month came.

    Attributes:
        period: the month.
        tally: how its units stand now.
        filed: how many of those that are counted had filed by the end of each day; of days that are not over, by now;
            those to come are not there.
    """

    period: Period
    tally: Tally
    filed: Sequence[int]

    @property
    def shares(self) -> Sequence[float]:
        """The same as shares of what is due; none where nothing is."""
        return [number / self.tally.due for number in self.filed] if self.tally.due else ()

    def share(self, day: int) -> str:
        """The share by the end of a day, as people read it."""
        return percent(self.filed[day], self.tally.due)


@frozen
class Progress:
    """How far a month has come.

    Attributes:
        days: of the month after it; 0 is the end of the month itself, until which filing was early.
        now: the month.
        before: the month before it, for comparison.
    """

    days: Sequence[int]
    now: Course
    before: Course


def progress(app: "App", account: Account, period: Period, county: str | None = None) -> Progress:
    """The course of a month and of the one before it, through the ten days, and until the 16th where they are over.

    Raises:
        Refusal: the account may not see it (``not-allowed``).
    """
    county = within(account, Wish(period.school_year, county)).county
    calendar = Calendar(app.clock.now(), app.settings.calendar)
    over = calendar.today > calendar.rules.window(period).due_on
    days = range((LAST_DAY if over else calendar.rules.due_day) + 1)
    with app.store.read() as work:
        now, before = (_course(work, calendar, month, days, county) for month in (period, period.previous))
    return Progress(days, now, before)


def _course(work: "UnitOfWork", calendar: Calendar, period: Period, days: Sequence[int], county: str | None) -> Course:
    units = work.units.all() if county is None else work.units.of_county(county)
    rows = grid_of(work, calendar, units, [period], county).rows
    counted = {row.unit.id for row in rows if row.states[0] and row.states[0].filed}
    first = work.completeness.first_filed(period, county)
    return Course(
        period, Tally.count(row.states[0] for row in rows), _by_day(calendar, period, days, _of(first, counted))
    )


def _of(first: Mapping[int, datetime], counted: set[int | None]) -> Sequence[datetime]:
    return sorted(at for unit_id, at in first.items() if unit_id in counted)


def _by_day(calendar: Calendar, period: Period, days: Sequence[int], moments: Sequence[datetime]) -> Sequence[int]:
    """How many there were before the midnight that ends each day which has begun."""
    first = datetime.combine(period.next.first_day, time.min, TAIPEI)
    ends = [first + timedelta(days=day) for day in days if day == 0 or first + timedelta(days=day - 1) <= calendar.now]
    return [bisect_left(moments, end) for end in ends]
