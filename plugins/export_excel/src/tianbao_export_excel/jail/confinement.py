"""Takes a process's rights away, for good: it keeps what it has open, its memory is bounded and its time runs out."""

import contextlib
import ctypes
import math
import os
import signal
import sys

from tianbao.workbooks import Limits

_NOBODY = 65_534
_PR_SET_NO_NEW_PRIVS = 38
_REFUSED_EVENTS = ("open", "os.", "socket.", "subprocess.", "ctypes.", "shutil.", "pty.", "mmap.", "code.", "sys._")
_UNKNOWN_BASE = 512 * 2**20
"""Address space a Python process is taken to use already, where the system does not say."""

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def confine(limits: Limits) -> None:
    """Confine this process: no new files, no children, no memory beyond the limit, no time beyond the limit.

    The memory limit is counted above what is mapped already. Where the system has no such limits (Windows), only the
    audit hook is left, and the keeper's watch.
    """
    if os.name == "posix":
        _limit(limits)
        _become_nobody()
    sys.addaudithook(_refuse)


def _limit(limits: Limits) -> None:
    import resource  # noqa: PLC0415 -- there is none on Windows

    def limit(kind: int, to: int) -> None:
        ceiling = resource.getrlimit(kind)[1]
        to = to if ceiling == resource.RLIM_INFINITY else min(to, ceiling)
        resource.setrlimit(kind, (to, to))

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)  # the kernel ends it, whatever it is doing
    limit(resource.RLIMIT_AS, _mapped() + limits.memory)
    limit(resource.RLIMIT_CPU, math.ceil(limits.seconds) + 1)
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_NPROC, 0)
    limit(resource.RLIMIT_NOFILE, 0)


def _mapped() -> int:
    with contextlib.suppress(OSError), open("/proc/self/statm") as sizes:  # noqa: PTH123 -- plain and early
        return int(sizes.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return _UNKNOWN_BASE


def _become_nobody() -> None:
    """Give up root, over which the limit on processes has no power, and every way back."""
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):  # a container may know no such user: the other limits stand
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)
    if _libc:
        _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _refuse(event: str, _: object) -> None:
    if event.startswith(_REFUSED_EVENTS):
        raise PermissionError(event)
