"""新建帳號: from choosing the unit to following the link in the mail.

The manual, ①-⑨: the category, the school by a keyword, its code, the handle, the login that follows, the password, the
officer's details, and an e-mail address that works, since "有關帳號開通信件及提醒填報信件都會發信至該註冊信箱".
"""

import re
from typing import TYPE_CHECKING

from attrs import evolve

from tianbao.accounts import Account, Standing, passwords, throttle
from tianbao.accounts.forms import Details, demand_email, look_over, typed_email
from tianbao.accounts.letters import account_data, letter_key
from tianbao.accounts.seats import Seat, seat_of
from tianbao.accounts.tokens import Purpose
from tianbao.audit import Act
from tianbao.errors import Refusal

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork

_HANDLE = re.compile(r"[0-9a-z_]{4,8}")


def demand_vacant(app: "App", work: "UnitOfWork", seat: Seat) -> None:
    """Refuse to open an account where there is an active one (一校一帳號).

    Raises:
        Refusal: there is one (``seat-taken``); it says whom to call.
    """
    if any(account.active for account in seat.accounts(work)):
        support = app.settings.contacts.support
        raise Refusal(
            "seat-taken",
            f"「{seat.name}」已有使用中的帳號，一個單位只能有一個帳號。",
            f"若承辦人已異動（含代理）或無法登入，請致電系統客服 {support.phone} 申請「帳號重置」，完成後再新建帳號。",
        )


def demand_handle(work: "UnitOfWork", seat: Seat, handle: str) -> None:
    """Refuse a handle of the wrong form, or one that was ever used for the seat ("個人帳號不可設置以前使用過的").

    A registration that was never activated does not count: whoever mistyped the e-mail address may register again.

    Raises:
        Refusal: of the wrong form (``handle-form``), or used before (``handle-used``).
    """
    if not _HANDLE.fullmatch(handle):
        raise Refusal(
            "handle-form", "個人帳號要 4～8 碼，只能用數字、小寫英文字母及底線。", "請依規則另取一個，例如 wang_01。"
        )
    login = login_of(work, seat, handle)
    known = work.accounts.by_login(login)
    used = any(account.handle == handle and account.standing is not Standing.PENDING for account in seat.accounts(work))
    if used or (known and not _gives_way(known, seat)):
        raise Refusal("handle-used", f"個人帳號「{handle}」以前使用過，不可再用。", "請另取一個。")


def _gives_way(account: Account, seat: Seat) -> bool:
    """Whether it is a registration for the same seat that was never activated."""
    unit_id = seat.unit.id if seat.unit else None
    return account.standing is Standing.PENDING and (account.unit_id, account.county) == (unit_id, seat.county)


def login_of(work: "UnitOfWork", seat: Seat, handle: str) -> str:
    """The name to sign in with: 「單位代碼_您所設定的個人帳號」."""
    return f"{seat.prefix(work)}_{handle}"


def register(  # noqa: PLR0917 -- the fields of the form
    app: "App", seat: Seat, handle: str, password: str, details: Details, email: str, address: str
) -> Account:
    """Open an account that waits for its link to be followed, and queue the mail with the link.

    A form that is refused does not count towards `throttle.REGISTERING`.

    Raises:
        Refusal: the seat has an active account, or there were too many registrations from the address or for the
            mailbox (``throttled``).
        FormRefusal: handle, password, details or address are wrong; by field.
    """
    handle, email = handle.strip(), typed_email(email)
    with app.store.read() as work:
        demand_vacant(app, work, seat)
        look_over(
            handle=lambda: demand_handle(work, seat, handle),
            password=lambda: passwords.demand_good(password, handle, seat.name, details.name, email),
            **details.checks(),
            email=lambda: demand_email(email),
        )
    attempt = throttle.begin(app, email, address, throttle.REGISTERING)
    try:
        known = app.hasher.hash(password)
    except Refusal:  # too many at once: the person has done nothing too often
        throttle.withdraw(app, attempt)
        raise
    with app.store.work() as work:
        seat.lock(work)
        demand_vacant(app, work, seat)
        look_over(handle=lambda: demand_handle(work, seat, handle))
        account = _enter(work, app, seat, handle, known, details, email)
        send_activation(work, app, account)
        work.audit.append(app.clock.now(), None, Act.REGISTERED, account.subject, {"login": account.login})
    return account


