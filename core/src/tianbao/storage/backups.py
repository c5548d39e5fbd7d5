"""Backups: the whole database as one SQLite file, whichever of the two databases it comes from or goes to.

A backup is of one moment, taken while the system is served: a filing acknowledged before it began is in it, and none is
in it by half. The file is a database of this program's own schema, so a later version can bring it up to date, and what
was kept in one kind of database can be put back into the other.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from attrs import frozen
from sqlalchemy import Connection, MetaData, Subquery, Table, false, func, insert, inspect, or_, select, text
from sqlalchemy.exc import DBAPIError

from tianbao.audit import Soundness
from tianbao.errors import TianbaoError
from tianbao.storage import migrating
from tianbao.storage.store import Store
from tianbao.storage.tables import AccountRow, Base, CaseRow, FilingRow, ServiceRow, UnitRow
from tianbao.storage.work import UnitOfWork

_BATCH = 2_000
"""Rows copied at once."""


@frozen
class Contents:
    """What a database holds.

    Attributes:
        units: in the register.
        accounts: of all standings.
        filings: of all versions.
        torn: filings with other numbers of rows than were counted when they were accepted; there must be none.
        trail: what following the audit trail's chain found.
    """

    units: int
    accounts: int
    filings: int
    torn: int
    trail: Soundness

    @property
    def sound(self) -> bool:
        return not self.torn and self.trail.broken is None


def contents(store: Store) -> Contents:
    """Count what a database holds, and look whether all of it is whole."""
    with store.read() as work:
        return _contents(work)


def _contents(work: UnitOfWork) -> Contents:
    units, accounts, filings = (_count(work.connection, table) for table in (UnitRow, AccountRow, FilingRow))
    torn = work.connection.execute(_TORN).scalar_one()
    return Contents(units, accounts, filings, torn, work.audit.verify())


def _count(connection: Connection, table: type[Base]) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _numbers_of_rows(table: type[CaseRow | ServiceRow]) -> Subquery:
    return select(table.filing_id, func.count().label("rows")).group_by(table.filing_id).subquery()


_CASES, _SERVICES = _numbers_of_rows(CaseRow), _numbers_of_rows(ServiceRow)
_TORN = (
    select(func.count())
    .select_from(FilingRow)
    .outerjoin(_CASES, _CASES.c.filing_id == FilingRow.id)
    .outerjoin(_SERVICES, _SERVICES.c.filing_id == FilingRow.id)
    .where(
        or_(
            func.coalesce(_CASES.c.rows, 0) != FilingRow.case_count,
            func.coalesce(_SERVICES.c.rows, 0) != FilingRow.service_count,
        )
    )
)


def take(store: Store, target: Path) -> None:
    """Write the database as it is at this moment to a file; others go on using it, and nobody waits.

    Args:
        store: of this version's schema.
        target: an empty file.

    Raises:
        TianbaoError: it could not be read or written to the end.
    """
    with _or_say():
        if store.embedded:
            _copy_pages(store.file, target)
            return
        with opened(target) as copy:
            copy.upgrade()
            with store.read() as reading, copy.work() as writing:
                _copy_rows(reading.connection, writing.connection)


def bring_up(source: Path, copy: Path) -> None:
    """Copy a backup, which stays as it is, and bring the copy up to this version.

    Raises:
        TianbaoError: it could not be written to the end.
    """
    with _or_say():
        shutil.copyfile(source, copy)
    with opened(copy) as brought_up:
        brought_up.upgrade()


def fill(store: Store, restored: Store) -> None:
    """Fill an empty PostgreSQL database in one transaction, schema and all: it holds everything afterwards, or nothing.

    Nobody can write to it meanwhile, so that it stays as empty as it was found.

    Args:
        store: where to.
        restored: of this version.

    Raises:
        TianbaoError: it is not empty, or could not be written to the end.
    """
    with _or_say(), restored.read() as reading, store.work() as writing:
        there = writing.connection
        migrating.wait_for_turn(there)
        if names := [there.dialect.identifier_preparer.quote(name) for name in _names(there)]:
            there.execute(text(f"LOCK TABLE {', '.join(names)} IN SHARE ROW EXCLUSIVE MODE"))
        _demand_no_rows(there)
        migrating.bring_up(there)
        _copy_rows(reading.connection, there)
        for table in Base.metadata.sorted_tables:
            _go_on_counting(there, table)
        if _contents(writing) != _contents(reading):
            raise TianbaoError("the database took something else than it was given. Take another one.")


@contextmanager
def opened(file: Path) -> Iterator[Store]:
    """A backup, or what is to become one, as a store; when it is left, all of it is in the file alone.

    Raises:
        TianbaoError: it could not be read or written to the end.
    """
    with _or_say():
        store = Store(f"sqlite:///{file}")
        try:
            yield store
        finally:
            store.close()
        with closing(sqlite3.connect(file)) as alone:  # closing does it, too, but says nothing where there is no room
            alone.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _or_say() -> Iterator[None]:
    """Say in a sentence what a database cannot do; not the values it quotes, which may be a student's."""
    try:
        yield
    except (sqlite3.Error, DBAPIError, OSError) as error:
        reason = str(getattr(error, "orig", error)).partition("\n")[0]
        raise TianbaoError(
            f"it was broken off, and nothing is left of it: {reason}. Mend that, then try again."
        ) from error


