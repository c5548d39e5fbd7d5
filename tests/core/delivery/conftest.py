from types import SimpleNamespace

import pytest

from tianbao.bootstrap import App
from tianbao.delivery import DeliverySettings, Worker
from tianbao.delivery.batch import Batch
from tianbao.plugins import PluginInfo, Plugins, hookimpl
from tianbao.settings import Settings
from tianbao.testing import FakeChannel


@pytest.fixture
def channel():
    return FakeChannel()


@pytest.fixture
def app(store, clock, channel, hasher):
    """An application whose one plugin is the fake channel."""
    plugin = SimpleNamespace(tianbao_channels=hookimpl(lambda settings: [channel]))
    return App(Settings(), clock, Plugins([(PluginInfo("fake", "1", "test"), plugin)]), store, hasher)


@pytest.fixture
def options():
    return DeliverySettings(lease=600, attempts=3, first_wait=60)


@pytest.fixture
def worker(app, options, monkeypatch):
    monkeypatch.setattr(Batch, "glance", 0)
    worker = Worker(app, options)
    worker.pauses = (0, 0)
    return worker


@pytest.fixture
def queue(app):
    """Queue a message about a changed password for each address."""

    def queue(*recipients, template="password-changed", **more):
        data = {"name": "林怡君", "login": "010301_yichun", "at": "2025-03-05T09:00:00+08:00"}
        with app.store.work() as work:
            for recipient in recipients:
                key = f"test/{recipient}"
                assert work.outbox.add(key, recipient, template, data, at=app.clock.now(), **more)

    return queue


@pytest.fixture
def outbox(app):
    """What the outbox says of an address."""

    def look(recipient):
        with app.store.read() as work:
            (queued,) = work.outbox.to(recipient)
        return queued

    return look
