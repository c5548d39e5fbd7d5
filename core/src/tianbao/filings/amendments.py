"""申請修改: a month that was filed is opened, so that a corrected workbook can take the place of what is in force.

The manual: 「僅可申請修改當學期其他月份的填報資訊，申請後請至「逾期補填」頁面上傳修正後資料」;
「跨學期修改請致電承辦學校告知大略修改原因與修改的年月份報表」. Until the corrected workbook is accepted (see
`tianbao.filings`) the old filing stays in force, and a request can be withdrawn.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import evolve

from tianbao.accounts import Account
from tianbao.accounts.forms import demand_words, look_over, typed_words
from tianbao.accounts.policy import Action, demand, may
from tianbao.audit import Act
from tianbao.calendar import Amendment, Calendar, Facts
from tianbao.doors import Door, amendment_door, opening_door
from tianbao.errors import Refusal
from tianbao.periods import Period
from tianbao.units import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork


def ask(app: "App", account: Account, unit: Unit, period: Period, reason: str) -> Amendment:
    """Ask to amend an earlier month of the semester of the current period.

    Raises:
        Refusal: not for this account to do, or the month's door is closed (see `tianbao.doors.amendment_door`).
        FormRefusal: there is no reason, or too long a one.
    """
    demand(account, Action.ASK_AMENDMENT, unit)
    reason = typed_words(reason)
    look_over(reason=lambda: demand_words(reason, "修改原因"))
    asked = Amendment(period, app.clock.now(), account.id, reason, opened_by_name=account.name)
    return _open(app, unit, asked, Act.AMENDMENT_ASKED, amendment_door)


def open_month(  # noqa: PLR0917 -- the fields of the form
    app: "App", organiser: Account, unit: Unit, period: Period, caller: str, reason: str
) -> Amendment:
    """Open a month of any semester after a telephone call, and keep who called and why.

    Raises:
        Refusal: not for this account to do, or there is nothing to amend in that month.
        FormRefusal: caller or reason is missing, or too long.
    """
    demand(organiser, Action.OPEN_MONTHS, unit)
    caller, reason = typed_words(caller), typed_words(reason)
    look_over(caller=lambda: demand_words(caller, "來電者"), reason=lambda: demand_words(reason, "修改原因"))
    opened = Amendment(period, app.clock.now(), organiser.id, reason, caller, opened_by_name=organiser.name)
    return _open(app, unit, opened, Act.AMENDMENT_OPENED, opening_door)


def _open(
    app: "App", unit: Unit, amendment: Amendment, act: Act, door_of: Callable[[Calendar, Facts, Period], Door]
) -> Amendment:
    calendar = Calendar(amendment.opened_at, app.settings.calendar)
    with app.store.work() as work:
        facts = locked_facts(work, unit)
        door_of(calendar, facts.settled(calendar.now), amendment.period).demand()
        opened = evolve(amendment, id=work.amendments.add(facts.unit, amendment))
        _note(work, unit, opened, act, amendment.opened_by, opened.opened_at)
    return opened


def withdraw(app: "App", account: Account, unit: Unit, period: Period) -> None:
    """Take a request back: by the unit, or by the organiser.

    Raises:
        Refusal: not for this account to do, or no request for that month is open (``not-asked``).
    """
    if not may(account, Action.OPEN_MONTHS, unit):
        demand(account, Action.ASK_AMENDMENT, unit)
    now = app.clock.now()
    with app.store.work() as work:
        facts = locked_facts(work, unit).settled(now)
        amendment = next((each for each in facts.amendments if each.period == period and each.open_at(now)), None)
        if amendment is None or amendment.id is None:
            raise Refusal("not-asked", f"{period.spoken}沒有可撤回的修改申請。", "請重新整理頁面，確認目前的狀態。")
        work.amendments.withdraw(amendment.id, now, account.id)
        _note(work, unit, amendment, Act.AMENDMENT_WITHDRAWN, account.id, now)


def waiting(app: "App", organiser: Account) -> "Sequence[tuple[Unit, Amendment]]":
    """The months of all units that wait for a corrected workbook, the oldest first.

    Raises:
        Refusal: not for this account to see.
    """
    demand(organiser, Action.OPEN_MONTHS)
    with app.store.read() as work:
        return work.amendments.open()


def locked_facts(work: "UnitOfWork", unit: Unit) -> Facts:
    """What is known of a unit, of which nothing can change before the transaction ends.

    Raises:
        Refusal: the unit is not in the register (``no-unit``).
    """
    work.units.lock(unit)
    registered = work.units.get(unit.id) if unit.id is not None else None
    if registered is None:
        raise Refusal("no-unit", f"名錄中沒有「{unit.name}」。", "請洽承辦單位確認單位名錄。")
    return work.calendar.facts(registered)


def _note(  # noqa: PLR0917 -- the fields of an entry
    work: "UnitOfWork", unit: Unit, amendment: Amendment, act: Act, by: int, at: datetime
) -> None:
    """The words stay with the request: the trail holds nothing that somebody might have written about a student."""
    work.audit.append(at, by, act, f"unit/{unit.id}/{amendment.period}", {"amendment": amendment.id})
