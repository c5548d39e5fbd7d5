"""Messages on their way to people: queued in the transaction that causes them, sent by a delivery loop."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from attrs import Factory, frozen

from tianbao.channels import DEFAULT_CHANNEL, Attachment


class Fate(StrEnum):
    """What became of a message."""

    QUEUED = "queued"
    SENT = "sent"
    REFUSED = "refused"
    """The other side said no; `Queued.last_words` has its words."""
    GIVEN_UP = "given_up"
    """It did not get through in many tries."""
    WITHDRAWN = "withdrawn"
    """It is not to be sent any more: what it asks for was done meanwhile, or the organiser said so."""

    @property
    def label(self) -> str:
        return {
            "queued": "等待寄送",
            "sent": "已寄出",
            "refused": "對方拒收",
            "given_up": "無法寄達",
            "withdrawn": "已取消",
        }[self]


@frozen
class Draft:
    """A message to be queued.

    Attributes:
        key: says what the message is, such as ``activate/7/1``; it never repeats.
        to: the address, of the kind the channel knows.
        template: which text.
        data: what the text names; JSON.
        secrets: what the text names that must not outlive the sending, such as the token of a link.
        attachments: files that go with it; the same file with many messages is kept once.
        unit_id: the unit it is about, where it is about one; it is found by it.
        channel: the way it goes.
        due_at: not to be sent before; else at once.
        repeats: the message that it sends again.
        account_id: for whom it is; it goes to whoever holds that post when it is sent (`tianbao.post.addressing`);
            ``None``: to the address, come what may.
    """

    key: str
    to: str
    template: str
    data: Mapping[str, Any]
    secrets: Mapping[str, Any] = Factory(dict)
    attachments: Sequence[Attachment] = ()
    unit_id: int | None = None
    channel: str = DEFAULT_CHANNEL
    due_at: datetime | None = None
    repeats: int | None = None
    account_id: int | None = None


@frozen
class Enclosed:
    """A file that goes with a message in the outbox; its content is kept apart, by its hash (SHA-256)."""

    name: str
    media_type: str
    hash: str


@frozen
class Kept:
    """The words of a message as they went out (`tianbao.post.wording`), packed against the model of this number."""

    model_id: int
    wording: bytes


@frozen
class Queued:
    """A message in the outbox.

    Attributes:
        id: its number.
        key: unique; the same message is queued once, however often its cause is looked at.
        channel: the way it goes, such as ``email``.
        recipient: the address, of the kind the channel knows.
        template: which text.
        data: what the text names.
        secrets: what it names that must not be kept, such as the token of a link; emptied in the final state.
        message_id: stable and unique; a second copy of the same message bears the same one.
        state: what became of it.
        created_at: when it was queued.
        due_at: not before.
        attempts: how often its delivery was tried.
        last_words: what the other side said last.
        sent_at: when it was taken by the other side.
        enclosed: files that go with it.
        unit_id: the unit it is about, where it is about one.
        repeats: the message that it sends again.
        account_id: as of `Draft`.
    """

    id: int
    key: str
    channel: str
    recipient: str
    template: str
    data: Mapping[str, Any]
    message_id: str
    state: Fate
    created_at: datetime
    due_at: datetime
    secrets: Mapping[str, Any] = Factory(dict)
    attempts: int = 0
    last_words: str | None = None
    sent_at: datetime | None = None
    enclosed: Sequence[Enclosed] = ()
    unit_id: int | None = None
    repeats: int | None = None
    account_id: int | None = None
