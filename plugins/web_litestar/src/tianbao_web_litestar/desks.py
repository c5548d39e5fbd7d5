"""A unit officer's desk: the unit, the month that is due, and what is filed for it."""

from datetime import date

from attrs import frozen

from tianbao.accounts import Account
from tianbao.bootstrap import App
from tianbao.calendar import CalendarRules
from tianbao.errors import Refusal
from tianbao.filings import Filing, template_of
from tianbao.periods import Period
from tianbao.templates import Template
from tianbao.units import Unit

_SOON = 3
"""So many days before the deadline it is said with more weight."""


@frozen
class Deadline:
    """Until when a period is to be filed."""

    due: date
    days: int

    @classmethod
    def of(cls, period: Period, today: date) -> "Deadline":
        due = CalendarRules().window(period).due_on
        return cls(due, (due - today).days)

    @property
    def left(self) -> str:
        """As people say it."""
        return f"還有 {self.days} 天" if self.days else "今天截止"

    @property
    def soon(self) -> bool:
        return self.days <= _SOON


@frozen
class Desk:
    """What a unit officer has before them."""

    unit: Unit
    period: Period
    deadline: Deadline
    filing: Filing | None
    template: Template | None
    """The one that serves the period; ``None`` where none is installed."""


def desk_of(core: App, account: Account) -> Desk:
    """The desk of a unit officer today.

    Raises:
        Refusal: the account stands for no unit.
    """
    today = core.clock.now().date()
    period = core.settings.calendar.current_period(today)
    with core.store.read() as work:
        unit = work.units.get(account.unit_id) if account.unit_id is not None else None
        filing = work.filings.in_force(unit, period) if unit else None
    if unit is None:
        raise Refusal("no-unit", "您的帳號沒有對應的填報單位。", "請洽系統客服確認帳號資料。")
    return Desk(unit, period, Deadline.of(period, today), filing, serving(core, period))


def serving(core: App, period: Period) -> Template | None:
    """The template that serves a period, where one does."""
    try:
        return template_of(core.plugins.templates, period)
    except Refusal:
        return None
