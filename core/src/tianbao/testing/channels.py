"""The contract of notification channels (subclass it, override one fixture), and a channel for tests."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest

from tianbao.channels import Attachment, Channel, Delivery, Failed, Message, Refused, Sent

_ODD_SUBJECTS = [
    "提醒：114年9月填報",
    "two\r\nBcc: everyone@example.org",
    "填報" * 60,
    "emoji 🙂 and \u202eturned",
    "",
]


class ChannelContract:
    """For `tianbao_channels`: override the fixture ``channel``, and ``to`` where it is not e-mail.

    Example:
        >>> import pytest
        >>> from tianbao.testing import ChannelContract
        >>> class TestLines(ChannelContract):
        ...     @pytest.fixture
        ...     def channel(self, tmp_path):
        ...         return Lines(tmp_path / "lines.jsonl")
    """

    @pytest.fixture
    def channel(self) -> Channel:
        """The channel to be proved, connected to something that takes every message."""
        pytest.fail(f"override the fixture `channel` in {type(self).__name__}: it returns the channel to be proved")

    @pytest.fixture
    def to(self) -> str:
        """An address that the channel can reach."""
        return "officer@example.edu.tw"

    @staticmethod
    def _messages(to: str, count: int) -> Sequence[Message]:
        return [Message(f"contract-{number}", to, f"第 {number} 封", "內容", "<p>內容</p>") for number in range(count)]

    def test_it_has_a_name(self, channel: Channel) -> None:
        assert channel.name.isidentifier()

    def test_nothing_to_deliver_has_no_answer(self, channel: Channel) -> None:
        assert list(channel.deliver([])) == []

    def test_each_message_is_answered_for_in_order(self, channel: Channel, to: str) -> None:
        messages = self._messages(to, 5)
        answers = list(channel.deliver(messages))
        assert [answer.message for answer in answers] == messages
        assert [type(answer) for answer in answers] == [Sent] * 5

    def test_it_asks_for_the_next_message_only_after_answering_for_the_one_before(
        self, channel: Channel, to: str
    ) -> None:
        """Else a crash would leave several messages of which nobody knows whether they were sent."""
        asked, answered = 0, 0

        def ask() -> Iterator[Message]:
            nonlocal asked
            for message in self._messages(to, 4):
                assert asked == answered, "a message was asked for before the one before it was answered for"
                asked += 1
                yield message

        for _ in channel.deliver(ask()):
            answered += 1
        assert answered == 4

    def test_it_can_be_used_again(self, channel: Channel, to: str) -> None:
        for _ in range(2):
            assert [type(answer) for answer in channel.deliver(self._messages(to, 2))] == [Sent] * 2

    def test_it_can_be_left_half_way(self, channel: Channel, to: str) -> None:
        first, second = self._messages(to, 2)
        answers = iter(channel.deliver([first, second]))
        assert isinstance(next(answers), Sent)
        del answers
        assert [type(answer) for answer in channel.deliver([second])] == [Sent]

    @pytest.mark.parametrize("subject", _ODD_SUBJECTS)
    def test_no_subject_makes_it_stumble(self, channel: Channel, to: str, subject: str) -> None:
        (answer,) = channel.deliver([Message("odd", to, subject, "內容\n.\n內容")])
        assert isinstance(answer, Sent)

    def test_attachments_are_taken(self, channel: Channel, to: str) -> None:
        attachment = Attachment("未填報名單.csv", "text/csv", "單位,月份\n".encode())
        (answer,) = channel.deliver([Message("attached", to, "名單", "如附件", attachments=[attachment])])
        assert isinstance(answer, Sent)

    @pytest.mark.parametrize("nowhere", ["", "a\r\nb", " ", "\0"])
    def test_an_address_that_is_none_is_answered_for_too(self, channel: Channel, nowhere: str) -> None:
        (answer,) = channel.deliver([Message("nowhere", nowhere, "主旨", "內容")])
        assert isinstance(answer, Refused | Failed)
        assert answer.words


class FakeChannel:
    """A channel that keeps what it is given.

    Attributes:
        taken: the messages that were sent, copies too.
        answer: what becomes of a message; a test puts another function here. It may raise.
    """

    def __init__(self, name: str = "email") -> None:
        self.name = name
        self.taken: list[Message] = []
        self.answer: Callable[[Message], Delivery] = Sent

    def deliver(self, messages: Iterable[Message]) -> Iterator[Delivery]:
        for message in messages:
            answer = self.answer(message)
            if isinstance(answer, Sent):
                self.taken.append(message)
            yield answer
