"""The filing calendar: what a unit owes at any moment, until when, and which doors are open to it.

The manual: 「每月1-10日填報上個月的成果(若需提前填報，當月11日起即可填報當月資料)」. From that rule and a unit's facts
(what it filed, what the organiser granted, what it asked to amend) follows everything else. Nothing here is stored: a
state is derived from the facts each time, for whatever moment one asks about, so it is never out of date and any day of
the past or the future can be stood on. What may be done at that moment, and why not, is told by `tianbao.doors`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property

from attrs import Factory, define, evolve, field, frozen, validators

from tianbao.clock import TAIPEI, spoken_date
from tianbao.periods import Period
from tianbao.units import Unit


class Menu(StrEnum):
    """The pages of 工作填報, in the manual's words; a closed door leads to one of them."""

    GUIDE = "guide"
    CURRENT = "current"
    LATE = "late"
    AMENDMENT = "amendment"
    HELP = "help"

    @property
    def label(self) -> str:
        return _MENU_LABELS[self]


_MENU_LABELS = {
    Menu.GUIDE: "填報說明",
    Menu.CURRENT: "當期填報",
    Menu.LATE: "逾期補填",
    Menu.AMENDMENT: "申請修改",
    Menu.HELP: "聯絡承辦單位",
}


class State(StrEnum):
    """How a unit stands with a month (應填的狀態)."""

    NOT_YET_OPEN = "not_yet_open"
    OPEN = "open"
    """To be filed, and not late; `Obligation.timing` says whether it would be early."""
    FILED = "filed"
    FILED_NIL = "filed_nil"
    OVERDUE = "overdue"
    FILED_LATE = "filed_late"
    """Filed after it was due, nil or not."""
    AMENDMENT_OPEN = "amendment_open"
    """Filed, and a corrected workbook is awaited; the filing stays in force until that is accepted."""
    EXEMPT = "exempt"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]

    @property
    def filed(self) -> bool:
        """Whether there is a filing in force."""
        return self in _FILED

    @property
    def counted(self) -> bool:
        """Whether it belongs in the denominator of a filing rate: open or due, and not exempt."""
        return self not in (State.NOT_YET_OPEN, State.EXEMPT)


_STATE_LABELS = {
    State.NOT_YET_OPEN: "尚未開放",
    State.OPEN: "待填報",
    State.FILED: "已填報",
    State.FILED_NIL: "無個案",
    State.OVERDUE: "逾期",
    State.FILED_LATE: "已補填",
    State.AMENDMENT_OPEN: "修改中",
    State.EXEMPT: "免填",
}
_FILED = frozenset({State.FILED, State.FILED_NIL, State.FILED_LATE, State.AMENDMENT_OPEN})


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

    def window(self, period: Period, extension: "Extension | None" = None) -> "Window":
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


@frozen
class Filed:
    """That a month is filed.

    Attributes:
        first_at: when it first was; amending keeps it.
        nil: whether what is in force declares no cases and no services (當月無個案及服務).
    """

    first_at: datetime
    nil: bool = False


@frozen
class Extension:
    """The organiser lets a unit file a month later (展延).

    Attributes:
        due: the last day; of no effect where that is before the regular one.
        reason: why, as the officer reads it.
    """

    due: date
    reason: str


@frozen
class Exemption:
    """The organiser lets a unit off a month (免填)."""

    reason: str


@frozen
class Amendment:
    """A month that was filed is opened to be corrected (申請修改).

    Attributes:
        period: the month.
        opened_at: when it was asked for, or opened by the organiser.
        opened_by: the account.
        reason: why.
        caller: who telephoned, where the organiser opened it.
        withdrawn_at: when the request was taken back.
        accepted_at: when the corrected workbook was accepted.
        opened_by_name: the person's name at that time.
        filing_id: the filing that was accepted.
        id: its number in the store; ``None`` for one that is not there (yet).
    """

    period: Period
    opened_at: datetime
    opened_by: int
    reason: str
    caller: str = ""
    withdrawn_at: datetime | None = None
    accepted_at: datetime | None = None
    opened_by_name: str = ""
    filing_id: int | None = None
    id: int | None = None

    def open_at(self, now: datetime) -> bool:
        """Whether the corrected workbook is awaited at a moment."""
        ends = (self.withdrawn_at, self.accepted_at)
        return self.opened_at <= now and not any(end is not None and end <= now for end in ends)

    def settled(self, now: datetime) -> "Amendment":
        """The same, all of it by ``now``; see `Facts.settled`."""
        return evolve(
            self,
            opened_at=min(self.opened_at, now),
            withdrawn_at=self.withdrawn_at and min(self.withdrawn_at, now),
            accepted_at=self.accepted_at and min(self.accepted_at, now),
        )


@frozen
class Facts:
    """What is known of a unit; everything else follows.

    What carries a moment counts from that moment on, so the same facts answer for any day.
    """

    unit: Unit
    filed: Mapping[Period, Filed] = Factory(dict)
    extensions: Mapping[Period, Extension] = Factory(dict)
    exemptions: Mapping[Period, Exemption] = Factory(dict)
    amendments: Sequence[Amendment] = ()

    def settled(self, now: datetime) -> "Facts":
        """The same, all of it by ``now``: what is in the store has happened.

        Of two uploads that arrive within a second, the later one may be stored first; for the earlier one it is a fact
        all the same, and not one of its future.
        """
        return evolve(
            self,
            filed={period: evolve(each, first_at=min(each.first_at, now)) for period, each in self.filed.items()},
            amendments=tuple(each.settled(now) for each in self.amendments),
        )


