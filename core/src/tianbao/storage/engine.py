"""Connections to the two databases, set up so that what was committed stays committed.

SQLite: WAL, so that readers never wait for the writer; ``synchronous=FULL``, so that an acknowledged filing survives a
power cut, except where a transaction says that it need not (`HASTY`); a writing transaction takes the write lock when
it begins, so that it never fails half way for having read first.
"""

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from tianbao.errors import TianbaoError

WRITING = "tianbao_writing"
"""The execution option that marks connections whose transactions write."""
HASTY = "tianbao_hasty"
"""The execution option that marks connections whose transactions need not survive a power cut, on SQLite.

What was committed is with the operating system: it survives the end of the process, whatever ends it.
"""
WAITING = "tianbao_waiting"
"""The execution option that tells whether to wait for SQLite's write lock; usual where it is not given."""
PATIENCE = 15.0
"""Seconds a SQLite transaction waits for the write lock."""


def make_engine(url: str) -> Engine:
    """An engine for a SQLAlchemy URL.

    Raises:
        TianbaoError: the URL is none, or of a database that is not supported.
    """
    try:
        parsed = make_url(url)
        makers = {"sqlite": _sqlite, "postgresql": _postgresql}
        return makers[parsed.get_backend_name()](parsed)
    except (ArgumentError, NoSuchModuleError, KeyError) as error:
        raise TianbaoError(
            "database_url must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE; mend it in tianbao.toml "
            "or TIANBAO_DATABASE_URL."
        ) from error
    except ModuleNotFoundError as error:
        raise TianbaoError("PostgreSQL needs its driver: install tianbao[postgresql].") from error


def _postgresql(url: URL) -> Engine:
    engine = create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20, **_COMMON)
    event.listen(engine, "handle_error", _beyond)
    return engine


_TOO_LARGE = "22003"
"""PostgreSQL's code; what its driver refuses by itself, such as text with a NUL in it, has none."""


def _beyond(context: ExceptionContext) -> None:
    """Say of what the database cannot hold what SQLite's driver says.

    Raises:
        OverflowError: a number is too large, or a text has a sign that no text may have.
    """
    error = context.original_exception
    named = type(error).__name__ in {"DataError", "NumericValueOutOfRange"}
    if named and getattr(error, "sqlstate", None) in {None, _TOO_LARGE}:
        raise OverflowError("the database holds no such number or text") from error


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": PATIENCE}, **_COMMON)
    event.listen(engine, "do_connect", _keep_private)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _keep_private(_dialect: Dialect, _entry: ConnectionPoolEntry, args: Sequence[Any], _options: Any) -> None:  # noqa: ANN401
    """Make the file, where there is none yet, for its owner alone: the log beside it takes after it."""
    file = str(args[0]) if args else ""
    if file and file != ":memory:" and not file.startswith("file:"):
        with suppress(OSError):  # SQLite itself says what is wrong with the place
            Path(file).touch(mode=0o600)


_PRAGMAS = "tianbao_pragmas"
"""Where a connection remembers what it was told last: most transactions on it want the same again."""


def _set_up(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver would begin transactions late, and by itself
    _turn_to_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _turn_to_wal(connection: SqliteConnection) -> None:
    """For this one change SQLite does not wait for others by itself: it fails where they change it at the same time."""
    patience = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except OperationalError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    writing = options.get(WRITING, False)
    wanted = writing, options.get(HASTY, False), options.get(WAITING, True)
    driver: Any = connection.connection.driver_connection  # SQLAlchemy's own way takes longer than SQLite's work
    if connection.info.get(_PRAGMAS) != wanted:
        for pragma in _pragmas(*wanted):
            driver.execute(f"PRAGMA {pragma}")
        connection.info[_PRAGMAS] = wanted
    driver.execute("BEGIN IMMEDIATE" if writing else "BEGIN")


def _pragmas(writing: bool, hasty: bool, waiting: bool) -> Sequence[str]:  # noqa: FBT001 -- the execution options
    return (
        f"query_only = {'OFF' if writing else 'ON'}",
        f"synchronous = {'NORMAL' if hasty else 'FULL'}",
        f"busy_timeout = {PATIENCE * 1000 if waiting else 0:.0f}",
    )


def _json(value: Any) -> str:  # noqa: ANN401 -- whatever JSON takes
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


_COMMON: Mapping[str, Any] = {
    "json_serializer": _json,
    "hide_parameters": True,  # what a failing statement was given may be a student's, and errors are written to logs
}