def _enter(  # noqa: PLR0917 -- the fields of the form
    work: "UnitOfWork", app: "App", seat: Seat, handle: str, known: str, details: Details, email: str
) -> Account:
    """A registration of the same login that was never activated gives way."""
    login = login_of(work, seat, handle)
    before = work.accounts.by_login(login)
    account = Account(
        id=before.id if before else 0,
        login=login,
        role=seat.role,
        name=details.name,
        email=email,
        handle=handle,
        unit_id=seat.unit.id if seat.unit else None,
        county=seat.county,
        standing=Standing.PENDING,
        title=details.title,
        phone=details.phone,
        extension=details.extension,
        created_at=app.clock.now(),
    )
    if before is None:
        return evolve(account, id=work.accounts.add(account, known))
    work.accounts.save(account)
    work.accounts.set_password(account.id, known)
    return account


def send_activation(work: "UnitOfWork", app: "App", account: Account) -> None:
    """Queue the mail whose link activates an account."""
    now = app.clock.now()
    token = work.tokens.issue(Purpose.ACTIVATE, account.id, now)
    expires = (now + Purpose.ACTIVATE.valid).isoformat()
    data = {**account_data(work, account), "expires": expires}
    key, secrets = letter_key("activate", account, token), {"token": token}
    work.outbox.add(key, account.email, "activate", data, at=now, secrets=secrets, unit_id=account.unit_id)


def whose(app: "App", token: str) -> Account:
    """The account a link would activate, to be shown where that is done; it uses nothing up.

    Raises:
        Refusal: the link is no good.
    """
    with app.store.read() as work:
        registered = work.accounts.get(work.tokens.look(token, Purpose.ACTIVATE, app.clock.now()).account_id)
    if registered is None:
        raise Refusal("link-unknown", "這個連結對應的帳號已不存在。", "請重新辦理「新建帳號」。")
    return registered


def activate(app: "App", token: str) -> Account:
    """Follow the link: the account is active from now on, and others that were waiting for the seat are not to be.

    Raises:
        Refusal: the link is no good, or somebody else's account was activated in the meantime.
    """
    now = app.clock.now()
    with app.store.work() as work:
        registered = work.accounts.get(work.tokens.look(token, Purpose.ACTIVATE, now).account_id)
        seat = seat_of(work, registered) if registered else None
        if registered is None or seat is None:
            raise Refusal("link-unknown", "這個連結對應的帳號已不存在。", "請重新辦理「新建帳號」。")
        seat.lock(work)  # first the seat, then the account: the same way round as registering
        work.tokens.use(token, Purpose.ACTIVATE, now)
        demand_vacant(app, work, seat)
        active = evolve(work.accounts.locked(registered.id) or registered, standing=Standing.ACTIVE, activated_at=now)
        work.accounts.save(active)
        for other in seat.accounts(work):
            if other.standing is Standing.PENDING:
                work.tokens.void(other.id)
        work.audit.append(now, active.id, Act.ACTIVATED, active.subject, {})
    return active


def choose_handle(app: "App", account: Account, handle: str) -> Account:
    """變更登入帳號: an account brought over from the old system gets its own handle, and goes by it from then on.

    Raises:
        Refusal: it has one already (``handle-chosen``).
        FormRefusal: the handle is wrong.
    """
    now, handle = app.clock.now(), handle.strip()
    with app.store.work() as work:
        seat = seat_of(work, account)
        if seat:
            seat.lock(work)
        fresh = work.accounts.locked(account.id)
        if fresh is None or seat is None or not fresh.active or not fresh.must_choose_handle:
            raise Refusal("handle-chosen", "這個帳號已經變更過登入帳號。", "請用變更後的帳號登入。")
        look_over(handle=lambda: demand_handle(work, seat, handle))
        changed = evolve(fresh, handle=handle, login=login_of(work, seat, handle))
        work.accounts.save(changed)
        told = {**account_data(work, changed), "at": now.isoformat()}
        key = letter_key("login-changed", changed, "once")
        work.outbox.add(key, changed.email, "login-changed", told, at=now, unit_id=changed.unit_id)
        detail = {"before": fresh.login, "after": changed.login}
        work.audit.append(now, changed.id, Act.HANDLE_CHOSEN, changed.subject, detail)
    return changed
