"""Sessions: who is signed in, known to the browser by a random id of which only the hash is stored.

A session ends when it was idle too long, when it is too old, when its account is no longer active, or when it is ended.
Its id is new at every sign-in and after the second step, so that an id planted before is worth nothing.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.accounts import Account
from tianbao.accounts.tokens import hash_of, new_token
from tianbao.audit import Act

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.settings import Settings

_NOTED = timedelta(seconds=60)
"""Being seen is written down no more often than this: not every click costs a write."""


@frozen
class Session:
    """A session that is open.

    Attributes:
        account: whose it is, as it stands now.
        started_at: when it was opened.
        seen_at: when it was last used, to the minute.
        awaits_code: whether the second step is still to come; until then nobody is signed in.
        ends_at: when it ends if it is not used again.
    """

    account: Account
    started_at: datetime
    seen_at: datetime
    awaits_code: bool
    ends_at: datetime


def start(app: "App", account: Account, address: str, *, awaits_code: bool | None = None) -> str:
    """Open a session for somebody who has just proved who they are; gives its id, for the cookie.

    An account with a second step gets a session that awaits the code, unless told otherwise.
    """
    token, now = new_token(), app.clock.now()
    awaits = account.second_step if awaits_code is None else awaits_code
    with app.store.work() as work:
        work.sessions.add(hash_of(token), account.id, now, address, awaits_code=awaits)
        work.sessions.drop_older(now - timedelta(hours=app.settings.session_hours))
    return token


def find(app: "App", token: str, *, awaiting_code: bool = False, unattended: bool = False) -> Session | None:
    """The open session of an id, noting that it was seen; ``None`` where there is none.

    Args:
        app: the application.
        token: from the cookie.
        awaiting_code: look for a session that still awaits its code, rather than one that is signed in.
        unattended: a page asks by itself, and nobody need be there: that does not keep the session open.
    """
    now, name = app.clock.now(), hash_of(token)
    with app.store.read() as work:
        kept = work.sessions.get(name)
        account = work.accounts.get(kept.account_id) if kept else None
    if kept is None or account is None or not account.active or kept.awaits_code is not awaiting_code:
        return None
    if now >= _end(app.settings, kept.started_at, kept.seen_at):
        return None
    seen = kept.seen_at
    if now - seen >= _NOTED and not unattended:
        seen = now
        with app.store.work() as work:
            work.sessions.seen(name, now)
    return Session(account, kept.started_at, seen, kept.awaits_code, _end(app.settings, kept.started_at, seen))


def _end(settings: "Settings", started_at: datetime, seen_at: datetime) -> datetime:
    return min(
        seen_at + timedelta(minutes=settings.session_minutes), started_at + timedelta(hours=settings.session_hours)
    )


def end(app: "App", token: str) -> None:
    """End a session: sign out."""
    with app.store.work() as work:
        kept = work.sessions.get(hash_of(token))
        if kept:
            work.sessions.end(hash_of(token))
            subject = f"account/{kept.account_id}"
            work.audit.append(app.clock.now(), kept.account_id, Act.SIGNED_OUT, subject, {})
