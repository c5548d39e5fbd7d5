"""The schema's versions: Alembic, run from here, with the migrations packaged beside this module."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from tianbao.errors import TianbaoError
from tianbao.storage.repository import lock

_FOLDER = Path(__file__).with_name("migrations")


def upgrade(engine: Engine) -> None:
    """Bring the schema to this version, in one transaction; of several processes at once, one does it."""
    with engine.begin() as connection:
        bring_up(connection)


def bring_up(connection: Connection) -> None:
    """Bring the schema to this version, in a transaction of somebody's.

    Raises:
        TianbaoError: it is of a later version.
    """
    wait_for_turn(connection)
    there = revision(connection)
    if there is not None and not known(there):
        raise TianbaoError("the database is of a later version of Tianbao. Install that version.")
    if there != head():
        command.upgrade(_config(connection), "head")


def wait_for_turn(connection: Connection) -> None:
    """Let nobody else change the schema before this transaction has ended."""
    lock(connection, "migrations")


def revision(connection: Connection) -> str | None:
    """The version the schema has; ``None`` for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The version this program wants."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def known(revision_: str | None) -> bool:
    """Whether this program can bring a schema of this version up to date."""
    return revision_ in {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}


def demand_current(engine: Engine) -> None:
    """Refuse to work on a schema of another version.

    Raises:
        TianbaoError: it is of another.
    """
    with engine.connect() as connection:
        there = revision(connection)
    if there != head():
        raise TianbaoError(
            f"the database's schema is at {there or 'nothing yet'}, this program needs {head()}: "
            "run `tianbao db upgrade` (after a backup)."
        )


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config
