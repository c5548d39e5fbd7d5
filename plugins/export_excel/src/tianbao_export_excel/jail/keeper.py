"""The server's side of the jail: sends a file in, waits for the answer, and survives whatever happens inside."""

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time

from tianbao.errors import TianbaoError
from tianbao.workbooks import Limits
from tianbao_export_excel.jail import wire
from tianbao_export_excel.refusals import refusal

FORKS = hasattr(os, "fork") and hasattr(socket, "send_fds")
"""Whether children are forked by a zygote; where not, each is a process of its own that has to load everything."""

AT_ONCE = os.cpu_count() or 1
"""Files parsed at the same time; more wait their turn."""

PATIENCE = 60.0
"""Seconds a file waits for its turn before it is refused as ``busy``."""

GRACE = 10.0
"""Seconds beyond the limit before a child that its own clock did not end is killed: starting up counts here."""

_ZYGOTE = "tianbao_export_excel.jail.zygote"
_ENVIRONMENT = ("PATH", "PYTHON", "SYSTEMROOT", "LANG", "LC_", "VIRTUAL_ENV", "COV")
_HELLO_BYTES = 4


class _Lost(Exception):  # noqa: N818 -- a state, not a fault of the program
    """The zygote is gone, or could not fork."""


class Keeper:
    """Keeps one zygote, started at the first file and again whenever it is gone. Safe among threads."""

    def __init__(self, at_once: int = AT_ONCE, *, forks: bool = FORKS) -> None:
        self._seats = threading.BoundedSemaphore(at_once)
        self._lock = threading.Lock()
        self._forks = forks
        self._zygote: _Zygote | None = None

    def ask(self, data: bytes, limits: Limits) -> bytes:
        """Have a file parsed in the jail.

        Returns:
            The child's answer, which `wire.read_reply` takes apart.

        Raises:
            Refusal: ``too-heavy`` where the child did not live to answer, ``busy`` where none was free.
            TianbaoError: no child can be started.
        """
        if not self._seats.acquire(timeout=PATIENCE):
            raise refusal("busy")
        try:
            answer = self._forked(data, limits) if self._forks else _spawned(data, limits)
        finally:
            self._seats.release()
        if not answer:
            raise refusal("too-heavy")
        return answer

    def _forked(self, data: bytes, limits: Limits) -> bytes:
        for _ in range(2):  # a zygote may have died since the last file
            zygote = self._running()
            with contextlib.suppress(_Lost):
                return zygote.ask(data, limits)
            self._forget(zygote)
        raise TianbaoError(
            "the process that parses spreadsheets cannot be started. Try "
            f"`{sys.executable} -P -m {_ZYGOTE} </dev/null` and see what it says."
        )

    def _running(self) -> "_Zygote":
        with self._lock:
            if self._zygote is None:
                self._zygote = _Zygote()
            return self._zygote

    def _forget(self, zygote: "_Zygote") -> None:
        with self._lock:
            if self._zygote is zygote:
                self._zygote = None
                zygote.close()

    def close(self) -> None:
        """End the zygote; the next file starts another."""
        if self._zygote:
            self._forget(self._zygote)

    def renounce(self) -> None:
        """Forget a zygote that belongs to the process this one was forked from."""
        if self._zygote:
            self._zygote.renounce()


class _Zygote:
    def __init__(self) -> None:
        self._control, theirs = socket.socketpair()
        self._sending = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
                [sys.executable, "-P", "-m", _ZYGOTE, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,
            )

    def ask(self, data: bytes, limits: Limits) -> bytes:
        """Ask a child of its own.

        Returns:
            The answer; empty where the child died or ran out of time.

        Raises:
            _Lost: there is no child.
        """
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._hand_over(theirs)
            return _converse(ours, wire.request(data, limits), limits)

    def _hand_over(self, connection: socket.socket) -> None:
        try:
            with self._sending:
                socket.send_fds(self._control, [b"+"], [connection.fileno()])
        except OSError:
            raise _Lost from None

    def close(self) -> None:
        self._control.close()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def renounce(self) -> None:
        self._control.close()
        self._process.returncode = 0  # not ours to wait for


def _converse(connection: socket.socket, question: bytes, limits: Limits) -> bytes:
    """Send the question and collect the answer, within the time a child has."""
    deadline = time.monotonic() + limits.seconds + GRACE
    connection.settimeout(limits.seconds + GRACE)
    try:
        hello = connection.recv(_HELLO_BYTES, socket.MSG_WAITALL)
    except OSError:
        hello = b""
    if len(hello) < _HELLO_BYTES:
        raise _Lost
    try:
        connection.sendall(question)
        connection.shutdown(socket.SHUT_WR)
        return _collect(connection, deadline, limits)
    except TimeoutError:
        _kill(int.from_bytes(hello, "big"))
    except OSError:
        pass  # it died over the question
    return b""


def _collect(connection: socket.socket, deadline: float, limits: Limits) -> bytes:
    answer = bytearray()
    while True:
        connection.settimeout(max(deadline - time.monotonic(), 0.001))
        piece = connection.recv(2**20)
        if not piece:
            return bytes(answer) if answer.endswith(b"]") else b""
        answer += piece
        if len(answer) > limits.memory:
            raise TimeoutError


def _kill(process: int) -> None:
    """End a child that holds its connection open beyond its time; so it lives, and the number is still its own."""
    with contextlib.suppress(OSError):
        os.kill(process, signal.SIGKILL)


def _spawned(data: bytes, limits: Limits) -> bytes:
    """Ask a process started for this file alone."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own interpreter and module
            [sys.executable, "-P", "-m", _ZYGOTE],
            input=wire.request(data, limits),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            timeout=limits.seconds + GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout


def _environment() -> dict[str, str]:
    """What an interpreter needs to start; the database's password is not among it."""
    return {name: value for name, value in os.environ.items() if name.upper().startswith(_ENVIRONMENT)}


keeper = Keeper()
"""The keeper of this process."""

atexit.register(keeper.close)


def _start_over() -> None:
    global keeper  # noqa: PLW0603 -- a forked process needs its own zygote and locks nobody holds
    keeper.renounce()
    keeper = Keeper()
    atexit.register(keeper.close)


if FORKS:
    os.register_at_fork(after_in_child=_start_over)
