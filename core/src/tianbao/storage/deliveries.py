"""The outbox as the delivery loop sees it: messages are leased, and settled one by one.

A lease lets several workers, on several machines, share one outbox: nobody else takes a message while it runs, and
whoever finds it run out takes over from a worker that is no more.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnExpressionArgument, Select, or_, select, text, update

from tianbao.outbox import Fate, Queued
from tianbao.storage.outbox import queued_of
from tianbao.storage.repository import Repository
from tianbao.storage.tables import OutboxRow

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

    def release(self, ids: Collection[int], owner: str) -> None:
        """Give back messages that were not tried."""
        lease = update(OutboxRow).where(*_of(owner), OutboxRow.id.in_(ids))
        self._connection.execute(lease.values(leased_until=None, lease_owner=None))

    def sent(self, id: int, at: datetime) -> None:  # noqa: A002 -- the column's name
        """Settle: the other side took it. True whoever leases it by now."""
        self._end(Fate.SENT, OutboxRow.id == id, sent_at=at, last_words=None)

    def end(self, id: int, owner: str, fate: Fate, words: str) -> None:  # noqa: A002 -- the column's name
        """Settle: it will not be sent; ``words`` say why. Nothing changes where somebody else leases it by now."""
        self._end(fate, OutboxRow.id == id, OutboxRow.lease_owner == owner, last_words=words)

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

    def _end(self, fate: Fate, *conditions: ColumnExpressionArgument[bool], **values: object) -> None:
        """No lease any more, and no secrets: the link in the mail is now known to its reader alone."""
        self._connection.execute(
            update(OutboxRow)
            .where(_WAITING, *conditions)
            .values(
                state=fate,
                attempts=OutboxRow.attempts + 1,
                secrets={},
                leased_until=None,
                lease_owner=None,
                **values,
            )
        )


def _due(channel: str, now: datetime, limit: int) -> Select[int]:
    return (
        select(OutboxRow.id)
        .where(_WAITING, OutboxRow.channel == channel, OutboxRow.due_at <= now)
        .where(or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until <= now))
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(limit)
    )


def _of(owner: str) -> tuple[ColumnExpressionArgument[bool], ...]:
    return (OutboxRow.state == Fate.QUEUED, OutboxRow.lease_owner == owner)
