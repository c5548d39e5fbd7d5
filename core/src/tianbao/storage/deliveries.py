"""The outbox as the delivery loop sees it: messages are leased, and settled one by one.

A lease lets several workers, on several machines, share one outbox: nobody else takes a message while it runs, and
whoever finds it run out takes over from a worker that is no more.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnExpressionArgument, Select, TextClause, Update, bindparam, null, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from tianbao.outbox import Fate, Kept, Queued
from tianbao.post.pausing import EVERYTHING
from tianbao.storage.outbox import queued_of
from tianbao.storage.pauses import PauseRow
from tianbao.storage.repository import Repository
from tianbao.storage.tables import ModelRow, OutboxRow

# Word for word the condition of the partial index: with a parameter in its place SQLite would not use it.
_WAITING = text("state = 'queued'")


class Deliveries(Repository):
    """Messages being delivered."""

    def any_due(self, channel: str, now: datetime) -> bool:
        """Whether there is anything to claim."""
        return self._connection.execute(_due(channel, now, 1)).first() is not None

    def claim(self, channel: str, owner: str, now: datetime, until: datetime, limit: int) -> Sequence[Queued]:
        """Lease the messages that are due, those that have waited longest first.

        Args:
            channel: only those that go this way.
            owner: who takes them; no two workers have the same name.
            now: due by now, and leased to nobody now.
            until: when the lease runs out.
            limit: at most so many.
        """
        # SQLite knows no such words as SKIP LOCKED: there the whole transaction is alone.
        ids = self._connection.scalars(_due(channel, now, limit).with_for_update(skip_locked=True)).all()
        lease = update(OutboxRow).where(OutboxRow.id.in_(ids)).values(leased_until=until, lease_owner=owner)
        rows = self._connection.execute(lease.returning(OutboxRow)).all() if ids else []
        return sorted(map(queued_of, rows), key=lambda queued: (queued.due_at, queued.id))

    def hold(self, ids: Collection[int], owner: str, until: datetime) -> set[int]:
        """Go on leasing those of the messages that are still this owner's; gives which."""
        lease = update(OutboxRow).where(*_of(owner), OutboxRow.id.in_(ids)).values(leased_until=until)
        return set(self._connection.scalars(lease.returning(OutboxRow.id)))

    def held(self, ids: Collection[int], owner: str) -> Mapping[int, Mapping[str, Any]]:
        """Those of the messages that still wait and are still this owner's, by number: what their text is given now."""
        rows = self._connection.execute(select(OutboxRow.id, OutboxRow.data).where(*_of(owner), OutboxRow.id.in_(ids)))
        return {row[0]: row[1] for row in rows}

    def readdress(self, queued: Queued, owner: str) -> None:
        """Let a message go to whom it names now."""
        ours = update(OutboxRow).where(*_of(owner), OutboxRow.id == queued.id)
        self._connection.execute(ours.values(recipient=queued.recipient, data=dict(queued.data)))

    def withdraw(self, id: int, owner: str, words: str) -> None:  # noqa: A002 -- the column's name
        """Settle before it was tried: it is for nobody any more; ``words`` say why."""
        ours = update(OutboxRow).where(*_of(owner), OutboxRow.id == id)
        self._connection.execute(
            ours.values(state=Fate.WITHDRAWN, secrets={}, last_words=words, leased_until=None, lease_owner=None)
        )

    def release(self, ids: Collection[int], owner: str) -> None:
        """Give back messages that were not tried."""
        lease = update(OutboxRow).where(*_of(owner), OutboxRow.id.in_(ids))
        self._connection.execute(lease.values(leased_until=None, lease_owner=None))

    def give_up(self, id: int, now: datetime, words: str) -> bool:  # noqa: A002 -- the column's name
        """Settle, for somebody who says so: not to be sent; ``False`` where it does not wait, or is leased now."""
        free = or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until <= now)
        end = update(OutboxRow).where(_WAITING, OutboxRow.id == id, free)
        ended = end.values(state=Fate.WITHDRAWN, secrets={}, last_words=words).returning(OutboxRow.id)
        return self._connection.execute(ended).first() is not None

    def model(self, content: bytes) -> int:
        """The number of a model that words are packed against, kept once."""
        hash_ = hashlib.sha256(content).hexdigest()
        insert = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        keep = insert(ModelRow).values(hash=hash_, content=content)
        self._connection.execute(keep.on_conflict_do_nothing(index_elements=["hash"]))
        return self._connection.execute(select(ModelRow.id).where(ModelRow.hash == hash_)).scalar_one()

    def sent(self, id: int, at: datetime, kept: Kept | None = None) -> None:  # noqa: A002 -- the column's name
        """Settle: the other side took it, in the words kept. True whoever leases it by now."""
        self._connection.execute(_SENT, {"which": id, "at": at, **_wording(kept)})

    def end(self, id: int, owner: str, fate: Fate, words: str, kept: Kept | None = None) -> None:  # noqa: A002 -- the column's name
        """Settle: it will not be sent; ``words`` say why. Nothing changes where somebody else leases it by now."""
        about = {"which": id, "owner": owner, "fate": fate, "words": words}
        self._connection.execute(_ENDED, {**about, **_wording(kept)})

    def retry(self, id: int, owner: str, due_at: datetime, words: str) -> None:  # noqa: A002 -- the column's name
        """It did not get through this time; ``words`` say why. Nothing changes where somebody else leases it by now."""
        again = update(OutboxRow).where(*_of(owner), OutboxRow.id == id)
        self._connection.execute(
            again.values(
                due_at=due_at,
                last_words=words,
                attempts=OutboxRow.attempts + 1,
                leased_until=None,
                lease_owner=None,
            )
        )


def _wording(kept: Kept | None) -> dict[str, Any]:
    return {"model": kept.model_id, "wording": kept.wording} if kept else {"model": None, "wording": None}


def _end(unsettled: TextClause, *conditions: ColumnExpressionArgument[bool], **values: object) -> Update:
    """No lease any more, and no secrets: the link in the mail is now known to its reader alone."""
    table: Any = OutboxRow.__table__  # as a table, and made once: this is said for every single message
    return (
        update(table)
        .where(unsettled, table.c.id == bindparam("which"), *conditions)
        .values(
            attempts=table.c.attempts + text("1"),
            secrets=text("'{}'"),
            leased_until=null(),
            lease_owner=null(),
            model_id=bindparam("model"),
            wording=bindparam("wording"),
            **values,
        )
    )


# Withdrawn while it was on its way: it went out all the same.
_UNSETTLED = text("state IN ('queued', 'withdrawn')")
_SENT = _end(_UNSETTLED, state=text("'sent'"), sent_at=bindparam("at"), last_words=null())
_OURS = OutboxRow.lease_owner == bindparam("owner")
_ENDED = _end(_WAITING, _OURS, state=bindparam("fate"), last_words=bindparam("words"))


_PAUSED = select(PauseRow.kind)


def _due(channel: str, now: datetime, limit: int) -> Select[int]:
    return (
        select(OutboxRow.id)
        .where(_WAITING, OutboxRow.channel == channel, OutboxRow.due_at <= now)
        .where(OutboxRow.template.not_in(_PAUSED), ~select(PauseRow).where(PauseRow.kind == EVERYTHING).exists())
        .where(or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until <= now))
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(limit)
    )


def _of(owner: str) -> tuple[ColumnExpressionArgument[bool], ...]:
    return (OutboxRow.state == Fate.QUEUED, OutboxRow.lease_owner == owner)
