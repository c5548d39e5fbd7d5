"""Accounts: who may sign in, for which unit or county, and under which name.

The manual: 「一校一帳號；如為完全中學或國中小學校，仍為一學制一帳號(禁止共用)」. An account belongs to one person;
who takes over a post registers anew (「帳號不可沿用」).
"""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from tianbao.accounts import throttle
from tianbao.audit import Act
from tianbao.errors import Refusal

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork


_LONGEST_LOGIN = 100


class Role(StrEnum):
    """What somebody is to the system."""

    UNIT_OFFICER = "unit_officer"
    COUNTY_OFFICER = "county_officer"
    ORGANISER = "organiser"
    SUPPORT = "support"
    AGENCY = "agency"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def national(self) -> bool:
        """Whether it is invited rather than registered, and several people may hold it."""
        return self in {Role.ORGANISER, Role.SUPPORT, Role.AGENCY}


_LABELS = {
    Role.UNIT_OFFICER: "填報窗口承辦人",
    Role.COUNTY_OFFICER: "縣市政府承辦人",
    Role.ORGANISER: "承辦單位",
    Role.SUPPORT: "系統客服",
    Role.AGENCY: "國教署",
}


class Standing(StrEnum):
    """Where an account is in its life."""

    PENDING = "pending"
    """Registered or invited; its link has not been followed yet."""
    ACTIVE = "active"
    RETIRED = "retired"
    """帳號重置 has taken it out of use. It stays, since what was done under it stays."""

    @property
    def label(self) -> str:
        return {"pending": "待開通", "active": "使用中", "retired": "已停用"}[self]


@frozen
class Account:
    """One person's account.

    Attributes:
        id: its number in the store.
        login: what is typed to sign in, lower case.
        handle: the part of the login the person chose (個人帳號); ``None`` for one brought over from the old system.
        role: what the person is.
        unit_id: the unit of a unit officer.
        county: the county of a county officer.
        standing: pending, active or retired.
        name: of the person.
        title: of the post (職稱).
        phone: of the office.
        extension: behind ``phone``.
        email: where every message goes.
        second_step: whether signing in wants a code of an authenticator, too.
        created_at: when it was registered, invited or brought over.
        activated_at: when its link was followed.
        retired_at: when it was taken out of use.
    """

    id: int
    login: str
    role: Role
    name: str
    email: str
    handle: str | None = None
    unit_id: int | None = None
    county: str | None = None
    standing: Standing = Standing.ACTIVE
    title: str = ""
    phone: str = ""
    extension: str = ""
    second_step: bool = False
    created_at: datetime | None = None
    activated_at: datetime | None = None
    retired_at: datetime | None = None

    @property
    def active(self) -> bool:
        return self.standing is Standing.ACTIVE

    @property
    def must_choose_handle(self) -> bool:
        """Whether it was brought over from the old system and must go through 變更登入帳號 before anything else."""
        return self.handle is None and not self.role.national

    @property
    def subject(self) -> str:
        """Its name in the audit trail."""
        return f"account/{self.id}"


def sign_in(app: "App", login: str, password: str, address: str) -> Account:
    """Let somebody in who knows the password of an active account.

    It takes as long, and says the same, whether the account does not exist or the password is wrong. The attempt is
    counted before the password is looked at, so that guesses made at once count as well. An account with a second
    step is not in yet: `sessions.start` opens a session that awaits the code.

    Args:
        app: the application.
        login: as typed; capitals and blanks around do not matter.
        password: as typed.
        address: where the attempt comes from.

    Raises:
        Refusal: there were too many attempts (``throttled``), too many people are signing in (``busy``), login or
            password is wrong (``wrong-sign-in``), or the account is not active yet (``not-activated``) or any more
            (``account-retired``).
    """
    login = login.strip().lower()[:_LONGEST_LOGIN]
    attempt = throttle.begin(app, login, address)
    with app.store.read() as work:
        account = work.accounts.by_login(login) if login.isprintable() else None
        known = work.accounts.password_hash(account.id) if account else None
    try:
        right = app.hasher.verify(known, password)
    except Refusal:
        throttle.withdraw(app, attempt)
        raise
    if account is None or not right:
        _failed(app, account, address)
        raise Refusal(
            "wrong-sign-in",
            "帳號或密碼不正確。",
            "請確認帳號為「單位代碼_個人帳號」；忘記密碼請用「忘記密碼」，仍無法登入請洽系統客服。",
        )
    _demand_active(app, account)
    with app.store.work() as work:
        throttle.succeed(work, attempt)
        if known and app.hasher.outdated(known):
            work.accounts.set_password(account.id, app.hasher.hash(password))
        detail = {"address": address}
        work.audit.append(app.clock.now(), account.id, Act.SIGNED_IN, account.subject, detail)
    return account


def _demand_active(app: "App", account: Account) -> None:
    """Who knows the password may know how the account stands."""
    if account.standing is Standing.PENDING:
        remedy = "請到註冊信箱點選開通信中的連結；沒有收到請用「忘記密碼」再寄一次。"
        raise Refusal("not-activated", "這個帳號還沒有開通。", remedy)
    if account.standing is Standing.RETIRED:
        phone = app.settings.contacts.support.phone
        raise Refusal(
            "account-retired",
            "這個帳號已經重置、停用。",
            f"請由現在的承辦人重新「新建帳號」；有疑問請洽系統客服 {phone}。",
        )


def _failed(app: "App", account: Account | None, address: str) -> None:
    """What was typed as the login is not kept where it is none: people type passwords there."""
    subject = account.subject if account else "account/unknown"
    with app.store.work() as work:
        work.audit.append(app.clock.now(), None, Act.SIGN_IN_FAILED, subject, {"address": address})


def add(work: "UnitOfWork", account: Account, password_hash: str | None = None) -> Account:
    """Put an account into the store as it is, such as one brought over from the old system, or a demo's."""
    return evolve(account, id=work.accounts.add(account, password_hash))
