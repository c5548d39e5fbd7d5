"""Backups: the whole database as one SQLite file, whichever of the two databases it comes from or goes to.

A backup is of one moment, taken while the system is served: a filing acknowledged before it began is in it, and none is
in it by half. The file is a database of this program's own schema, so a later version can bring it up to date, and what
was kept in one kind of database can be put back into the other.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import frozen
from sqlalchemy import Connection, Subquery, Table, false, func, insert, or_, select, text

from tianbao.audit import Soundness
from tianbao.errors import TianbaoError
from tianbao.storage import migrating
from tianbao.storage.store import Store
from tianbao.storage.tables import AccountRow, Base, CaseRow, FilingRow, ServiceRow, UnitRow

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
        units, accounts, filings = (_count(work.connection, table) for table in (UnitRow, AccountRow, FilingRow))
        torn = work.connection.execute(_TORN).scalar_one()
        return Contents(units, accounts, filings, torn, work.audit.verify())


def _count(connection: Connection, table: type[Base] | Table) -> int:
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
        target: a file that is not there yet.
    """
    if store.embedded:
        with closing(sqlite3.connect(f"{store.file.resolve().as_uri()}?mode=ro", uri=True)) as source:
            _copy_pages(source, target)
        return
    with opened(target) as copy:
        copy.upgrade()
        _copy_rows(store, copy)


def put_back(source: Path, store: Store) -> None:
    """Fill an empty database from a backup, and bring it up to this version.

    Raises:
        TianbaoError: the file is no backup, or the database is not empty.
    """
    demand_backup(source)
    store.upgrade()
    _demand_empty(store)
    if store.embedded:
        store.close()  # no connection of ours holds the file while its pages are replaced
        with closing(sqlite3.connect(source)) as backup:
            _copy_pages(backup, store.file)
        store.upgrade()
        return
    with TemporaryDirectory(prefix="tianbao-restore-") as folder:
        brought_up = Path(folder) / "backup.sqlite3"  # the backup itself stays as it is
        shutil.copyfile(source, brought_up)
        with opened(brought_up) as backup_of_today:
            backup_of_today.upgrade()
            _copy_rows(backup_of_today, store)


@contextmanager
def opened(file: Path) -> Iterator[Store]:
    """A backup, or what is to become one, as a store."""
    store = Store(f"sqlite:///{file}")
    try:
        yield store
    finally:
        store.close()


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


def _demand_empty(store: Store) -> None:
    with store.read() as work:
        if any(_count(work.connection, table) for table in Base.metadata.sorted_tables):
            raise TianbaoError(
                "the database is not empty, and a restore never writes over what is there. Name a new one by "
                "TIANBAO_DATABASE_URL, restore into it, look at it, and then let the server use it."
            )


def _copy_pages(source: sqlite3.Connection, target: Path) -> None:
    """All pages in one step, which is one moment; in WAL, who writes meanwhile does not wait."""
    with closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def _copy_rows(source: Store, target: Store) -> None:
    """All rows of all tables, in one transaction on either side."""
    with source.read() as reading, target.work() as writing:
        for table in Base.metadata.sorted_tables:
            rows = reading.connection.execute(select(table).execution_options(yield_per=_BATCH)).mappings()
            for batch in rows.partitions():
                writing.connection.execute(insert(table), [dict(row) for row in batch])
            if not target.embedded:
                _go_on_counting(writing.connection, table)


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows by a sequence, which knows nothing of the rows that came with theirs."""
    for column in table.primary_key:
        sequence = connection.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
        if sequence:
            highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            connection.execute(select(func.setval(text(f"'{sequence}'"), highest, false())))
