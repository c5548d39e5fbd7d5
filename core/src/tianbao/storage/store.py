"""The store: where units of work come from."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import OperationalError
from threading import Lock
from typing import Any

from sqlalchemy import Connection

from tianbao.errors import Refusal
from tianbao.storage import migrating
from tianbao.storage.engine import HASTY, PATIENCE, WAITING, WRITING, make_engine
from tianbao.storage.work import UnitOfWork


class Store:
    """A database.

    Args:
        url: SQLAlchemy's.

    Raises:
        TianbaoError: the URL is none, or of a database that is not supported.
    """

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.embedded = self.engine.dialect.name == "sqlite"
        """Whether it is SQLite: one machine, made by itself on first start."""
        snapshot: dict[str, Any] = (
            {} if self.embedded else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        self._writer = self.engine.execution_options(**{WRITING: True})
        self._hasty = self.engine.execution_options(**{WRITING: True, HASTY: True})
        self._reader = self.engine.execution_options(**{WRITING: False}, **snapshot)
        self._turn = Lock()

    @property
    def file(self) -> Path:
        """The file of an embedded database."""
        return Path(self.engine.url.database or "")

    @contextmanager
    def work(self, *, hasty: bool = False, wait: bool = True) -> Iterator[UnitOfWork]:
        """One transaction that may write: committed on leaving, rolled back where something is raised.

        Args:
            hasty: it survives the end of this process, but on SQLite perhaps no power cut, and so need not wait for
                the disk; never for anything that was acknowledged to somebody.
            wait: whether to wait for SQLite's write lock; what can be done another time does not.

        Raises:
            Refusal: SQLite's write lock could not be had within its patience (``busy``).
        """
        with self._alone(PATIENCE if wait else 0), (self._hasty if hasty else self._writer).connect() as connection:
            self._begin(connection if wait else connection.execution_options(**{WAITING: False}))
            work = UnitOfWork(connection)
            yield work
            work.seal()
            connection.commit()

    @contextmanager
    def _alone(self, patience: float = PATIENCE) -> Iterator[None]:
        """SQLite lets one write at a time, and waits by sleeping; the threads of this process queue here instead."""
        if not self.embedded:
            yield
            return
        if not self._turn.acquire(timeout=patience):
            raise _busy()
        try:
            yield
        finally:
            self._turn.release()

    def _begin(self, connection: Connection) -> None:
        try:
            connection.begin()
        except OperationalError as error:  # SQLite's: see `engine`
            raise _busy() from error

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """One transaction that only reads, all of it from the same moment."""
        with self._reader.connect() as connection:
            yield UnitOfWork(connection)

    def upgrade(self) -> None:
        """Bring the schema up to date; it is all one transaction, and does nothing where it is."""
        with self._alone():
            migrating.upgrade(self._writer)

    def demand_current(self) -> None:
        """Refuse to work on a database of another version.

        Raises:
            TianbaoError: its schema is not of this version; says what to do.
        """
        migrating.demand_current(self._reader)

    def close(self) -> None:
        self.engine.dispose()


def _busy() -> Refusal:
    return Refusal("busy", "系統忙碌中，這次沒有存檔。", "請過一會兒再試。")
