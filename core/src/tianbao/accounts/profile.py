"""帳號管理: see and change one's details, password and e-mail address."""

from typing import TYPE_CHECKING

from attrs import evolve

from tianbao.accounts import Account, passwords, throttle
from tianbao.accounts.forgotten import tell_password_changed
from tianbao.accounts.forms import Details, demand_email, look_over, typed_email
from tianbao.accounts.letters import account_data, letter_key
from tianbao.accounts.tokens import Purpose, hash_of
from tianbao.audit import Act
from tianbao.errors import Refusal

if TYPE_CHECKING:
    from tianbao.bootstrap import App


def change_details(app: "App", account: Account, details: Details) -> Account:
    """Keep new details of the person.

    Raises:
        FormRefusal: some are wrong; by field.
    """
    look_over(**details.checks())
    with app.store.work() as work:
        before = work.accounts.locked(account.id) or account
        changed = evolve(
            before, name=details.name, title=details.title, phone=details.phone, extension=details.extension
        )
        work.accounts.save(changed)
        names = [
            name for name in ("name", "title", "phone", "extension") if getattr(before, name) != getattr(changed, name)
        ]
        work.audit.append(app.clock.now(), account.id, Act.DETAILS_CHANGED, account.subject, {"fields": names})
    return changed


def demand_password(app: "App", account: Account, password: str, address: str) -> None:
    """Ask for the password again before something that matters; guesses are counted like those at sign-in.

    Raises:
        Refusal: it is wrong (``wrong-password``), or there were too many guesses (``throttled``).
    """
    attempt = throttle.begin(app, account.login, address)
    with app.store.read() as work:
        known = work.accounts.password_hash(account.id)
    if not app.hasher.verify(known, password):
        raise Refusal("wrong-password", "目前的密碼不正確。", "請重新輸入；忘記了請登出後使用「忘記密碼」。")
    with app.store.work() as work:
        throttle.succeed(work, attempt)


def change_password(  # noqa: PLR0917 -- the fields of the form
    app: "App", account: Account, old: str, new: str, address: str, keep: str | None = None
) -> None:
    """Set a new password; every other session of the account ends.

    Args:
        app: the application.
        account: whose.
        old: the password so far, as typed.
        new: the new one.
        address: where this comes from.
        keep: the id of the session it is done in.

    Raises:
        FormRefusal: the old one is wrong (or was guessed at too often), or the new one may not be used; by field.
    """
    look_over(
        old=lambda: demand_password(app, account, old, address),
        new=lambda: passwords.demand_good(new, account.login, account.name, account.email),
    )
    known, now = app.hasher.hash(new), app.clock.now()
    with app.store.work() as work:
        work.accounts.set_password(account.id, known)
        work.tokens.void(account.id, Purpose.NEW_PASSWORD)
        work.sessions.end_all(account.id, keep=hash_of(keep) if keep else None)
        tell_password_changed(work, app, account, letter_key("password-changed", account, hash_of(known)))
        work.audit.append(now, account.id, Act.PASSWORD_CHANGED, account.subject, {})


def ask_new_email(app: "App", account: Account, password: str, email: str, address: str) -> None:
    """Send a link to a new address; it counts once the link was followed.

    Raises:
        FormRefusal: the password is wrong, or the address is none, or the one it was; by field.
    """
    email = typed_email(email)
    look_over(
        email=lambda: _demand_new(account, email), password=lambda: demand_password(app, account, password, address)
    )
    now = app.clock.now()
    with app.store.work() as work:
        token = work.tokens.issue(Purpose.NEW_EMAIL, account.id, now, {"email": email})
        data = {**account_data(work, account), "expires": (now + Purpose.NEW_EMAIL.valid).isoformat()}
        key, secrets = letter_key("new-email", account, token), {"token": token}
        work.outbox.add(key, email, "new-email", data, at=now, secrets=secrets, unit_id=account.unit_id)
        work.audit.append(now, account.id, Act.EMAIL_ASKED, account.subject, {})


def _demand_new(account: Account, email: str) -> None:
    demand_email(email)
    if email == account.email:
        raise Refusal("email-same", "這就是目前的信箱。", "如要更換，請填另一個信箱。")


def address_to_confirm(app: "App", token: str) -> str:
    """The new address a link confirms, to be shown where that is done; it uses nothing up.

    Raises:
        Refusal: the link is no good.
    """
    with app.store.read() as work:
        return str(work.tokens.look(token, Purpose.NEW_EMAIL, app.clock.now()).data["email"])


def confirm_email(app: "App", token: str) -> Account:
    """Follow the link: the new address counts, and the old one is told.

    Raises:
        Refusal: the link is no good.
    """
    now = app.clock.now()
    with app.store.work() as work:
        used = work.tokens.use(token, Purpose.NEW_EMAIL, now)
        before = work.accounts.locked(used.account_id)
        if before is None or not before.active:
            raise Refusal("account-retired", "這個帳號已停用。", "請洽系統客服。")
        changed = evolve(before, email=used.data["email"])
        work.accounts.save(changed)
        work.tokens.void(changed.id, Purpose.NEW_PASSWORD)
        told = {**account_data(work, changed), "new_email": changed.email, "at": now.isoformat()}
        key = letter_key("email-changed", changed, token)
        work.outbox.add(key, before.email, "email-changed", told, at=now, unit_id=before.unit_id)
        work.audit.append(now, changed.id, Act.EMAIL_CHANGED, changed.subject, {})
    return changed
