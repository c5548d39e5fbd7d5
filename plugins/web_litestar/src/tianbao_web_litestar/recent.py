"""Uploads of a moment ago: refused, so that their marked workbook can be had without sending the file again, or shown.

In memory only, on purpose: such a file was not acknowledged, so nothing is lost with it, and a file that may hold
what must not be stored is not stored. It is kept for its sender alone, the newest of each, for half an hour, within a
bound for all together. What is kept is the file as it came, a fraction of what it unfolds to.
"""

import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, Protocol, TypeVar

from attrs import field, frozen

from tianbao.periods import Period
from tianbao.units import Level, Unit

KEPT_FOR = timedelta(minutes=30)
AT_MOST = 96 * 2**20
"""Bytes of all files together."""


@frozen
class Upload:
    """A file that was refused."""

    owner: int
    """The account that sent it."""
    unit: Unit
    period: Period
    file_name: str
    data: bytes = field(repr=False)
    at: datetime
    key: str = field(factory=lambda: secrets.token_urlsafe(12))


class Kept(Protocol):
    """What can be kept; see `Upload`."""

    @property
    def owner(self) -> int: ...
    @property
    def data(self) -> bytes: ...
    @property
    def at(self) -> datetime: ...
    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=Kept)


class Shelf(Generic[K]):
    """The uploads that are kept, the newest of each account, oldest first."""

    def __init__(self, at_most: int = AT_MOST) -> None:
        self._at_most = at_most
        self._uploads: OrderedDict[int, K] = OrderedDict()
        self._lock = Lock()

    def keep(self, upload: K) -> str:
        """Keep an upload in place of its sender's last one; returns its key."""
        with self._lock:
            self._uploads.pop(upload.owner, None)
            self._uploads[upload.owner] = upload
            while sum(len(kept.data) for kept in self._uploads.values()) > self._at_most:
                self._uploads.popitem(last=False)
        return upload.key

    def find(self, key: str, owner: int, now: datetime) -> K | None:
        """An upload of this account, while it is kept."""
        with self._lock:
            for old in [upload for upload in self._uploads.values() if now - upload.at > KEPT_FOR]:
                del self._uploads[old.owner]
            found = self._uploads.get(owner)
        return found if found and secrets.compare_digest(found.key.encode(), key.encode()) else None

    def forget(self, owner: int) -> None:
        """Drop what an account sent, since it has filed or signed out."""
        with self._lock:
            self._uploads.pop(owner, None)


class Recent(Shelf[Upload]):
    """Workbooks that were refused."""


@frozen
class ListUpload:
    """A list for the unit register that was shown, and not taken yet."""

    owner: int
    """The account that sent it."""
    file_name: str
    data: bytes = field(repr=False)
    level: Level | None
    since: Period
    at: datetime
    key: str = field(factory=lambda: secrets.token_urlsafe(12))


class Lists(Shelf[ListUpload]):
    """Lists that wait to be confirmed."""
