"""Databases to restore into, and backups of earlier versions."""

import pytest
from alembic import command

from tianbao.storage import Store, backups, migrating

from_sqlite = pytest.mark.parametrize("database", ["sqlite"])
"""For what does not depend on where a backup comes from."""


@pytest.fixture
def empty_store(tmp_path):
    """An embedded database that is not there yet, to restore into."""
    store = Store(f"sqlite:///{tmp_path / 'restored.sqlite3'}")
    yield store
    store.close()


@pytest.fixture
def new_postgresql(postgres):
    """The same on PostgreSQL."""
    import psycopg

    with psycopg.connect(postgres("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS restored WITH (FORCE)")
        connection.execute("CREATE DATABASE restored")
    store = Store(postgres("restored"))
    yield store
    store.close()


@pytest.fixture(params=["empty_store", "new_postgresql"], ids=["sqlite", "postgresql"])
def elsewhere(request):
    """Either of them."""
    return request.getfixturevalue(request.param)


def turn_to(store, revision):
    """Give an empty database the schema of an earlier version."""
    with store._writer.begin() as connection:
        command.upgrade(migrating._config(connection), revision)


@pytest.fixture
def older_backup(tmp_path, revision):
    """A backup with the schema of ``revision``, and nothing in it yet."""
    with backups.opened(tmp_path / "older.sqlite3") as store:
        turn_to(store, revision)
    return tmp_path / "older.sqlite3"
