"""The outbox."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnExpressionArgument, Row, select
from sqlalchemy.dialects import postgresql, sqlite

from tianbao.outbox import Fate, Queued
from tianbao.storage.repository import Repository
from tianbao.storage.tables import OutboxRow


class Outbox(Repository):
    """Messages to people, queued in the transaction that causes them."""

    def add(
        self,
        key: str,
        to: str,
        template: str,
        data: Mapping[str, Any],
        *,
        at: datetime,
        secrets: Mapping[str, Any] | None = None,
        channel: str = "email",
        due_at: datetime | None = None,
    ) -> bool:
        """Queue a message, unless one of its key is there already; gives whether it was queued.

        Args:
            key: says what the message is, such as ``activate/7/1``; it never repeats.
            to: the address.
            template: which text.
            data: what the text names; JSON.
            at: now.
            secrets: what the text names that must not outlive the sending, such as the token of a link.
            channel: the way it goes.
            due_at: not to be sent before; else at once.
        """
        values = {
            "key": key,
            "channel": channel,
            "recipient": to,
            "template": template,
            "data": dict(data),
            "secrets": dict(secrets or {}),
            "message_id": uuid4().hex,
            "state": Fate.QUEUED,
            "created_at": at,
            "due_at": due_at or at,
            "attempts": 0,
        }
        make = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        queue = make(OutboxRow).values(values).on_conflict_do_nothing(index_elements=["key"])
        return self._connection.execute(queue.returning(OutboxRow.id)).first() is not None

    def by_key(self, key: str) -> Queued | None:
        return next(iter(self._many(OutboxRow.key == key)), None)

    def to(self, recipient: str) -> Sequence[Queued]:
        """All messages to an address, the oldest first."""
        return self._many(OutboxRow.recipient == recipient)

    def all(self) -> Sequence[Queued]:
        return self._many()

    def _many(self, *conditions: ColumnExpressionArgument[bool]) -> Sequence[Queued]:
        statement = select(OutboxRow).where(*conditions).order_by(OutboxRow.id)
        return [queued_of(row) for row in self._connection.execute(statement)]


def queued_of(row: Row[Any]) -> Queued:
    """The message a row stands for."""
    return Queued(
        id=row.id,
        key=row.key,
        channel=row.channel,
        recipient=row.recipient,
        template=row.template,
        data=row.data,
        secrets=row.secrets,
        message_id=row.message_id,
        state=row.state,
        created_at=row.created_at,
        due_at=row.due_at,
        attempts=row.attempts,
        last_words=row.last_words,
        sent_at=row.sent_at,
    )
