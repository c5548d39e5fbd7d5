"""Invitations: how the organiser, support and the agency come by their accounts; several people may hold each role."""

import re
from typing import TYPE_CHECKING

from attrs import evolve

from tianbao.accounts import Account, Role, Standing, passwords
from tianbao.accounts.forms import Details, demand_email, look_over, typed_email
from tianbao.accounts.letters import letter_key
from tianbao.accounts.policy import Action, demand
from tianbao.accounts.tokens import Purpose
from tianbao.audit import Act
from tianbao.cells import text_of
from tianbao.errors import Refusal

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork

_LOGIN = re.compile(r"[a-z][0-9a-z_]{3,19}")


def invite(  # noqa: PLR0917 -- the fields of the form
    app: "App", role: Role, login: str, name: str, email: str, inviter: Account | None = None
) -> Account:
    """Send an invitation; the account is active once it was accepted.

    Inviting a login that has not accepted yet sends it anew, and the link before is void.

    Args:
        app: the application.
        role: a national one.
        login: 4 to 20 of ``[0-9a-z_]``, a letter first.
        name: of the person.
        email: where the invitation goes.
        inviter: who invites; ``None`` for the operator at the command line, who invites the first organiser.

    Raises:
        Refusal: not for the inviter to do, or the role is registered rather than invited (``role-registered``).
        FormRefusal: login, name or address are wrong; by field.
    """
    if inviter:
        demand(inviter, Action.INVITE)
    if not role.national:
        raise Refusal("role-registered", f"{role.label}不用邀請。", "請單位自行「新建帳號」。")
    login, name, email, now = login.strip().lower(), text_of(name), typed_email(email), app.clock.now()
    with app.store.work() as work:
        work.lock("invitation", login)
        look_over(
            login=lambda: _demand_login(work, login),
            name=Details.typed(name, "", "").checks()["name"],
            email=lambda: demand_email(email),
        )
        account = _enter(work, Account(0, login, role, name, email, standing=Standing.PENDING, created_at=now))
        _send(work, app, account, inviter)
        detail = {"role": role.value, "login": login}
        work.audit.append(now, inviter.id if inviter else None, Act.INVITED, account.subject, detail)
    return account


def _demand_login(work: "UnitOfWork", login: str) -> None:
    if not _LOGIN.fullmatch(login):
        raise Refusal("login-form", "帳號要 4～20 碼，以英文字母開頭，只能用數字、小寫英文字母及底線。", "請另取一個。")
    known = work.accounts.by_login(login)
    if known and not (known.standing is Standing.PENDING and known.role.national):
        raise Refusal("login-used", f"帳號「{login}」以前使用過。", "請另取一個。")


def _enter(work: "UnitOfWork", account: Account) -> Account:
    before = work.accounts.by_login(account.login)
    if before is None:
        return evolve(account, id=work.accounts.add(account))
    work.accounts.save(evolve(account, id=before.id))
    return evolve(account, id=before.id)


def _send(work: "UnitOfWork", app: "App", account: Account, inviter: Account | None) -> None:
    now = app.clock.now()
    token = work.tokens.issue(Purpose.INVITATION, account.id, now)
    data = {
        "name": account.name,
        "role": account.role.label,
        "inviter": inviter.name if inviter else "系統管理人員",
        "login": account.login,
        "expires": (now + Purpose.INVITATION.valid).isoformat(),
    }
    key = letter_key("invitation", account, token)
    work.outbox.add(key, account.email, "invitation", data, at=now, secrets={"token": token})


def whose(app: "App", token: str) -> Account:
    """The account an invitation is for, to be shown where it is accepted; it uses nothing up.

    Raises:
        Refusal: the link is no good.
    """
    with app.store.read() as work:
        kept = work.tokens.look(token, Purpose.INVITATION, app.clock.now())
        return _invited(work.accounts.get(kept.account_id))


def accept(app: "App", token: str, password: str, details: Details) -> Account:
    """Follow the link, with a password and the person's details: the account is active from now on.

    Raises:
        Refusal: the link is no good.
        FormRefusal: password or details are wrong, by field; the link stays good.
    """
    account = whose(app, token)
    look_over(
        password=lambda: passwords.demand_good(password, account.login, details.name, account.email), **details.checks()
    )
    known, now = app.hasher.hash(password), app.clock.now()
    with app.store.work() as work:
        used = work.tokens.use(token, Purpose.INVITATION, now)
        active = evolve(
            _invited(work.accounts.locked(used.account_id)),
            standing=Standing.ACTIVE,
            activated_at=now,
            name=details.name,
            title=details.title,
            phone=details.phone,
            extension=details.extension,
        )
        work.accounts.save(active)
        work.accounts.set_password(active.id, known)
        work.audit.append(now, active.id, Act.ACTIVATED, active.subject, {})
    return active


def _invited(account: Account | None) -> Account:
    if account is None or account.standing is not Standing.PENDING:
        raise Refusal("link-used", "這份邀請已經接受過了，或已收回。", "請直接登入；仍無法登入請洽邀請您的人。")
    return account


def retire(app: "App", inviter: Account, account: Account) -> Account:
    """Take the account of a national role out of use; it is never deleted.

    Raises:
        Refusal: not for the inviter to do, or it is their own (``own-account``).
    """
    demand(inviter, Action.INVITE)
    if account.id == inviter.id or not account.role.national:
        raise Refusal(
            "own-account", "不能停用自己的帳號，也不能由此停用單位的帳號。", "請由另一位承辦單位人員或系統客服辦理。"
        )
    now = app.clock.now()
    with app.store.work() as work:
        retired = evolve(account, standing=Standing.RETIRED, retired_at=now)
        work.accounts.save(retired)
        work.sessions.end_all(retired.id)
        work.tokens.void(retired.id)
        work.audit.append(now, inviter.id, Act.ACCOUNT_RETIRED, retired.subject, {})
    return retired
