"""A reminder by hand: a county or the organiser writes now to units that owe a month."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act
from tianbao.calendar import Calendar
from tianbao.errors import Refusal
from tianbao.filings.granting import PassedOver
from tianbao.outbox import Draft
from tianbao.periods import Period
from tianbao.reminders.owing import Owing, unfiled
from tianbao.reminders.plan import unit_data
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork


@frozen
class Reminded:
    """What came of a reminder by hand.

    Attributes:
        units: who is written to.
        passed_over: who is not, and why.
    """

    units: Sequence[Unit]
    passed_over: Sequence[PassedOver]


@frozen
class Foreseen:
    """What a reminder by hand would do now.

    Attributes:
        written: who would be written to, and the officer who gets it.
        passed_over: who would not, and why.
    """

    written: Sequence[tuple[Unit, Account]]
    passed_over: Sequence[PassedOver]


def foresee(app: "App", account: Account, units: Iterable[Unit], period: Period) -> Foreseen:
    """Say what `remind_now` would do, and do nothing.

    Raises:
        Refusal: not for this account to do (``not-allowed``).
    """
    wanted = _wanted(account, units)
    with app.store.read() as work:
        drafts, passed_over = _sorted_out(app, work, account, wanted, period)
        officers = work.accounts.active_of_units(unit.id for unit, _ in drafts if unit.id is not None)
    return Foreseen([(unit, officers[unit.id]) for unit, _ in drafts], passed_over)


def remind_now(app: "App", account: Account, units: Iterable[Unit], period: Period) -> Reminded:
    """Write to units that have yet to file a month; a unit is reminded once a day at most, by whomever.

    Args:
        app: the application.
        account: who asks.
        units: of the register; those it makes no sense for are passed over.
        period: the month.

    Raises:
        Refusal: not for this account to do (``not-allowed``), or of no use to any of the units, then as for the first
            of them: it has filed the month or need not (``not-owed``), nobody is there to write to (``no-account``), or
            it was reminded today (``reminded-today``).
    """
    now, wanted = app.clock.now(), _wanted(account, units)
    with app.store.work() as work:
        work.units.lock_all(wanted)
        drafts, passed_over = _sorted_out(app, work, account, wanted, period)
        if passed_over and not drafts:
            raise passed_over[0].refusal
        _queue(work, [draft for _, draft in drafts], now)
        for unit, _ in drafts:
            work.audit.append(now, account.id, Act.REMINDED_NOW, f"unit/{unit.id}/{period}")
    return Reminded([unit for unit, _ in drafts], passed_over)


def _queue(work: "UnitOfWork", drafts: Sequence[Draft], now: datetime) -> None:
    """Queue all of them: where the day's reminder was lost, or taken back, this is the day's next."""
    for number in count(2):
        queued = work.outbox.add_all(drafts, at=now)
        drafts = [evolve(each, key=f"{each.key}/{number}") for each in drafts if each.key not in queued]
        if not drafts:
            return


def _wanted(account: Account, units: Iterable[Unit]) -> Sequence[Unit]:
    """The units, all of which the account may remind."""
    demand(account, Action.REMIND)
    wanted = [unit for unit in units if unit.id is not None]
    for unit in wanted:
        demand(account, Action.REMIND, unit)
    return wanted


def _sorted_out(
    app: "App", work: "UnitOfWork", account: Account, wanted: Sequence[Unit], period: Period
) -> tuple[Sequence[tuple[Unit, Draft]], Sequence[PassedOver]]:
    """What each unit gets, and who gets nothing."""
    now = app.clock.now()
    owing = {each.unit.id: each for each in unfiled(work, Calendar(now, app.settings.calendar), wanted, period)}
    officers = work.accounts.active_of_units(unit.id for unit in wanted if unit.id is not None)
    drafts, passed_over = [], []
    for unit in wanted:
        try:
            drafts.append((unit, _draft(account, unit, period, now, owing.get(unit.id), officers.get(unit.id))))
        except Refusal as refusal:
            passed_over.append(PassedOver(unit, refusal))
    return drafts, passed_over


def _draft(  # noqa: PLR0917 -- who to whom, about what, when
    account: Account, unit: Unit, period: Period, now: datetime, owing: Owing | None, officer: Account | None
) -> Draft:
    """What a unit gets.

    Raises:
        Refusal: why it gets nothing.
    """
    if owing is None:
        raise Refusal("not-owed", f"「{unit.name}」已完成{period.spoken}的填報，或不必填報。", "不需要提醒。")
    if officer is None:
        raise Refusal(
            "no-account", f"「{unit.name}」沒有使用中的帳號，信寄不出去。", "請改用電話聯絡，並告知系統客服。"
        )
    if owing.reminded.on(now.date()):
        raise Refusal("reminded-today", f"「{unit.name}」今天已經提醒過了。", "請明天再提醒，或改用電話聯絡。")
    office = f"{account.county}政府" if account.county else account.role.label
    data = {**unit_data(owing, officer), "period": str(period), "sender": office}
    key = f"reminder/now/{period}/unit/{unit.id}/{now.date()}"
    return Draft(key, officer.email, "remind-now", data, unit_id=unit.id, account_id=officer.id)
