"""The loop in the background."""

import threading

import pytest
from attrs import evolve

from tianbao.channels import Sent
from tianbao.delivery import DeliveryLoop
from tianbao.outbox import Fate
from tianbao.plugins import Plugins


@pytest.fixture
def database():
    """What a thread does is the same on either database."""
    return "sqlite"


@pytest.fixture
def arrived(channel):
    """Set when the channel takes a message."""
    arrived = threading.Event()

    def take(message):
        arrived.set()
        return Sent(message)

    channel.answer = take
    return arrived


def test_it_delivers_what_is_queued_while_it_runs_and_ends_when_told(app, options, queue, outbox, arrived):
    with DeliveryLoop(app, evolve(options, poll=60)) as loop:
        queue("a@b.tw")
        loop.wake()
        assert arrived.wait(10)
    assert not loop._thread.is_alive()
    assert outbox("a@b.tw").state is Fate.SENT


def test_whatever_goes_wrong_it_goes_on(app, options, queue, arrived, monkeypatch):
    loop = DeliveryLoop(app, evolve(options, poll=0.01))
    deliver, stumbles = loop.worker.deliver_due, iter([True, True])

    def stumble():
        if next(stumbles, False):
            raise OSError("the database is away")
        return deliver()

    monkeypatch.setattr(loop.worker, "deliver_due", stumble)
    queue("a@b.tw")
    with loop:
        assert arrived.wait(10)


def test_without_a_channel_it_does_not_begin(app, options, caplog):
    with DeliveryLoop(evolve(app, plugins=Plugins([])), options) as loop:
        assert not loop._thread.is_alive()
    assert "no notification channel" in caplog.text
