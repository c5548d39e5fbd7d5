"""Tables on their way out: written to a file of their own first, then sent, in memory that does not grow with the rows.

What fails while it is written is so told in words, and no browser keeps half a file. How far one is can be asked for by
whoever started it, on the machine that writes it.
"""

import tempfile
from collections import OrderedDict
from collections.abc import Iterator
from functools import partial
from threading import Lock
from typing import IO

from anyio import CapacityLimiter, to_thread
from litestar.response import Stream

from tianbao.accounts import Account
from tianbao.bootstrap import App
from tianbao.clock import TAIPEI
from tianbao.exporters import Exporter
from tianbao.records import KINDS, Query, export
from tianbao_web_litestar.file_names import attachment

_AT_ONCE = 2
"""Files written at the same time; the others wait for their turn."""
_KNOWN = 200
"""So many downloads are remembered, the newest."""
_PIECE = 256 * 2**10
_IN_MEMORY = 2 * 2**20
"""Bytes of a file that need no disk."""

Ticket = tuple[int, str]
"""Whose download, and what their browser calls it."""


class Downloads:
    """Writes and sends, so many at once and no more."""

    def __init__(self) -> None:
        self._limiter = CapacityLimiter(_AT_ONCE)
        self._rows: OrderedDict[Ticket, tuple[int, bool]] = OrderedDict()
        self._lock = Lock()

    async def send(self, core: App, account: Account, query: Query, way: Exporter, ticket: str = "") -> Stream:
        """What the query shows, all pages of it, as a file.

        Raises:
            Refusal: as `tianbao.records.export`; nothing was sent.
        """
        key = (account.id, ticket)
        file, size = await to_thread.run_sync(
            partial(self._write, core, account, query, way, key), limiter=self._limiter
        )
        name = f"{KINDS[query.kind]}_{core.clock.now().astimezone(TAIPEI):%Y%m%d_%H%M}{way.suffix}"
        headers = {**attachment(name), "Content-Length": str(size)}
        return Stream(_pieces(file), media_type=way.media_type, headers=headers)

    def progress(self, account: Account, ticket: str) -> tuple[int, bool]:
        """How many rows have been written, and whether that is all; nothing is known of a download that waits."""
        with self._lock:
            return self._rows.get((account.id, ticket), (0, False))

    def _write(self, core: App, account: Account, query: Query, way: Exporter, key: Ticket) -> tuple[IO[bytes], int]:
        file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 -- closed when it has been sent
        rows = 0
        try:
            rows = export(core, account, query, way, file, lambda rows: self._note(key, rows, done=False))  # type: ignore[arg-type]
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