def demand_backup(file: Path) -> None:
    """Refuse a file that is no backup, a broken one, one of a later version, and a database that is in use.

    Raises:
        TianbaoError: it is not one to restore from.
    """
    log = file.with_name(f"{file.name}-wal")
    if log.exists() and log.stat().st_size:
        raise TianbaoError(
            f"{file} is a database in use: its latest filings are in {log.name} alone. Take a backup of it by "
            "`tianbao backup`, and restore that."
        )
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as backup:
            found = backup.execute("PRAGMA integrity_check").fetchone()[0]
            version = backup.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise TianbaoError(
            f"{file} is no backup of Tianbao ({error}). Name a file that `tianbao backup` wrote."
        ) from error
    if found != "ok":
        raise TianbaoError(f"the backup {file} is damaged: {found}. Take another one.")
    if version is None or not migrating.known(version[0]):
        raise TianbaoError(
            f"the backup {file} was taken by a later version of Tianbao. Install that version, then restore."
        )


def demand_empty(store: Store) -> None:
    """Refuse a database that has something in it; looking changes nothing, whichever version it is of.

    An embedded database must not be there at all: a file can have users that are not seen.

    Raises:
        TianbaoError: it is not empty.
    """
    if store.embedded:
        file = store.file.resolve()
        for path in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm", "-journal"))):
            if path.exists():
                raise occupied(path)
        return
    with _or_say(), store.read() as work:
        _demand_no_rows(work.connection)


def _demand_no_rows(connection: Connection) -> None:
    for name in _names(connection):
        if connection.execute(select(text("1")).select_from(Table(name, MetaData())).limit(1)).first():
            raise occupied(f"table {name}")


def _names(connection: Connection) -> Sequence[str]:
    """Of all tables there are, whoever made them."""
    return sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})


def occupied(by: Path | str) -> TianbaoError:
    """What to say of a database that is not empty."""
    return TianbaoError(
        f"the database is not empty ({by}), and a restore never writes over what is there. Name a new one by "
        "TIANBAO_DATABASE_URL, restore into it, look at it; then stop the server, and start it with that one."
    )


def _copy_pages(source: Path, target: Path) -> None:
    """All pages in one step, which is one moment; in WAL, who writes meanwhile does not wait."""
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy)


def _copy_rows(source: Connection, target: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        rows = source.execute(select(table).execution_options(yield_per=_BATCH)).mappings()
        for batch in rows.partitions():
            target.execute(insert(table), [dict(row) for row in batch])


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows by a sequence, which knows nothing of the rows that came with theirs."""
    for column in table.primary_key:
        sequence = connection.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
        if sequence:
            highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(text(f"'{sequence}'"), highest, false())))
