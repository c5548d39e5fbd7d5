"""The e-mail channel keeps the contract of channels."""

import json

import pytest

from tianbao.channels import Refused, Sent
from tianbao.testing import ChannelContract


class TestEmail(ChannelContract):
    @pytest.fixture
    def channel(self, channel):  # the one of conftest.py, connected to a real server
        return channel


class Lines:
    """A whole channel: one line of JSON for each message."""

    name = "lines"

    def __init__(self, path):
        self._path = path

    def deliver(self, messages):
        for message in messages:
            if not message.to.isprintable() or not message.to.strip():
                yield Refused(message, "this is no address")
                continue
            with self._path.open("a", encoding="utf-8") as file:
                print(json.dumps([message.id, message.to, message.subject], ensure_ascii=False), file=file)
            yield Sent(message)


class TestLines(ChannelContract):
    @pytest.fixture
    def channel(self, tmp_path):
        return Lines(tmp_path / "lines.jsonl")


class Slurping(Lines):
    """A channel that breaks the contract: it takes all messages before it answers for the first."""

    def deliver(self, messages):
        return list(super().deliver(messages))


def test_the_contract_notices_a_channel_that_takes_all_before_it_answers(tmp_path):
    contract = ChannelContract()
    channel = Slurping(tmp_path / "lines.jsonl")
    with pytest.raises(AssertionError, match="before the one before it was answered for"):
        contract.test_it_asks_for_the_next_message_only_after_answering_for_the_one_before(channel, "a@b.tw")
