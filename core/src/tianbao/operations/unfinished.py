"""Files that get their name only when they are whole, and then never another file's.

What is not finished stands in a folder of its own beside the name, closed to others: two that make the same file do not
mix, and what one that was killed has left is known by the folder's name, in nobody's way, and swept up later.
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

_SUFFIX = ".tianbao-unfinished"
_ABANDONED = 12 * 3600
"""Seconds without a change after which nobody works on it any more."""


@contextmanager
def unfinished(file: Path) -> Iterator[Path]:
    """A path for what is to become a file; it is gone afterwards, unless the process was killed."""
    _sweep(file.parent)
    with TemporaryDirectory(prefix=f".{file.name}.", suffix=_SUFFIX, dir=file.parent) as folder:
        path = Path(folder, file.name)
        path.touch(mode=0o600)  # backups and letters: nobody else's to read
        yield path


def finish(whole: Path, file: Path) -> None:
    """Give a whole file its name, in one step, once it is safely on the disk.

    Raises:
        FileExistsError: the name is taken; what is there stays as it is.
    """
    to_disk(whole)
    try:
        os.link(whole, file)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: here two at the very same moment are not told apart
        if file.exists():
            raise FileExistsError(file) from None
        whole.rename(file)
    to_disk(file.parent)


def to_disk(path: Path) -> None:
    """Let it survive a power cut; Windows knows no such call for folders."""
    if os.name == "nt":
        return
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _sweep(folder: Path) -> None:
    for left in folder.glob(f".*{_SUFFIX}"):
        with suppress(OSError):  # somebody else's, or just gone
            if time.time() - max(path.stat().st_mtime for path in (left, *left.iterdir())) > _ABANDONED:
                shutil.rmtree(left)
