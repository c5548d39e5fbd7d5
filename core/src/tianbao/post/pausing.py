"""Pausing: all messages, or those of one text, are held back until somebody lets them go on.

It stands in the database, and every worker on every machine keeps to it: none begins a message that is held back, at
most a second after it was said.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act
from tianbao.errors import Refusal

if TYPE_CHECKING:
    from tianbao.bootstrap import App

EVERYTHING = ""
"""The kind that stands for all there are."""


@frozen
class Pause:
    """Messages held back.

    Attributes:
        kind: the text whose messages are held back; `EVERYTHING`: all.
        since: since when.
        by: the account that said so; ``None`` where a backup was put back.
        by_name: the name of its holder.
    """

    kind: str
    since: datetime
    by: int | None
    by_name: str


def pause(app: "App", account: Account, kind: str = EVERYTHING) -> None:
    """Hold back all messages, or those of a text; nothing changes where they are held back already.

    Raises:
        Refusal: not this account's to do, or there is no such text.
    """
    demand(account, Action.RUN_POST_ROOM)
    now = app.clock.now()
    with app.store.work() as work:
        if kind != EVERYTHING and kind not in work.texts.sources():
            raise Refusal("no-such-text", "沒有這種信件。", "請重新整理頁面，再選一次。")
        if work.pauses.add(Pause(kind, now, account.id, account.name)):
            work.audit.append(now, account.id, Act.POST_PAUSED, _subject(kind))


def resume(app: "App", account: Account, kind: str = EVERYTHING) -> None:
    """Let them go on; nothing changes where they are not held back.

    Raises:
        Refusal: not this account's to do.
    """
    demand(account, Action.RUN_POST_ROOM)
    with app.store.work() as work:
        if work.pauses.end(kind):
            work.audit.append(app.clock.now(), account.id, Act.POST_RESUMED, _subject(kind))


def pauses(app: "App") -> Sequence[Pause]:
    """What is held back now; everything first."""
    with app.store.read() as work:
        return work.pauses.all()


def _subject(kind: str) -> str:
    return f"post/{kind or 'all'}"
