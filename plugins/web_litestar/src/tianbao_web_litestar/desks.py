"""A unit officer's desk: the unit, one month of it, how it stands, and what is filed for it."""

from collections.abc import Mapping, Sequence
from datetime import date

from attrs import frozen

from tianbao.accounts import Account
from tianbao.bootstrap import App
from tianbao.calendar import Menu, Obligation, State
from tianbao.doors import Door
from tianbao.errors import Refusal
from tianbao.filings import Filing, template_of
from tianbao.filings.agenda import Agenda, agenda
from tianbao.periods import Period
from tianbao.templates import Template
from tianbao.units import Unit

_SOON = 3
"""So many days before the deadline it is said with more weight."""

ADDRESSES: Mapping[Menu, str] = {
    Menu.GUIDE: "/filing/guide",
    Menu.CURRENT: "/filing/current",
    Menu.LATE: "/filing/late",
    Menu.AMENDMENT: "/filing/amendments",
    Menu.HELP: "#help",
}
"""Where the pages are that a closed door leads to."""


@frozen
class Deadline:
    """Until when a period is to be filed."""

    due: date
    days: int

    @classmethod
    def of(cls, core: App, period: Period, now: Obligation | None = None) -> "Deadline":
        """The regular one, or the unit's own where the month was put off."""
        due = (now.window if now else core.settings.calendar.window(period)).due_on
        return cls(due, (due - core.clock.now().date()).days)

    @property
    def left(self) -> str:
        """As people say it."""
        if self.days < 0:
            return f"已逾期 {-self.days} 天"
        return f"還有 {self.days} 天" if self.days else "今天截止"

    @property
    def soon(self) -> bool:
        return self.days <= _SOON


@frozen
class Desk:
    """What a unit officer has before them."""

    agenda: Agenda
    period: Period
    deadline: Deadline
    filing: Filing | None
    template: Template | None
    """The one that serves the period; ``None`` where none is installed."""
    continues: bool
    """Whether last month's filing has students to go on with (續報)."""

    @property
    def unit(self) -> Unit:
        return self.agenda.unit

    @property
    def now(self) -> Obligation | None:
        return self.agenda.of(self.period)

    @property
    def door(self) -> Door:
        """Whether the month can be filed."""
        return self.agenda.filing_door(self.period)

    @property
    def is_current(self) -> bool:
        return self.period == self.agenda.calendar.current

    @property
    def amending(self) -> bool:
        """Whether a corrected workbook is awaited."""
        return self.now is not None and self.now.state is State.AMENDMENT_OPEN

    @property
    def address(self) -> str:
        """The page the month is filed on."""
        return ADDRESSES[Menu.CURRENT] if self.is_current else f"{ADDRESSES[Menu.LATE]}/{self.period}"

    @property
    def title(self) -> str:
        return (Menu.CURRENT if self.is_current else Menu.LATE).label

    @property
    def overdue(self) -> Sequence[Obligation]:
        return [each for each in self.agenda.catching_up if each.state is State.OVERDUE]

    @property
    def others(self) -> Sequence[Obligation]:
        """What else waits on 逾期補填."""
        return [each for each in self.agenda.catching_up if each.period != self.period]


def own_agenda(core: App, account: Account) -> Agenda:
    """The agenda of the unit an officer stands for.

    Raises:
        Refusal: the account stands for no unit.
    """
    with core.store.read() as work:
        unit = work.units.get(account.unit_id) if account.unit_id is not None else None
    if unit is None:
        raise Refusal("no-unit", "您的帳號沒有對應的填報單位。", "請洽系統客服確認帳號資料。")
    return agenda(core, account, unit)


def desk_of(core: App, account: Account, period: Period | None = None) -> Desk:
    """The desk of a unit officer, with the current month on it or another.

    Raises:
        Refusal: the account stands for no unit.
    """
    mine = own_agenda(core, account)
    month = period or mine.calendar.current
    with core.store.read() as work:
        filing, last = work.filings.in_force(mine.unit, month), work.filings.in_force(mine.unit, month.previous)
    continues = last is not None and last.counts["case"] > 0
    return Desk(mine, month, Deadline.of(core, month, mine.of(month)), filing, serving(core, month), continues)


def serving(core: App, period: Period) -> Template | None:
    """The template that serves a period, where one does."""
    try:
        return template_of(core.plugins.templates, period)
    except Refusal:
        return None
