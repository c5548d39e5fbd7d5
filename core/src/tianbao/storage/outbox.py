"""The outbox."""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from attrs import asdict
from sqlalchemy import ColumnElement, ColumnExpressionArgument, Row, TextClause, func, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite

from tianbao.channels import DEFAULT_CHANNEL, Attachment
from tianbao.clock import TAIPEI
from tianbao.errors import TianbaoError
from tianbao.mails import Mail
from tianbao.outbox import Draft, Enclosed, Fate, Queued
from tianbao.post.wording import unpacked
from tianbao.storage.repository import Repository
from tianbao.storage.tables import AttachmentRow, ModelRow, OutboxRow

if TYPE_CHECKING:
    from tianbao.post.room import Asked


# Word for word the conditions of the partial indexes: with a parameter in its place SQLite would not use them.
_WAITING = text("state = 'queued'")
_TROUBLED = text("state IN ('refused', 'given_up')")
_PARTS = ((_WAITING, {Fate.QUEUED}), (_TROUBLED, {Fate.REFUSED, Fate.GIVEN_UP}))


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
        attachments: Sequence[Attachment] = (),
        unit_id: int | None = None,
        channel: str = DEFAULT_CHANNEL,
        due_at: datetime | None = None,
        account_id: int | None = None,
    ) -> bool:
        """Queue a message, unless one of its key is there already; gives whether it was queued.

        Args:
            key: says what the message is, such as ``activate/7/1``; it never repeats.
            to: the address.
            template: which text.
            data: what the text names; JSON.
            at: now.
            secrets: what the text names that must not outlive the sending, such as the token of a link.
            attachments: files that go with it.
            unit_id: the unit it is about, where it is about one.
            channel: the way it goes.
            due_at: not to be sent before; else at once.
            account_id: for whom it is, wherever they are when it is sent; else it goes to the address.
        """
        draft = Draft(
            key, to, template, data, secrets or {}, attachments, unit_id, channel, due_at, account_id=account_id
        )
        return bool(self.add_all([draft], at=at))

    def add_all(self, drafts: Collection[Draft], *, at: datetime) -> Collection[str]:
        """Queue many messages in one go, except those whose key is there already; gives the keys of those queued."""
        if not drafts:
            return set()
        insert = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        contents = {_hash(each): each.content for draft in drafts for each in draft.attachments}
        if contents:
            keep = insert(AttachmentRow).on_conflict_do_nothing(index_elements=["hash"])
            self._connection.execute(keep, [{"hash": hash_, "content": bytes_} for hash_, bytes_ in contents.items()])
        queue = insert(OutboxRow).on_conflict_do_nothing(index_elements=["key"]).returning(OutboxRow.key)
        return set(self._connection.scalars(queue, [_values(draft, at) for draft in drafts]))

    def attachment(self, hash_: str) -> bytes:
        """The content of a file that goes with a message.

        Raises:
            TianbaoError: it is not there.
        """
        content = self._connection.scalar(select(AttachmentRow.content).where(AttachmentRow.hash == hash_))
        if content is None:
            raise TianbaoError(f"the attachment {hash_} is not in the database. Restore it from a backup.")
        return bytes(content)

    def words(self, id: int) -> Mail | None:  # noqa: A002 -- the column's name
        """A message's words as they went out, without secrets; ``None`` where it did not, or before they were kept."""
        wanted = select(OutboxRow.wording, ModelRow.content).join(ModelRow, ModelRow.id == OutboxRow.model_id)
        found = self._connection.execute(wanted.where(OutboxRow.id == id)).first()
        return unpacked(found.wording, found.content) if found else None

    def by_key(self, key: str) -> Queued | None:
        return next(iter(self._many(OutboxRow.key == key)), None)

    def get(self, id: int) -> Queued | None:  # noqa: A002 -- the column's name
        return next(iter(self._many(OutboxRow.id == id)), None)

    def latest(self, template: str, unit_id: int) -> Queued | None:
        """The last message of a text about a unit."""
        mine = (OutboxRow.template == template, OutboxRow.unit_id == unit_id)
        row = self._connection.execute(select(OutboxRow).where(*mine).order_by(OutboxRow.id.desc()).limit(1)).first()
        return queued_of(row) if row else None

    def page(
        self, asked: "Asked", units: Collection[int], visible: Collection[str] | None, limit: int
    ) -> Sequence[Queued]:
        """Messages, the newest first.

        Args:
            asked: which.
            units: those its words may mean, beside the beginning of an address.
            visible: of these texts alone; ``None``: of all.
            limit: at most so many.
        """
        wanted: list[ColumnElement[bool] | TextClause] = [] if visible is None else [OutboxRow.template.in_(visible)]
        if asked.state:
            wanted.append(OutboxRow.state == asked.state)
            wanted += [literal for literal, states in _PARTS if asked.state in states]
        if asked.text:
            wanted.append(OutboxRow.template == asked.text)
        if asked.words:
            address = OutboxRow.recipient.startswith(asked.words.lower(), autoescape=True)
            wanted.append(or_(address, OutboxRow.unit_id.in_(units)))
        if asked.since:
            wanted.append(OutboxRow.created_at >= _midnight(asked.since))
        if asked.until:
            wanted.append(OutboxRow.created_at < _midnight(asked.until + dt.timedelta(days=1)))
        if asked.before is not None:
            wanted.append(OutboxRow.id < asked.before)
        statement = select(OutboxRow).where(*wanted).order_by(OutboxRow.id.desc()).limit(limit)
        return [queued_of(row) for row in self._connection.execute(statement)]

    def counts(self, visible: Collection[str] | None) -> Mapping[Fate, int]:
        """How many wait, were refused, were given up: what somebody may want to look at."""
        mine = () if visible is None else (OutboxRow.template.in_(visible),)
        count = select(OutboxRow.state, func.count()).where(*mine).group_by(OutboxRow.state)
        return {state: number for part, _ in _PARTS for state, number in self._connection.execute(count.where(part))}

    def to(self, recipient: str) -> Sequence[Queued]:
        """All messages to an address, the oldest first."""
        return self._many(OutboxRow.recipient == recipient)

    def all(self) -> Sequence[Queued]:
        return self._many()

    def _many(self, *conditions: ColumnExpressionArgument[bool]) -> Sequence[Queued]:
        statement = select(OutboxRow).where(*conditions).order_by(OutboxRow.id)
        return [queued_of(row) for row in self._connection.execute(statement)]


def _values(draft: Draft, at: datetime) -> dict[str, Any]:
    return {
        "key": draft.key,
        "channel": draft.channel,
        "recipient": draft.to,
        "template": draft.template,
        "data": dict(draft.data),
        "secrets": dict(draft.secrets),
        "message_id": uuid4().hex,
        "state": Fate.QUEUED,
        "created_at": at,
        "due_at": draft.due_at or at,
        "attempts": 0,
        "enclosed": [asdict(Enclosed(each.name, each.media_type, _hash(each))) for each in draft.attachments],
        "unit_id": draft.unit_id,
        "repeats": draft.repeats,
        "account_id": draft.account_id,
    }


def _midnight(day: dt.date) -> datetime:
    return datetime.combine(day, dt.time.min, TAIPEI)


def _hash(attachment: Attachment) -> str:
    return hashlib.sha256(attachment.content).hexdigest()


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
        enclosed=[Enclosed(**each) for each in row.enclosed],
        unit_id=row.unit_id,
        repeats=row.repeats,
        account_id=row.account_id,
    )
