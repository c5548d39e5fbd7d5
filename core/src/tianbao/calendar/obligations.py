"""What a unit owes at a moment (應填), and how it stands: derived from the facts each time, never stored."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from attrs import define, field, frozen

from tianbao.calendar.facts import Amendment, Exemption, Extension, Facts, Filed, Span
from tianbao.calendar.rules import CalendarRules, Timing, Window, taipei_day
from tianbao.clock import spoken_date
from tianbao.periods import Period, PeriodRange
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
    EXTRA = "extra"
    """Filed, and not owed: the months of a unit were changed afterwards. No `Obligation` is in it; a grid tells it."""

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]

    @property
    def filed(self) -> bool:
        """Whether a filing is in force that was owed."""
        return self in _FILED

    @property
    def unfinished(self) -> bool:
        """Whether somebody has yet to file it, late or not."""
        return self in {State.OPEN, State.OVERDUE}

    @property
    def counted(self) -> bool:
        """Whether it belongs in the denominator of a filing rate: owed, open or due, and not exempt."""
        return self not in (State.NOT_YET_OPEN, State.EXEMPT, State.EXTRA)


_STATE_LABELS = {
    State.NOT_YET_OPEN: "尚未開放",
    State.OPEN: "待填報",
    State.FILED: "已填報",
    State.FILED_NIL: "無個案",
    State.OVERDUE: "逾期",
    State.FILED_LATE: "已補填",
    State.AMENDMENT_OPEN: "修改中",
    State.EXEMPT: "免填",
    State.EXTRA: "額外填報",
}
_FILED = frozenset({State.FILED, State.FILED_NIL, State.FILED_LATE, State.AMENDMENT_OPEN})


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
    rules: CalendarRules = field(factory=CalendarRules)
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

    def owes_all(self, unit: Unit, first: Period, last: Period) -> bool:
        """Whether a unit must file every month from one to another."""
        return first >= self.first and any(first in months and last in months for months in unit.active.ranges)

    def all_filed(self, unit: Unit, span: Span | None, until: Period) -> bool:
        """Whether a unit has filed each month it owes until one; where that is not certain, its facts must tell.

        Of a unit with a gap in its months it is not: what it filed in the gap counts in the span, and is not owed.
        """
        owed = list(unit.active.within(PeriodRange(self.first, until)))
        if len(owed) > 1:
            return False
        return all(span is not None and span.holds(months) for months in owed)

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

    def plain_state(self, period: Period, filed: Filed | None = None) -> State:
        """How a month stands of which nothing is known but whether it is filed: nothing granted, nothing to be amended.

        Most of a country's months are such; see `tianbao.completeness`. It depends on the moment of filing by nothing
        but on which side of now and of the due moment it lies.
        """
        return _state(self._known(filed), None, None, self._window(period, None), self.now)

    def _known(self, filed: Filed | None) -> Filed | None:
        """What is filed by now."""
        return filed if filed and filed.first_at <= self.now else None

    def _until_now(self, unit: Unit) -> Iterable[Period]:
        """The months a unit must file, up to the current one."""
        period = max(self.first, unit.active.first or self.first)
        while period <= self.current:
            if unit.must_file(period):
                yield period
            period = period.next

    def _obligation(self, facts: Facts, period: Period, opened: Mapping[Period, Amendment]) -> Obligation:
        filed, extension = self._known(facts.filed.get(period)), facts.extensions.get(period)
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
