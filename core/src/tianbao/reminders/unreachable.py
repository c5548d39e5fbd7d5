"""Who cannot be reached by mail, and so by no reminder: the list support works through by telephone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.accounts import Account, Role, Standing
from tianbao.accounts.policy import Action, Reach, demand, may, reach
from tianbao.clock import spoken_moment
from tianbao.exporters import Table
from tianbao.outbox import Queued
from tianbao.units import COUNTIES, Unit

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork


class Why(StrEnum):
    """What stands in the way."""

    NO_ACCOUNT = "no-account"
    """Nobody ever registered, or the last account was reset and nobody has registered since."""
    PENDING = "pending"
    """Somebody registered and has not followed the link."""
    LOST = "lost"
    """The latest mail was refused, or was given up after many tries."""

    @property
    def label(self) -> str:
        return {"no-account": "沒有帳號", "pending": "帳號尚未開通", "lost": "信寄不到"}[self]

    @property
    def remedy(self) -> str:
        """What support does about it."""
        return _REMEDIES[self]


_REMEDIES = {
    Why.NO_ACCOUNT: "請電話聯絡，請新的承辦人到「新建帳號」註冊。",
    Why.PENDING: "請電話聯絡，請承辦人到信箱點開通連結；收不到信時用「忘記密碼」再寄一次。",
    Why.LOST: "請電話聯絡，請承辦人到「帳號管理」更換信箱；無法登入時辦理帳號重置。",
}


@frozen
class Unreachable:
    """A unit, or a county's office, that cannot be reached.

    Attributes:
        place: its name.
        unit: which, where it is a unit.
        county: which county it is in, or is the office of.
        why: what stands in the way.
        since: since when, as far as it is known.
        account: whose mail it is, where there is an account.
        words: what the mail server said.
    """

    place: str
    unit: Unit | None
    county: str
    why: Why
    since: datetime | None = None
    account: Account | None = None
    words: str = ""


def unreachable(app: "App", account: Account) -> Sequence[Unreachable]:
    """Those whom no reminder reaches, of the units and counties an account looks after: counties first, then by county.

    Raises:
        Refusal: the account may not (``not-allowed``).
    """
    demand(account, Action.SEE_ACCOUNTS)
    current = app.settings.calendar.current_period(app.clock.now())
    with app.store.read() as work:
        units = [
            unit for unit in work.units.all() if unit.must_file(current) and may(account, Action.SEE_ACCOUNTS, unit)
        ]
        offices = COUNTIES if reach(account.role, Action.SEE_ACCOUNTS) is Reach.ALL else ()
        found = [*_offices(work, offices), *_units(work, units)]
    order = {county: number for number, county in enumerate(COUNTIES)}
    return sorted(found, key=lambda each: (each.unit is not None, order.get(each.county, len(order))))


def table(app: "App", account: Account, found: Iterable[Unreachable]) -> Table:
    """The list for an exporter; it says whose it is, and when it was so."""
    about = [("下載者", account.name), ("資料時間", spoken_moment(app.clock.now())), *app.settings.contacts.lines]
    return Table("聯絡不到的單位", HEADINGS, [_row(each) for each in found], about)


HEADINGS = (
    "縣市", "單位代碼", "學制", "機關或單位", "原因", "從什麼時候起",
    "承辦人", "電話", "分機", "電子郵件", "郵件主機的說明", "處理方式",
)  # fmt: skip


def _row(each: Unreachable) -> Sequence[str]:
    code, level = (each.unit.code, each.unit.level.label) if each.unit else ("", "")
    since = spoken_moment(each.since) if each.since else "一直沒有註冊"
    holder = each.account if each.why is not Why.NO_ACCOUNT else None
    person = (holder.name, holder.phone, holder.extension, holder.email) if holder else ("", "", "", "")
    return (each.county, code, level, each.place, each.why.label, since, *person, each.words, each.why.remedy)


def trouble_with(work: "UnitOfWork", units: Sequence[Unit]) -> Mapping[int | None, Why]:
    """What stands in the way of writing to some units; those that can be reached are not named."""
    latest = {each.unit_id: each for each in _latest(work.accounts.of_units(unit.id for unit in units if unit.id))}
    lost = _lost(work, latest.values())
    found = {unit.id: _trouble(latest.get(unit.id), lost) for unit in units}
    return {unit_id: trouble[0] for unit_id, trouble in found.items() if trouble}


def _offices(work: "UnitOfWork", counties: Iterable[str]) -> Iterator[Unreachable]:
    latest = {each.county: each for each in _latest(work.accounts.of_role(Role.COUNTY_OFFICER))}
    lost = _lost(work, latest.values())
    for county in counties:
        if trouble := _trouble(latest.get(county), lost):
            yield Unreachable(f"{county}政府", None, county, *trouble)


def _units(work: "UnitOfWork", units: Sequence[Unit]) -> Iterator[Unreachable]:
    latest = {each.unit_id: each for each in _latest(work.accounts.of_role(Role.UNIT_OFFICER))}
    lost = _lost(work, latest.values())
    for unit in units:
        if trouble := _trouble(latest.get(unit.id), lost):
            yield Unreachable(unit.name, unit, unit.county, *trouble)


def _latest(accounts: Iterable[Account]) -> Sequence[Account]:
    """In an order in which of a place's accounts the one that counts comes last: the active one, else the newest."""
    return sorted(accounts, key=lambda each: (each.active, each.id))


def _lost(work: "UnitOfWork", accounts: Iterable[Account]) -> Mapping[str, Queued]:
    """By address, the first of the mails that were lost one after the other until now."""
    return work.reminders.lost({each.email for each in accounts if each.active})


def _trouble(
    account: Account | None, lost: Mapping[str, Queued]
) -> tuple[Why, datetime | None, Account | None, str] | None:
    """What stands in the way of writing to an account, if anything does."""
    if account is None:
        return Why.NO_ACCOUNT, None, None, ""
    if account.standing is Standing.RETIRED:
        return Why.NO_ACCOUNT, account.retired_at, None, ""
    if account.standing is Standing.PENDING:
        return Why.PENDING, account.created_at, account, ""
    if mail := lost.get(account.email):
        return Why.LOST, mail.created_at, account, mail.last_words or ""
    return None
