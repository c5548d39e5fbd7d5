"""Queueing and sending reminders, against a bare loop of smtplib that sends the same bytes over one connection.

The mail server is a process of its own. Client and server work strictly in turn, so what both spend of the processor is
the time it takes on a machine that has nothing else to do; other programs' work does not count.
"""

import smtplib
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tianbao.bootstrap import App
from tianbao.clock import SystemClock
from tianbao.delivery import Worker
from tianbao.mails.samples import SAMPLES
from tianbao.mails.texts import SHIPPED
from tianbao.outbox import Draft
from tianbao.plugins import PluginInfo, Plugins, hookimpl
from tianbao.settings import Settings
from tianbao_notify_email.channel import EmailChannel
from tianbao_notify_email.mime import seal
from tianbao_notify_email.settings import EmailSettings

REMINDERS, PROMISED = 1000, 2.0
"""In a round: four make a country."""


@pytest.fixture
def database():
    """Whose work is done in this process; PostgreSQL's is done elsewhere."""
    return "sqlite"


@pytest.fixture
def sink():
    """A mail server in a process of its own, which takes everything."""
    command = [sys.executable, Path(__file__).with_name("mail_sink.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sink:
        yield sink
        sink.kill()


@pytest.fixture
def mail_settings(sink):
    port = int(sink.stdout.readline())
    return EmailSettings("127.0.0.1", security="none", port=port, sender="tianbao@example.edu.tw")


@pytest.fixture
def both_clocks(sink):
    """Seconds of the processor that this process and the mail server have spent."""
    if sys.platform != "linux":
        pytest.skip("NOT MEASURED HERE: only Linux tells what another process spends")
    servers = (~sink.pid << 3) | 2  # clock_getcpuclockid(3)
    return lambda: time.process_time() + time.clock_gettime(servers)


@pytest.fixture
def app(store, hasher, mail_settings):
    channel = EmailChannel(mail_settings)
    plugin = SimpleNamespace(tianbao_channels=hookimpl(lambda settings: [channel]))
    return App(Settings(), SystemClock(), Plugins([(PluginInfo("mail", "1", "here"), plugin)]), store, hasher)


def drafts(run):
    """The reminder of the 1st for so many units."""
    for number in range(REMINDERS):
        data = {**SAMPLES["remind"], "unit": f"縣立第{number}國民中學"}
        yield Draft(f"{run}/{number}", f"officer{number}@school.edu.tw", "remind", data, unit_id=number)


def test_queueing_and_sending_reminders(ratio, app, mail_settings, both_clocks, wall_clock):
    runs, worker = iter(range(100)), Worker(app)

    def ours():
        with app.store.work() as work:
            assert len(work.outbox.add_all(list(drafts(next(runs))), at=app.clock.now())) == REMINDERS
        sent = 0
        while due := worker.deliver_due():
            sent += due
        assert sent == REMINDERS

    ours()
    with app.store.read() as work:
        envelopes = [
            seal(worker.written(each, SHIPPED)[0], mail_settings, app.clock.now()) for each in work.outbox.all()
        ]

    def bare():
        with smtplib.SMTP("127.0.0.1", mail_settings.port) as smtp:
            for each in envelopes:
                smtp.sendmail(each.sender, each.recipient, each.content)

    assert len(envelopes) == REMINDERS
    ratio("queue and send reminders / bare smtplib", ours, bare, PROMISED, rounds=5, clock=both_clocks)
    ratio("the same by the clock on the wall, other programs' work included", ours, bare, rounds=3, clock=wall_clock)
