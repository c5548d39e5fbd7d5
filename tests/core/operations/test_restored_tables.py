"""A restore brings every row of every table, whichever of the two databases it comes from or goes to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import JSON, Boolean, Date, Integer, LargeBinary, insert, select

from tianbao.audit import Act
from tianbao.operations import backup
from tianbao.periods import Period
from tianbao.storage import Store, backups
from tianbao.storage.tables import Base
from tianbao.storage.types import Codes, Extras, Moment, Word, YearMonth

TABLES = Base.metadata.sorted_tables
PLAIN = [table for table in TABLES if not table.name.startswith("audit")]
"""Those whose rows are not chained."""
NOW = datetime(2025, 3, 5, 1, 2, 3, 456789, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request, tmp_path):
    """A new database to restore into."""
    url = f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    if request.param == "postgresql":
        import psycopg

        server = request.getfixturevalue("postgres")
        with psycopg.connect(server("postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS restored WITH (FORCE)")
            connection.execute("CREATE DATABASE restored")
        url = server("restored")
    store = Store(url)
    yield store
    store.close()


def _value(kind, n):
    values = {
        Moment: NOW + timedelta(seconds=n),
        YearMonth: Period(2025, n),
        Codes: (3, 10),
        Extras: {"日期": date(2025, 3, n), "種類": (1, 2), "空白": None},
        Boolean: n == 1,
        Date: date(2025, 3, n),
        LargeBinary: bytes(range(256)) * n,
        JSON: {"b": [1, 2.5, None, "輔導😀", {"c": True}], "a": n},
        Integer: n,
    }
    if isinstance(kind, Word):
        return next(iter(kind.words))
    return next((value for known, value in values.items() if isinstance(kind, known)), f"第{n}\n'\"%s:x\\")


def _row(table, n, **more):
    """A row of which nothing is empty; of the third, all that may be."""
    return {column.name: _value(column.type, n) for column in table.columns if n != 3 or not column.nullable} | more


def _fill(store):
    with store.work() as work:
        for table in PLAIN:
            own = {"case_count": 1, "service_count": 1} if table.name == "filing" else {}
            for n in (1, 2, 3):
                work.connection.execute(insert(table), _row(table, n, **own))
        work.audit.append(NOW, None, "first", "unit/1", {"a": [1, 2.5, "字"]})
        work.audit.append(NOW + timedelta(days=1), 1, "second", "unit/1")
    with store.work() as work:
        anchor = work.audit.last_before(NOW + timedelta(hours=1))
        work.audit.shorten(anchor)
        work.audit.append(NOW, None, Act.TRAIL_SHORTENED, "trail", {"id": anchor.id, "hash": anchor.hash})


def _rows(store):
    with store.read() as work:
        return {
            table.name: work.connection.execute(select(table).order_by(*table.primary_key)).all() for table in TABLES
        }


def test_every_row_of_every_table_comes_back_and_numbers_go_on(app, store, elsewhere, tmp_path):
    _fill(store)
    before = _rows(store)
    assert all(before.values()), "a table that nobody filled tells nothing"
    backups.put_back(backup.take(app, tmp_path / "b.sqlite3").file, elsewhere)
    assert _rows(elsewhere) == before
    with elsewhere.work() as work:
        for table in PLAIN:
            if "id" in table.c:
                row = {name: value for name, value in _row(table, 4).items() if name != "id"}
                row |= {column.name: 1 for column in table.columns if column.foreign_keys}
                assert work.connection.scalar(insert(table).returning(table.c.id), row) == 4, table.name
        work.audit.append(NOW, None, "third", "unit/1")
    with elsewhere.read() as work:
        assert work.audit.verify().broken is None
