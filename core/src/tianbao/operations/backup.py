"""Backups: taken while the system is served, looked over before they count, never written over anything."""

import hashlib
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.audit import Act, record
from tianbao.errors import TianbaoError
from tianbao.operations.unfinished import finish, to_disk, unfinished
from tianbao.post.pausing import EVERYTHING, Pause
from tianbao.storage import Store, backups
from tianbao.storage.backups import Contents

if TYPE_CHECKING:
    from tianbao.bootstrap import App

SUBJECT = "backup"
"""Of the entries in the trail."""
UNSOUND = ".unsound"
"""Added to the name of a copy of a database that is not whole."""
CHECKSUM = ".sha256"
"""Added to a backup's name: the file that ``sha256sum -c`` understands."""


@frozen
class Backup:
    """A backup that was taken, or put back.

    Attributes:
        file: where it is.
        sha256: of its bytes, in hex.
        contents: what it holds.
    """

    file: Path
    sha256: str
    contents: Contents


def take(app: "App", file: Path) -> Backup:
    """Write a backup, and look it over: it has its name only once it is known to be whole and on the disk.

    Args:
        app: may be serving; a filing that was acknowledged before is in the backup.
        file: a name that is free, in a folder that is there.

    Raises:
        TianbaoError: the name is taken, there is no room, or the database is not whole; then what was copied is kept
            beside the name.
    """
    _demand_free(file)
    with unfinished(file) as copy:
        backups.take(app.store, copy)
        backups.demand_backup(copy)
        with backups.opened(copy) as store:
            found = backups.contents(store)
        if not found.sound:  # better such a copy than none, under a name that says so
            raise _not_whole(copy.replace(file.with_name(file.name + UNSOUND)), found)
        digest = _digest(copy)
        sum_file = copy.with_name(file.name + CHECKSUM)
        sum_file.write_text(f"{digest}  {file.name}\n", encoding="utf-8")
        to_disk(sum_file)
        try:
            finish(copy, file)
        except FileExistsError:
            raise _taken(file) from None
        sum_file.replace(file.with_name(sum_file.name))
    to_disk(file.parent)
    record(app, None, Act.BACKED_UP, SUBJECT, sha256=digest, filings=found.filings)
    return Backup(file, digest, found)


def put_back(file: Path, store: Store, now: datetime) -> Backup:
    """Fill an empty database from a backup, looked over; who was signed in then is not any more.

    All that a restore does is done on a copy, which then becomes the database in one step: it is there whole, or not at
    all. Messages that waited when the backup was taken have been sent since, or not: they are held back until the
    organiser has looked at them and lets them go on.

    Raises:
        TianbaoError: the file is no backup or is not what its checksum says, there is no room, or the database is not
            empty, which is found out before anything is done to it.
    """
    digest = _digest(file)
    sum_file = file.with_name(file.name + CHECKSUM)
    if sum_file.exists() and sum_file.read_text("utf-8").split()[:1] != [digest]:
        raise TianbaoError(f"{file} is not what {sum_file.name} says: it was changed or damaged. Take another backup.")
    backups.demand_backup(file)
    backups.demand_empty(store)
    place = store.file.resolve() if store.embedded else Path(gettempdir(), file.name)
    _demand_folder(place)
    with unfinished(place) as copy:
        backups.bring_up(file, copy)
        with backups.opened(copy) as restored:
            found = _whole(restored, file)
            _settle(restored, now)
            if not store.embedded:
                backups.fill(store, restored)
        if store.embedded:
            _become(copy, store)
    return Backup(file, digest, found)


def _become(copy: Path, store: Store) -> None:
    """Who began to serve in the meantime has made a database of its own: that stays."""
    backups.demand_empty(store)
    try:
        finish(copy, store.file.resolve())
    except FileExistsError:
        raise backups.occupied(store.file) from None


def _settle(store: Store, now: datetime) -> None:
    with store.work() as work:
        work.sessions.drop_older(now)
        if work.figures.waiting(now).some and work.pauses.add(Pause(EVERYTHING, now, None, "還原備份")):
            work.audit.append(now, None, Act.POST_PAUSED, SUBJECT)


def _whole(store: Store, file: Path) -> Contents:
    found = backups.contents(store)
    if not found.sound:
        raise _not_whole(file, found)
    return found


def _not_whole(file: Path, found: Contents) -> TianbaoError:
    return TianbaoError(
        f"{file}: {found.torn} filings are torn, the trail breaks at {found.trail.broken}. "
        "Run `tianbao doctor` on the database it was taken from, and keep the backups before it."
    )


def _demand_folder(file: Path) -> None:
    if not file.parent.is_dir():
        raise TianbaoError(f"there is no folder {file.parent}; make it first.")


def _demand_free(file: Path) -> None:
    _demand_folder(file)
    if file.exists():
        raise _taken(file)


def _taken(file: Path) -> TianbaoError:
    return TianbaoError(f"{file} is there already; a backup never writes over another. Choose another name.")


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
