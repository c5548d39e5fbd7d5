"""The process that parses: a small one with the parser loaded, that forks a jailed child for each file.

Run as ``python -m tianbao_export_excel.jail.zygote CONTROL`` with the number of its control socket, over which a
connection for each file arrives, or without a number, where there is no fork: then it is the child itself, the question
on its standard input. It ends when the control socket closes, that is, with the server, however that ends.
"""

import codecs
import contextlib
import gc
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable

from tianbao_export_excel.formats import kinds, quick
from tianbao_export_excel.jail import wire
from tianbao_export_excel.jail.confinement import confine
from tianbao_export_excel.refusals import Rejected

HELLO = struct.Struct(">I")
"""What a child says first, before it has seen a byte of the file: its process id."""


def answer(question: bytes) -> bytes:
    """Confine this process, then parse."""
    data, limits = wire.read_request(question)
    confine(limits)
    try:
        return wire.reply(kinds.read(data, limits))
    except Rejected as rejected:
        return wire.reply(rejected)
    except MemoryError:
        return wire.reply(Rejected("too-heavy"))
    except ValueError:
        return wire.reply(Rejected("broken"))


def main(arguments: list[str]) -> None:
    warm_up()
    if arguments:
        with socket.socket(fileno=int(arguments[0])) as control:
            serve(control)
    else:
        sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))


def warm_up() -> None:
    """Load what is otherwise loaded at first use: a child can open nothing."""
    for codec in ("cp437", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "unicode_escape"):
        codecs.lookup(codec)
    quick.prepare()
    gc.disable()  # a child lives for one file
    gc.freeze()


def serve(control: socket.socket) -> None:
    """Fork a child for each connection that arrives, until the control socket closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children vanish by themselves
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to handle
    while True:
        _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not descriptors:
            return
        with socket.socket(fileno=descriptors[0]) as connection:
            _fork(lambda connection=connection: _child(control, connection))  # type: ignore[misc]


def _fork(child: Callable[[], None]) -> None:
    with contextlib.suppress(OSError):  # no more processes: the keeper sees the connection close
        if os.fork() == 0:
            try:
                child()
            finally:
                os._exit(0)


def _child(control: socket.socket, connection: socket.socket) -> None:
    control.close()
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)  # a panic's report is no concern of the server's log
    connection.sendall(HELLO.pack(os.getpid()))
    with connection.makefile("rb") as incoming:
        question = incoming.read()
    connection.sendall(answer(question))
    connection.shutdown(socket.SHUT_RDWR)  # taking this process down takes a while; nobody need wait for it


if __name__ == "__main__":
    main(sys.argv[1:])
