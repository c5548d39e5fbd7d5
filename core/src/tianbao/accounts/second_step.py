"""A second step for the national roles, who want one: the code of an authenticator app (TOTP, RFC 6238)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyotp
from attrs import evolve, frozen

from tianbao.accounts import Account, Role, sessions, throttle
from tianbao.accounts.forms import demand_words, look_over, typed_words
from tianbao.accounts.letters import account_data, letter_key
from tianbao.accounts.policy import Action, demand
from tianbao.accounts.tokens import hash_of
from tianbao.audit import Act
from tianbao.errors import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from tianbao.bootstrap import App

ISSUER = "輔導工作成果填報系統"
_SECONDS = 30


@frozen
class Offer:
    """What an authenticator app needs; nothing is stored until a code has shown that it was taken.

    Attributes:
        secret: to be typed in, where nothing can be scanned.
        address: the same as an ``otpauth://`` address, for a QR code.
    """

    secret: str
    address: str


def offer(account: Account, secret: str | None = None) -> Offer:
    """Make a secret for an account, or show again one that was offered before.

    Raises:
        Refusal: it is not of a national role (``second-step-national``).
    """
    if not account.role.national:
        raise Refusal("second-step-national", "這個帳號不提供動態驗證碼。", "請妥善保管密碼即可。")
    secret = secret or pyotp.random_base32()
    return Offer(secret, pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name=ISSUER))


def turn_on(app: "App", account: Account, secret: str, code: str, keep: str | None = None) -> Account:
    """Ask for a code at every sign-in from now on; sessions other than the one to keep, which knew no code, end.

    Raises:
        Refusal: the code is not the secret's (``wrong-code``).
    """
    offer(account)
    step = _step_of(secret, code, app.clock.now())
    if step is None:
        raise _wrong()
    with app.store.work() as work:
        work.accounts.set_totp_secret(account.id, secret)
        work.accounts.use_totp_step(account.id, step)
        work.sessions.end_all(account.id, keep=hash_of(keep) if keep else None)
        work.audit.append(app.clock.now(), account.id, Act.CODE_TURNED_ON, account.subject, {})
    return evolve(account, second_step=True)


def turn_off(app: "App", account: Account, keep: str | None = None) -> Account:
    """Ask for no more codes; the front end has asked for the password. Sessions other than the one to keep end."""
    with app.store.work() as work:
        work.accounts.set_totp_secret(account.id, None)
        work.sessions.end_all(account.id, keep=hash_of(keep) if keep else None)
        work.audit.append(app.clock.now(), account.id, Act.CODE_TURNED_OFF, account.subject, {})
    return evolve(account, second_step=False)


def holders(app: "App", helper: Account) -> Sequence[Account]:
    """Whose code can be lifted: those in use who are asked for one, by role.

    Raises:
        Refusal: not for the helper to do.
    """
    demand(helper, Action.LIFT_CODE)
    with app.store.read() as work:
        national = [each for role in Role if role.national for each in work.accounts.of_role(role)]
    return [each for each in national if each.active and each.second_step]


def lift(app: "App", helper: Account | None, account: Account, reason: str) -> Account:
    """Ask for no more codes of somebody whose authenticator is lost; their sessions end, and they are told by mail.

    Args:
        app: the application.
        helper: who does it after a call; ``None`` for the operator at the command line.
        account: whose code it is.
        reason: who called, how they were known, and what happened; it stays in the trail.

    Raises:
        Refusal: not for the helper to do, their own (``own-code``), or the account asks for no code (``no-code``).
        FormRefusal: there is no reason.
    """
    if helper:
        demand(helper, Action.LIFT_CODE)
        if helper.id == account.id:
            raise Refusal("own-code", "不能由此解除自己的動態驗證碼。", "請到「帳號管理」停用，或請另一位同仁辦理。")
    reason, now = typed_words(reason), app.clock.now()
    look_over(reason=lambda: demand_words(reason, "原因"))
    with app.store.work() as work:
        fresh = work.accounts.locked(account.id)
        secret = work.accounts.totp_secret(account.id)
        if fresh is None or not fresh.active or secret is None:
            raise Refusal("no-code", f"「{account.login}」沒有啟用動態驗證碼。", "這個帳號只用密碼登入，不必解除。")
        work.accounts.set_totp_secret(fresh.id, None)
        work.sessions.end_all(fresh.id)
        told = {**account_data(work, fresh), "at": now.isoformat()}
        work.outbox.add(letter_key("code-lifted", fresh, hash_of(secret)), fresh.email, "code-lifted", told, at=now)
        work.audit.append(now, helper.id if helper else None, Act.CODE_LIFTED, fresh.subject, {"reason": reason})
    return evolve(fresh, second_step=False)


def pass_on(app: "App", session: str, code: str, address: str) -> str:
    """Take the second step: gives the id of a session that is signed in, in place of the one that awaited the code.

    A code is good once. Guesses are counted like those of a password.

    Raises:
        Refusal: the code is wrong (``wrong-code``), the session is over (``session-over``), or there were too many
            guesses (``throttled``).
    """
    waiting = sessions.find(app, session, awaiting_code=True)
    if waiting is None:
        raise Refusal("session-over", "登入已逾時。", "請重新登入。")
    account, now = waiting.account, app.clock.now()
    attempt = throttle.begin(app, f"code/{account.login}", address)
    with app.store.work() as work:
        secret = work.accounts.totp_secret(account.id)
        step = _step_of(secret, code, now) if secret else None
        right = step is not None and work.accounts.use_totp_step(account.id, step)
        if right:
            throttle.succeed(work, attempt)
            work.sessions.end(hash_of(session))
        else:
            work.audit.append(now, None, Act.CODE_FAILED, account.subject, {"address": address})
    if not right:
        raise _wrong()
    return sessions.start(app, account, address, awaits_code=False)


def _step_of(secret: str, code: str, now: "datetime") -> int | None:
    """The time step a code is of: this one, or one beside it, since clocks differ."""
    this = int(now.timestamp()) // _SECONDS
    typed = "".join(code.split())
    totp = pyotp.TOTP(secret, interval=_SECONDS)
    steps = (this, this - 1, this + 1)
    return next((step for step in steps if pyotp.utils.strings_equal(totp.generate_otp(step), typed)), None)


def _wrong() -> Refusal:
    return Refusal("wrong-code", "驗證碼不正確，或已經用過。", "請等驗證器顯示下一組 6 位數字，再輸入一次。")
