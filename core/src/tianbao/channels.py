"""Messages on their way to a person: what a channel plugin is given."""

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from attrs import frozen

DEFAULT_CHANNEL = "email"
"""The name of the channel that takes what is queued for none in particular, which is all that core queues."""


@frozen
class Attachment:
    """A file that goes with a message."""

    name: str
    media_type: str
    content: bytes


@frozen
class Message:
    """A message to one person.

    Attributes:
        id: stable and unique; a second copy of the same message bears the same one.
        to: the address, of the kind the channel knows.
        subject: one line.
        text: plain text.
        html: the same as HTML, where there is one.
        attachments: files that go with it.
    """

    id: str
    to: str
    subject: str
    text: str
    html: str = ""
    attachments: Sequence[Attachment] = ()


@frozen
class Sent:
    """The message was taken by the other side."""

    message: Message


@frozen
class Refused:
    """The other side said no, in its own words; trying again is of no use."""

    message: Message
    words: str


@frozen
class Failed:
    """The message did not get through this time; it may be tried again."""

    message: Message
    words: str


Delivery = Sent | Refused | Failed


class Channel(Protocol):
    """A way to reach people; what `tianbao_channels` returns."""

    name: str
    """A word; it is handed the messages that are queued for it, see `DEFAULT_CHANNEL`."""

    def deliver(self, messages: Iterable[Message]) -> Iterable[Delivery]:
        """Deliver many messages, answering for each as soon as its fate is known, in order.

        The next message is asked for only after the one before was answered for: whoever keeps the books then knows,
        after a crash, of all messages but one what became of them.
        """
        ...


@runtime_checkable
class Reachable(Protocol):
    """A channel that can also look whether the other side is there, without sending anything; ``doctor`` asks."""

    def reach(self) -> None:
        """Return where the other side answers, and would take messages of ours.

        Raises:
            TianbaoError: it does not; says why.
        """
        ...
