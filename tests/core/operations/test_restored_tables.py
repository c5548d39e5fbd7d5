"""A restore brings every row of every table, whichever of the two databases it comes from or goes to."""

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import asdict, astuple
from sqlalchemy import JSON, Boolean, Column, Date, Integer, LargeBinary, MetaData, Table, insert, inspect, select, text

from tianbao.audit import FIRST, Act, Entry
from tianbao.operations import backup
from tianbao.periods import Period
from tianbao.storage import backups
from tianbao.storage.tables import Base
from tianbao.storage.types import Codes, Extras, Moment, Word, YearMonth

TABLES = Base.metadata.sorted_tables
PLAIN = [table for table in TABLES if not table.name.startswith("audit")]
"""Those whose rows are not chained."""
NOW = datetime(2025, 3, 5, 1, 2, 3, 456789, tzinfo=UTC)


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
        anchor = work.audit.last_before(NOW + timedelta(hours=1), most=1)
        work.audit.shorten(anchor)
        work.audit.append(NOW, None, Act.TRAIL_SHORTENED, "trail", {"id": anchor.id, "hash": anchor.hash})


def _rows(store, tables=TABLES):
    with store.read() as work:
        return {
            table.name: work.connection.execute(select(table).order_by(*table.primary_key)).all() for table in tables
        }


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch):
    """Who was signed in and what waited stays: that it does not is tested elsewhere."""
    monkeypatch.setattr(backup, "_settle", lambda _store, _now: None)


def test_every_row_of_every_table_comes_back_and_numbers_go_on(app, store, elsewhere, tmp_path):
    _fill(store)
    before = _rows(store)
    assert all(before.values()), "a table that nobody filled tells nothing"
    backup.put_back(backup.take(app, tmp_path / "b.sqlite3").file, elsewhere, NOW)
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


MOVED = {"first_period", "last_period"}
"""Columns of units, once; today they are rows of their own."""


@pytest.fixture
def older_tables(older_backup):
    """Today's tables, with no more columns than there were then."""
    columns = _columns(older_backup)
    return [_narrowed(table, columns[table.name]) for table in TABLES if table.name in columns]


def _columns(file):
    with backups.opened(file) as store, store.engine.connect() as connection:
        there = inspect(connection)
        names = set(there.get_table_names()) - {"alembic_version"}
        return {name: {column["name"] for column in there.get_columns(name)} for name in names}


def _narrowed(table, names):
    return Table(table.name, MetaData(), *(_like(column) for column in table.columns if column.name in names))


def _like(column):
    return Column(column.name, column.type, primary_key=column.primary_key, nullable=column.nullable)


@pytest.mark.parametrize("revision", ["0005", "0010"])
def test_every_row_of_an_older_schema_arrives_in_todays(older_backup, older_tables, elsewhere):
    _fill_older(older_backup, older_tables)
    columns = {table.name: set(table.c.keys()) for table in older_tables}
    columns["unit"] |= MOVED
    assert columns == _columns(older_backup), "each column of then has a home today"
    content = older_backup.read_bytes()
    with backups.opened(older_backup) as then:
        before = _rows(then, older_tables)
    found = backup.put_back(older_backup, elsewhere, NOW).contents
    elsewhere.demand_current()
    assert _rows(elsewhere, older_tables) == before
    assert all(before.values()), "a table that nobody filled tells nothing"
    with elsewhere.read() as work:
        assert work.audit.verify() == found.trail
        months = [unit.active.spoken for unit in work.units.all()]
    assert months == ["114年1月起", "114年2月起", "所有月份"]
    assert older_backup.read_bytes() == content, "the backup stays as it is"


def _fill_older(file, tables):
    entries = [Entry.after(astuple(FIRST), NOW, None, "first", "unit/1", {"a": 1})]
    entries.append(Entry.after((1, entries[0].hash), NOW, 1, "second", "unit/1", {}))
    with backups.opened(file) as then, then.work() as work:
        for table in tables:
            own = {"case_count": 1, "service_count": 1} if table.name == "filing" else {}
            rows = [_row(table, n) | own for n in (1, 2, 3)]
            if table.name.startswith("audit"):
                rows = map(asdict, entries) if table.name == "audit" else [asdict(FIRST)]
            for row in rows:
                work.connection.execute(insert(table), row)
        work.connection.execute(text("UPDATE unit SET first_period = 202500 + id WHERE id < 3"))
