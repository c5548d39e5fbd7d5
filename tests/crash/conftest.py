import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

HERE = Path(__file__).parent
PATIENCE = 30
"""Seconds after which something has gone wrong."""


class Program:
    """A Python program of this folder, and the lines it prints."""

    def __init__(self, name, *arguments):
        command = [sys.executable, HERE / name, *map(str, arguments)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen(command, **pipes)
        self._lines = SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self._lines.put(line.strip())

    def line(self, timeout=PATIENCE):
        """The next line it prints."""
        return self._lines.get(timeout=timeout)

    def tell(self, line):
        print(line, file=self._process.stdin, flush=True)

    def end(self):
        self._process.stdin.close()
        self._process.kill()
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self._process.stdout.close()


class MailServer(Program):
    def __init__(self, log, seed):
        self._log = log
        super().__init__("mail_server.py", log, seed)
        self.port = self.line()

    def wait_for(self, *stages):
        """Wait until it says one of these."""
        while self.line() not in stages:
            pass

    def stages(self, count):
        """Wait until it has said so many things more, or has nothing to say for a while."""
        try:
            for _ in range(count):
                self.line(timeout=0.2)
        except Empty:
            pass

    def taken(self):
        """How often it took each (recipient, Message-ID)."""
        return Counter(tuple(line.split(" ", 1)) for line in self._log.read_text().splitlines())


class Workers:
    """Workers that can be started and killed."""

    def __init__(self, starter, database_url, server):
        self._starter = starter
        self._settings = {
            "TIANBAO_DATABASE_URL": database_url,
            "TIANBAO_NOTIFY_EMAIL_HOST": "127.0.0.1",
            "TIANBAO_NOTIFY_EMAIL_PORT": server.port,
            "TIANBAO_NOTIFY_EMAIL_SECURITY": "none",
            "TIANBAO_NOTIFY_EMAIL_SENDER": "tianbao@example.edu.tw",
            "TIANBAO_NOTIFY_EMAIL_TIMEOUT": "0.2",
            "TIANBAO_DELIVERY_POLL": "0.02",
            "TIANBAO_DELIVERY_BATCH": "5",
            "TIANBAO_DELIVERY_LEASE": "1",
            "TIANBAO_DELIVERY_ATTEMPTS": "1000",
            "TIANBAO_DELIVERY_FIRST_WAIT": "0.05",
            "TIANBAO_DELIVERY_LONGEST_WAIT": "0.2",
        }
        self.running = []

    def start(self):
        self._starter.tell(json.dumps(self._settings))
        self.running.append(int(self._starter.line()))

    def kill(self, which=0):
        os.kill(self.running.pop(which), signal.SIGKILL)

    def kill_all(self):
        while self.running:
            self.kill()


@pytest.fixture(scope="session")
def starter():
    starter = Program("worker_starter.py")
    yield starter
    starter.end()


@pytest.fixture
def seed():
    return 20251010


@pytest.fixture
def mail_server(tmp_path, seed):
    server = MailServer(tmp_path / "taken.log", seed)
    yield server
    server.end()


@pytest.fixture
def workers(starter, database_url, mail_server):
    workers = Workers(starter, database_url, mail_server)
    yield workers
    workers.kill_all()
