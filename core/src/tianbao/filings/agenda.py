"""A unit's agenda: what it must do, by when, what it may do and why not, at this moment; what the home page asks."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import define

from tianbao import doors
from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.calendar import Calendar, Facts, Obligation
from tianbao.doors import Door
from tianbao.periods import Period
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.bootstrap import App


@define(slots=False, frozen=True)
class Agenda:
    """The calendar of one unit.

    Attributes:
        calendar: at the moment it was asked for.
        facts: of the unit.
    """

    calendar: Calendar
    facts: Facts

    @property
    def unit(self) -> Unit:
        return self.facts.unit

    @cached_property
    def obligations(self) -> Sequence[Obligation]:
        """All months from the unit's first to the current one."""
        return self.calendar.obligations(self.facts)

    @cached_property
    def current(self) -> Obligation | None:
        """The current period; ``None`` where the unit need not file it."""
        return self.calendar.obligation(self.facts, self.calendar.current)

    @cached_property
    def current_door(self) -> Door:
        """當期填報."""
        return doors.current_door(self.calendar, self.facts)

    @cached_property
    def catching_up(self) -> Sequence[Obligation]:
        """What 逾期補填 lists."""
        return doors.catching_up(self.obligations)

    @cached_property
    def amendable(self) -> Mapping[Period, Door]:
        """What 申請修改 lists."""
        return doors.amendable(self.calendar, self.facts)

    @cached_property
    def pending(self) -> str:
        """What is said after signing in, or nothing."""
        return doors.pending(self.obligations)

    def of(self, period: Period) -> Obligation | None:
        return self.calendar.obligation(self.facts, period)

    def filing_door(self, period: Period) -> Door:
        """Whether a month may be filed now."""
        return doors.filing_door(self.calendar, self.facts, period)

    def late_door(self, period: Period) -> Door:
        return doors.late_door(self.calendar, self.facts, period)

    def amendment_door(self, period: Period) -> Door:
        return doors.amendment_door(self.calendar, self.facts, period)


def agenda(app: "App", account: Account, unit: Unit) -> Agenda:
    """The agenda of a unit now.

    Raises:
        Refusal: the account may not see the unit's filings (``not-allowed``).
    """
    demand(account, Action.SEE_FILINGS, unit)
    with app.store.read() as work:
        return Agenda(Calendar(app.clock.now(), app.settings.calendar), work.calendar.facts(unit))
