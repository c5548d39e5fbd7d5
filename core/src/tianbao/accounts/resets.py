"""帳號重置: support takes an account out of use, so that the unit can register anew.

The manual: 「聯繫系統客服告知需要進行重置帳號」→「客服人員進行登記(等待系統安排重置)」→
「系統客服通知已重置完成，使用者進行新建帳號(註冊)」.

The old account is never deleted: what was done under it stays the doing of the person it was.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from tianbao.accounts import Account, Standing
from tianbao.accounts.forms import look_over
from tianbao.accounts.letters import account_data
from tianbao.accounts.policy import Action, demand
from tianbao.accounts.seats import seat_of
from tianbao.audit import Act
from tianbao.cells import text_of
from tianbao.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork


SHOWN = timedelta(days=30)
"""So long what was carried out is shown with the queue."""
_FARTHEST = timedelta(days=60)


class Reason(StrEnum):
    """Why an account is reset (帳號重置對象)."""

    NEW_POST = "new_post"
    STAND_IN = "stand_in"
    LOCKED_OUT = "locked_out"

    @property
    def label(self) -> str:
        return {"new_post": "職務轉換", "stand_in": "代理", "locked_out": "無法登入"}[self]


class Step(StrEnum):
    """How far a request has come."""

    REGISTERED = "registered"
    SCHEDULED = "scheduled"
    DONE = "done"

    @property
    def label(self) -> str:
        return {"registered": "登記", "scheduled": "安排", "done": "完成"}[self]


@frozen
class Reset:
    """A request for 帳號重置, and what became of it.

    Attributes:
        id: its number.
        account: the one to be taken out of use.
        reason: why.
        caller: who called.
        note: what else was said.
        requested_at: when it was registered.
        requested_by: the account of the one who registered it.
        closed_at: when it was carried out or withdrawn; ``None`` while it waits.
        closed_by: by whom.
        carried_out: which of the two.
        scheduled_on: the day for which it is arranged; ``None`` before it is.
        scheduled_by: by whom.
    """

    id: int
    account: Account
    reason: Reason
    caller: str
    note: str
    requested_at: datetime
    requested_by: int
    closed_at: datetime | None = None
    closed_by: int | None = None
    carried_out: bool = False
    scheduled_on: date | None = None
    scheduled_by: int | None = None

    @property
    def step(self) -> Step:
        """登記 → 安排 → 完成."""
        if self.closed_at:
            return Step.DONE
        return Step.SCHEDULED if self.scheduled_on else Step.REGISTERED


def request(  # noqa: PLR0917 -- the fields of the form
    app: "App", support: Account, account: Account, reason: Reason, caller: str, note: str = ""
) -> Reset:
    """Register who called for an account to be reset, and why (登記).

    Raises:
        Refusal: not for support to do (``not-allowed``), the account is not in use (``account-retired``), or a request
            waits already (``reset-waits``).
        FormRefusal: nobody was named as the caller.
    """
    demand(support, Action.RESET_ACCOUNTS)
    caller, note, now = text_of(caller), text_of(note), app.clock.now()
    look_over(caller=lambda: _demand_caller(caller))
    with app.store.work() as work:
        work.lock("reset", str(account.id))
        fresh = _in_use(work, account.id)
        if work.resets.waiting_of(account.id):
            raise Refusal("reset-waits", f"「{fresh.login}」已登記帳號重置，正在等待辦理。", "請到重置清單辦理。")
        reset = Reset(0, fresh, reason, caller, note, now, support.id)
        reset = evolve(reset, id=work.resets.add(reset))
        detail = {"reset": reset.id, "reason": reason.value}
        work.audit.append(now, support.id, Act.RESET_REQUESTED, fresh.subject, detail)
    return reset


def _demand_caller(caller: str) -> None:
    if not 0 < len(caller) <= 100:  # noqa: PLR2004 -- long enough for a name and a post
        raise Refusal("caller", "沒有填來電者，或超過 100 字。", "請填來電者的姓名與職稱。")


def waiting(app: "App", support: Account) -> "Sequence[Reset]":
    """The requests that wait to be carried out, the oldest first.

    Raises:
        Refusal: not for support to do.
    """
    demand(support, Action.RESET_ACCOUNTS)
    with app.store.read() as work:
        return work.resets.waiting()


def done(app: "App", support: Account) -> "Sequence[Reset]":
    """The requests that were carried out within `SHOWN`, the latest first: callers ask what became of theirs.

    Raises:
        Refusal: not for support to do.
    """
    demand(support, Action.RESET_ACCOUNTS)
    with app.store.read() as work:
        return work.resets.done_since(app.clock.now() - SHOWN)


def schedule(app: "App", support: Account, reset_id: int, day: date) -> None:
    """Arrange for which day a request is to be carried out (安排); a later arrangement replaces an earlier one.

    Raises:
        Refusal: not for support to do, or it no longer waits (``reset-closed``).
        FormRefusal: the day is over, or a slip in the year.
    """
    demand(support, Action.RESET_ACCOUNTS)
    now = app.clock.now()
    look_over(day=lambda: _demand_near(day, now.date()))
    with app.store.work() as work:
        reset = work.resets.schedule(reset_id, day, support.id)
        if reset is None:
            raise _closed()
        detail = {"reset": reset.id, "day": day.isoformat()}
        work.audit.append(now, support.id, Act.RESET_SCHEDULED, reset.account.subject, detail)


def _demand_near(day: date, today: date) -> None:
    if not today <= day <= today + _FARTHEST:
        raise Refusal("day", "安排的日期已經過了，或超過 60 天。", "請選擇今天起 60 天內的日期。")


def withdraw(app: "App", support: Account, reset_id: int) -> None:
    """Take a request back.

    Raises:
        Refusal: not for support to do, or it no longer waits (``reset-closed``).
    """
    demand(support, Action.RESET_ACCOUNTS)
    now = app.clock.now()
    with app.store.work() as work:
        reset = _close(work, reset_id, now, support, carried_out=False)
        work.audit.append(now, support.id, Act.RESET_WITHDRAWN, reset.account.subject, {"reset": reset.id})


def carry_out(app: "App", support: Account, reset_id: int) -> Account:
    """Take the account out of use, end its sessions and links, and tell the unit that it can register anew.

    Raises:
        Refusal: not for support to do, or it no longer waits (``reset-closed``).
    """
    demand(support, Action.RESET_ACCOUNTS)
    now = app.clock.now()
    with app.store.work() as work:
        reset = _close(work, reset_id, now, support, carried_out=True)
        retired = evolve(_in_use(work, reset.account.id), standing=Standing.RETIRED, retired_at=now)
        work.accounts.save(retired)
        work.sessions.end_all(retired.id)
        work.tokens.void(retired.id)
        _notify(work, retired, reset, now)
        detail = {"reset": reset.id, "reason": reset.reason.value}
        work.audit.append(now, support.id, Act.ACCOUNT_RETIRED, retired.subject, detail)
    return retired


def _close(work: "UnitOfWork", reset_id: int, now: datetime, support: Account, *, carried_out: bool) -> Reset:
    reset = work.resets.close(reset_id, now, support.id, carried_out=carried_out)
    if reset is None:
        raise _closed()
    return reset


def _closed() -> Refusal:
    return Refusal("reset-closed", "這件帳號重置已經辦理完成或取消。", "請重新整理清單。")


def _in_use(work: "UnitOfWork", account_id: int) -> Account:
    account = work.accounts.locked(account_id)
    if account is None or not account.active:
        raise Refusal("account-retired", "這個帳號沒有在使用，不需要重置。", "該單位可以直接新建帳號。")
    return account


def _notify(work: "UnitOfWork", account: Account, reset: Reset, now: datetime) -> None:
    seat = seat_of(work, account)
    code = seat.unit.code if seat and seat.unit else seat.prefix(work) if seat else ""
    data = {**account_data(work, account), "unit_code": code}
    key = f"account-reset/{reset.id}"
    work.outbox.add(key, account.email, "account-reset", data, at=now, unit_id=account.unit_id)