@frozen
class Obligation:
    """A month a unit must file (應填), as it stands at a moment.

    Attributes:
        unit: who.
        period: the month.
        state: how it stands.
        timing: how the filing arrived, or would arrive now; ``None`` where there is none to come.
        menu: the page it is filed on.
        window: when it can be filed, an extension counted in.
        days_left: until its last day; 0 on the day itself, negative after it.
        filed: the filing in force.
        extension: what was granted.
        exemption: likewise.
        amendment: the one that is open.
    """

    unit: Unit
    period: Period
    state: State
    timing: Timing | None
    menu: Menu
    window: Window
    days_left: int
    filed: Filed | None = None
    extension: Extension | None = None
    exemption: Exemption | None = None
    amendment: Amendment | None = None

    @property
    def nil(self) -> bool:
        """Whether the filing in force declares no cases and no services."""
        return self.filed is not None and self.filed.nil

    @property
    def deadline(self) -> str:
        """The end of the due day as people say it, with its zone."""
        return f"{spoken_date(self.window.due_on)}24:00（臺灣時間）"

    @property
    def countdown(self) -> str:
        """How long there is, or was: 還有 3 天、今天截止、已逾期 2 天."""
        if self.days_left > 0:
            return f"還有 {self.days_left} 天"
        return f"已逾期 {-self.days_left} 天" if self.days_left else "今天截止"


@define(slots=False, frozen=True)
class Calendar:
    """The calendar at a moment: ``Calendar(clock.now(), settings.calendar)``.

    Attributes:
        now: the moment, aware. For an upload it is when it arrived, not when its check was through.
        rules: the numbers.
    """

    now: datetime
    rules: CalendarRules = CalendarRules()
    _windows: dict[Period, Window] = field(factory=dict, init=False, repr=False, eq=False)

    @cached_property
    def today(self) -> date:
        return taipei_day(self.now)

    @cached_property
    def current(self) -> Period:
        """The current period (當期)."""
        return self.rules.current_period(self.today)

    @cached_property
    def first(self) -> Period:
        """The first month anybody owes."""
        return Period.parse(self.rules.first_month)

    def owes(self, unit: Unit, period: Period) -> bool:
        """Whether a unit must file a month at all, sooner or later."""
        return period >= self.first and unit.must_file(period)

    def obligations(self, facts: Facts, periods: Iterable[Period] | None = None) -> Sequence[Obligation]:
        """The months a unit must file, as they stand now.

        Args:
            facts: of the unit.
            periods: those wanted (a school year's, for a grid), else all from its first to the current one.
        """
        wanted = self._until_now(facts.unit) if periods is None else periods
        opened = {each.period: each for each in facts.amendments if each.open_at(self.now)}
        return [self._obligation(facts, period, opened) for period in wanted if self.owes(facts.unit, period)]

    def obligation(self, facts: Facts, period: Period) -> Obligation | None:
        """One month of a unit, or ``None`` where it need not file that month."""
        return next(iter(self.obligations(facts, [period])), None)

    def _until_now(self, unit: Unit) -> Iterable[Period]:
        period = max(self.first, unit.active.first or self.first)
        while period <= self.current:
            yield period
            period = period.next

    def _obligation(self, facts: Facts, period: Period, opened: Mapping[Period, Amendment]) -> Obligation:
        filed, extension = facts.filed.get(period), facts.extensions.get(period)
        if filed and filed.first_at > self.now:
            filed = None
        exemption, amendment = facts.exemptions.get(period), opened.get(period)
        window = self._window(period, extension)
        state = _state(filed, amendment, exemption, window, self.now)
        late = state is State.AMENDMENT_OPEN or period < self.current
        return Obligation(
            facts.unit,
            period,
            state,
            window.timing(filed.first_at if filed else self.now) if state.counted else None,
            Menu.LATE if late else Menu.CURRENT,
            window,
            (window.due_on - self.today).days,
            filed,
            extension,
            exemption,
            amendment,
        )

    def _window(self, period: Period, extension: Extension | None) -> Window:
        """Remembered, since a national grid asks for each month 4,000 times."""
        if extension:
            return self.rules.window(period, extension)
        if period not in self._windows:
            self._windows[period] = self.rules.window(period)
        return self._windows[period]


def _state(
    filed: Filed | None, amendment: Amendment | None, exemption: Exemption | None, window: Window, now: datetime
) -> State:
    if filed:
        if amendment:
            return State.AMENDMENT_OPEN
        if filed.first_at >= window.due_at:
            return State.FILED_LATE
        return State.FILED_NIL if filed.nil else State.FILED
    if exemption:
        return State.EXEMPT
    if now < window.opens_at:
        return State.NOT_YET_OPEN
    return State.OPEN if now < window.due_at else State.OVERDUE
