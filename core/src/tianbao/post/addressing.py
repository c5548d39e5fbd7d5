"""To whom a message goes: whoever holds the post it is for, at the moment of sending.

An officer changes, an account is reset, an e-mail address is given up: what still waits in the outbox by then must not
go where the unit's affairs are nobody's business any more. The message stays the one it was, under its key, so that
nobody gets it twice; its address and the name it greets are written down before it is sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from tianbao.outbox import Queued

if TYPE_CHECKING:
    from tianbao.storage import UnitOfWork


@frozen
class Holder:
    """Whoever holds a post: whom a message greets, and where it goes."""

    name: str
    email: str


GONE = "收件的帳號已停用，也沒有接任的承辦人，不再寄送"


def addressed(work: "UnitOfWork", messages: Iterable[Queued]) -> Sequence[tuple[Queued, Queued | None]]:
    """Messages, each with what it is for whoever it concerns now; ``None`` where that is nobody."""
    messages = list(messages)
    holders = work.accounts.holders({each.account_id for each in messages if each.account_id is not None})
    return [(each, _to(each, holders.get(each.account_id)) if each.account_id else each) for each in messages]


def holder_of(work: "UnitOfWork", queued: Queued) -> Holder | None:
    """Who holds the post a message is for."""
    return work.accounts.holders([queued.account_id]).get(queued.account_id) if queued.account_id else None


def _to(queued: Queued, holder: Holder | None) -> Queued | None:
    if holder is None:
        return None
    if (queued.recipient, queued.data.get("name", holder.name)) == (holder.email, holder.name):
        return queued
    return evolve(queued, recipient=holder.email, data=greeting(queued.data, holder))


def greeting(data: Mapping[str, Any], holder: Holder) -> Mapping[str, Any]:
    """What a text is given, where the one it greets is the holder."""
    return {**data, "name": holder.name} if "name" in data else data
