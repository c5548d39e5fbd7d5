"""Children that can be killed, and races between them."""

import os
import signal
import sys

import pytest


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


def die():
    """As when the power goes: nothing is closed, nothing is rolled back by us."""
    os.kill(os.getpid(), signal.SIGKILL)
