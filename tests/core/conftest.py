"""The mails that the life of an account causes; children that can be killed, and races."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tianbao.errors import Refusal


@pytest.fixture
def mails(app):
    """The mails queued so far, as (template, recipient)."""

    def queued():
        with app.store.read() as work:
            return [(message.template, message.recipient) for message in work.outbox.all()]

    return queued


@pytest.fixture
def token(app):
    """The token in the last mail of a template."""

    def find(template):
        with app.store.read() as work:
            return [each for each in work.outbox.all() if each.template == template][-1].secrets["token"]

    return find


@pytest.fixture
def in_child():
    """Run a function in a forked child; gives its exit status, negative where a signal ended it.

    The child must open connections of its own.
    """
    if not hasattr(os, "fork"):
        pytest.skip("NOT TESTED HERE: a crash is tried in a forked child")

    def run(function) -> int:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            try:
                function()
            except BaseException:  # noqa: BLE001 -- whatever it is, the parent learns that it was something
                os._exit(1)
            os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    return run


@pytest.fixture
def at_once():
    """Call functions at the same moment in threads; gives what each gave, or the refusal it got."""

    def run(*functions):
        start = Barrier(len(functions))

        def call(function):
            start.wait()
            try:
                return function()
            except Refusal as refusal:
                return refusal

        with ThreadPoolExecutor(len(functions)) as pool:
            return list(pool.map(call, functions))

    return run
