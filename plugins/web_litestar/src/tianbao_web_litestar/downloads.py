"""Files on their way out: written to a file of their own first, then sent, in memory that does not grow with them.

What fails while it is written is so told in words, and no browser keeps half a file. How far one is can be asked for by
whoever started it, on the machine that writes it.
"""

import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import partial
from threading import Lock
from typing import IO, BinaryIO, cast

from litestar.response import Stream

from tianbao.accounts import Account
from tianbao_web_litestar.file_names import attachment
from tianbao_web_litestar.turns import Turns

_AT_ONCE = 2
"""Files written at the same time; the others wait for their turn."""
_KNOWN = 200
"""So many downloads are remembered, the newest."""
_PIECE = 256 * 2**10
_IN_MEMORY = 2 * 2**20
"""Bytes of a file that need no disk."""

Ticket = tuple[int, str]
"""Whose download, and what their browser calls it."""
Progress = Callable[[int], None]
"""Told from time to time how many rows have been written."""
Write = Callable[[BinaryIO, Progress], int]
"""Writes a file, and gives how many rows it has."""


class Downloads(Turns):
    """Writes and sends, so many at once and no more."""

    def __init__(self) -> None:
        super().__init__(_AT_ONCE)
        self._rows: OrderedDict[Ticket, tuple[int, bool]] = OrderedDict()
        self._lock = Lock()

    async def send(self, account: Account, write: Write, name: str, media_type: str, ticket: str = "") -> Stream:
        """A file as an answer that browsers save; what ``write`` raises is raised, and nothing was sent.

        Args:
            account: who asked; nobody else is told how far it is.
            write: writes it, in a thread of its own.
            name: of the file.
            media_type: of its content.
            ticket: what the browser calls this download, where it will ask how far it is.
        """
        key = (account.id, ticket)
        file, size = await self.run(account, partial(self._written, write, key))
        headers = {**attachment(name), "Content-Length": str(size)}
        return Stream(_pieces(file), media_type=media_type, headers=headers)

    def progress(self, account: Account, ticket: str) -> tuple[int, bool]:
        """How many rows have been written, and whether that is all; nothing is known of a download that waits."""
        with self._lock:
            return self._rows.get((account.id, ticket), (0, False))

    def _written(self, write: Write, key: Ticket) -> tuple[IO[bytes], int]:
        file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 -- closed when it has been sent
        rows = 0
        try:
            rows = write(cast("BinaryIO", file), lambda rows: self._note(key, rows, done=False))
            size = file.seek(0, 2)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        finally:
            self._note(key, rows, done=True)
        return file, size

    def _note(self, key: Ticket, rows: int, *, done: bool) -> None:
        if not key[1]:
            return
        with self._lock:
            self._rows[key] = (rows, done)
            self._rows.move_to_end(key)
            while len(self._rows) > _KNOWN:
                self._rows.popitem(last=False)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece
