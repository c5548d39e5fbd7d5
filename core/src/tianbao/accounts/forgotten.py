"""忘記密碼: a link to the registered address, good once and for 30 minutes.

Whether there is such an account shows neither in the answer nor in how long it takes.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from tianbao.accounts import Account, Standing, passwords, throttle
from tianbao.accounts.forms import look_over, typed_email
from tianbao.accounts.letters import account_data, letter_key
from tianbao.accounts.registration import send_activation
from tianbao.accounts.tokens import Purpose
from tianbao.audit import Act
from tianbao.errors import Refusal

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork

ANSWER = "如果資料與註冊時相符，系統已將信件寄到註冊信箱；請在 30 分鐘內點選信中的連結設定新密碼。"
"""What is said in every case."""
_OFTEN = 3
"""So many mails to one account within `_WHILE`; somebody else may be the one who asks."""
_WHILE = timedelta(hours=1)


def forget(app: "App", who: str, address: str) -> str:
    """Queue a mail with a link for whoever has this login or this e-mail address; gives what to say.

    An account that was never activated gets the mail that activates it once more.

    Args:
        app: the application.
        who: a login or an e-mail address, as typed.
        address: where the question comes from.

    Raises:
        Refusal: it came too often from there (``throttled``).
    """
    throttle.begin(app, address, address, throttle.FORGETTING)
    with steadily(app.settings.forgotten_seconds), app.store.work() as work:
        now = app.clock.now()
        accounts = _asked_for(work, who)
        for account in accounts:
            _send(work, app, account)
        subject = accounts[0].subject if accounts else "account/unknown"
        work.audit.append(now, None, Act.PASSWORD_FORGOTTEN, subject, {"address": address})
    return ANSWER


def _asked_for(work: "UnitOfWork", who: str) -> "list[Account]":
    named = typed_email(who)
    if "@" in named:
        return list(work.accounts.by_email(named))
    account = work.accounts.by_login(named) if named.isprintable() else None
    return [account] if account and account.standing is not Standing.RETIRED else []


def _send(work: "UnitOfWork", app: "App", account: Account) -> None:
    now = app.clock.now()
    purpose = Purpose.NEW_PASSWORD if account.active else Purpose.ACTIVATE
    if work.tokens.issued(purpose, account.id, now - _WHILE) >= _OFTEN:
        return
    if purpose is Purpose.ACTIVATE:
        if not account.role.national:
            send_activation(work, app, account)
        return
    token = work.tokens.issue(purpose, account.id, now)
    data = {**account_data(work, account), "expires": (now + purpose.valid).isoformat()}
    key = letter_key("new-password", account, token)
    secrets = {"token": token}
    work.outbox.add(key, account.email, "new-password", data, at=now, secrets=secrets, unit_id=account.unit_id)


@contextmanager
def steadily(
    seconds: float, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
) -> Iterator[None]:
    """Take at least so long, whatever is done or raised inside: the time tells nothing."""
    until = clock() + seconds
    try:
        yield
    finally:
        sleep(max(0.0, until - clock()))


def whose(app: "App", token: str) -> Account:
    """The account a link is for, to be shown on the page where the new password is typed; it uses nothing up.

    Raises:
        Refusal: the link is no good.
    """
    with app.store.read() as work:
        kept = work.tokens.look(token, Purpose.NEW_PASSWORD, app.clock.now())
        return _active(work, kept.account_id)


def set_new(app: "App", token: str, password: str) -> Account:
    """Follow the link and set a new password; every session of the account ends.

    Raises:
        Refusal: the link is no good.
        FormRefusal: the password is none that may be used; the link stays good.
    """
    account = whose(app, token)
    look_over(password=lambda: passwords.demand_good(password, account.login, account.name, account.email))
    known, now = app.hasher.hash(password), app.clock.now()
    with app.store.work() as work:
        used = work.tokens.use(token, Purpose.NEW_PASSWORD, now)
        account = _active(work, used.account_id)
        work.accounts.set_password(account.id, known)
        work.tokens.void(account.id)
        work.sessions.end_all(account.id)
        throttle.forgive(work, account.login, now)
        tell_password_changed(work, app, account, letter_key("password-changed", account, token))
        work.audit.append(now, account.id, Act.PASSWORD_SET, account.subject, {})
    return account


def tell_password_changed(work: "UnitOfWork", app: "App", account: Account, key: str) -> None:
    """Queue the mail that says so: who did not do it learns of it."""
    now = app.clock.now()
    data = {**account_data(work, account), "at": now.isoformat()}
    work.outbox.add(key, account.email, "password-changed", data, at=now, unit_id=account.unit_id)


def _active(work: "UnitOfWork", account_id: int) -> Account:
    account = work.accounts.get(account_id)
    if account is None or not account.active:
        raise Refusal("account-retired", "這個帳號已停用。", "請洽系統客服，或重新辦理「新建帳號」。")
    return account
