"""The schema: what the migrations make is what the tables say, on both databases."""

import multiprocessing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from tianbao.audit import Act
from tianbao.bootstrap import bootstrap
from tianbao.errors import TianbaoError
from tianbao.plugins import Plugins
from tianbao.settings import Settings
from tianbao.storage import Store, migrating
from tianbao.storage.tables import Base, CaseRow, FilingRow


@pytest.fixture
def empty(database, request, tmp_path):
    """A database with nothing in it at all."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    import psycopg

    server = request.getfixturevalue("postgres")
    with psycopg.connect(server("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE empty")
        yield server("empty")
        connection.execute("DROP DATABASE empty WITH (FORCE)")


@pytest.fixture
def fresh(empty):
    store = Store(empty)
    yield store
    store.close()


def test_the_migrations_make_what_the_tables_say(store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_again_changes_nothing(fresh):
    fresh.upgrade()
    with fresh.work() as work:
        work.outbox.add("k", "a@b.tw", "t", {}, at=_now())
    fresh.upgrade()
    with fresh.read() as work:
        assert work.outbox.by_key("k")


def _now():
    from tianbao.clock import SystemClock

    return SystemClock().now()


def test_processes_that_start_at_once_make_one_schema(empty):
    fork = multiprocessing.get_context("fork")
    start = fork.Barrier(3)

    def upgrade():
        store = Store(empty)
        start.wait()
        store.upgrade()
        store.demand_current()

    processes = [fork.Process(target=upgrade) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0, 0, 0]


def test_a_migration_that_fails_leaves_what_was(fresh, monkeypatch):
    monkeypatch.setattr(migrating.command, "upgrade", _half)
    with pytest.raises(RuntimeError):
        fresh.upgrade()
    assert inspect(fresh.engine).get_table_names() == []


def _half(config, _revision):
    config.attributes["connection"].execute(text("CREATE TABLE half (id INTEGER)"))
    raise RuntimeError


def test_the_schema_can_be_taken_down_again(fresh):
    from alembic import command

    fresh.upgrade()
    with fresh._writer.begin() as connection:
        command.downgrade(migrating._config(connection), "base")
    assert inspect(fresh.engine).get_table_names() in ([], ["alembic_version"])


@pytest.fixture
def at_version(fresh):
    """Bring a database to a version of the schema; gives what there is then to ask."""
    from alembic import command

    fresh.upgrade()

    def go(to, *statements):
        with fresh._writer.begin() as connection:
            move = command.upgrade if to == "head" else command.downgrade
            move(migrating._config(connection), to)
            return [
                rows.all() if rows.returns_rows else None for rows in map(connection.execute, map(text, statements))
            ]

    return go


RANGES = "SELECT unit_id, first_period, last_period FROM unit_range ORDER BY unit_id, COALESCE(first_period, 0)"


def test_units_keep_their_months_and_get_back_those_that_reopening_took(at_version, fresh):
    units = {1: ("202408", "NULL"), 2: ("NULL", "NULL"), 3: ("202308", "202407"), 4: ("202508", "202507")}
    units[5] = units[6] = ("202608", "NULL")
    at_version(
        "0017",
        *(
            "INSERT INTO unit (id, code, level, name, county, first_period, last_period) "
            f"VALUES ({number}, '01060{number}', 'elementary', '國小', '新北市', {first}, {last})"
            for number, (first, last) in units.items()
        ),
    )
    with fresh.work() as work:
        for unit, first, last in (
            (1, None, ["2025-01", ""]),
            (4, ["2023-08", "2025-08"], ["2024-07", ""]),
            (5, ["", "2024-08"], ["2023-07", ""]),
            (5, ["2024-08", "2026-08"], ["2025-07", ""]),
            (6, ["2026-08", "2026-08"], ["2026-07", ""]),
            (99, ["2023-08", "2025-08"], ["2024-07", ""]),
        ):
            told = {"first": first, "last": last} if first else {"last": last}
            work.audit.append(_now(), None, Act.UNIT_REOPENED, f"unit/{unit}", told)
    kept = [
        (1, 202408, None),
        (2, None, None),
        (3, 202308, 202407),
        (4, 202308, 202407),
        (5, None, 202307),
        (5, 202408, 202507),
        (5, 202608, None),
        (6, 202608, None),
    ]
    assert at_version("head", RANGES) == [kept]
    (latest,) = at_version("0017", "SELECT id, first_period, last_period FROM unit ORDER BY id")
    assert latest == [kept[0], kept[1], kept[2], kept[3], kept[6], kept[7]]
    assert at_version("head", RANGES) == [kept], "down and up again loses nothing that the trail knows"


def test_messages_of_before_learn_for_whom_they_are(at_version):
    at = "'2025-03-11 00:00:00+00'"
    account = "INSERT INTO account (id, login, role, unit_id, county, standing, name, title, phone, extension, email, created_at)"
    message = (
        "INSERT INTO outbox (key, channel, recipient, template, data, secrets, enclosed, message_id, state, created_at, "
        "due_at, attempts, unit_id)"
    )
    at_version(
        "0015",
        "INSERT INTO unit (id, code, level, name, county) VALUES (1, '074501', 'junior_high', '國中', '彰化縣')",
        *(
            f"{account} VALUES ({number}, 'u{number}', '{role}', {unit}, {county}, 'retired', '', '', '', '', '{to}', {at})"
            for number, role, unit, county, to in (
                (1, "unit_officer", 1, "NULL", "a@b.tw"),
                (2, "unit_officer", 1, "NULL", "c@b.tw"),
                (3, "county_officer", "NULL", "'彰化縣'", "a@b.tw"),
            )
        ),
        *(
            f"{message} VALUES ('{name}', 'email', 'a@b.tw', '{name}', '{{}}', '{{}}', '[]', '{name}', 'queued', {at}, {at}, 0, {unit})"
            for name, unit in (("chase", 1), ("chase-county", "NULL"), ("account-reset", 1))
        ),
    )
    (told,) = at_version("head", "SELECT key, account_id FROM outbox ORDER BY key")
    assert told == [("account-reset", None), ("chase", 2), ("chase-county", 3)]


def test_a_unit_without_months_has_none_before_and_after(at_version, fresh):
    at_version(
        "0017", "INSERT INTO unit (id, code, level, name, county) VALUES (1, '010601', 'elementary', '國小', '新北市')"
    )
    at_version("head", "DELETE FROM unit_range")
    ((found,),) = at_version("0017", "SELECT first_period, last_period FROM unit")
    assert found.first_period > found.last_period
    assert at_version("head", RANGES) == [[]]


def test_a_database_of_another_version_is_refused_with_the_remedy(fresh):
    with pytest.raises(TianbaoError, match="tianbao db upgrade"):
        fresh.demand_current()


def test_a_database_of_a_later_version_is_not_touched(fresh):
    fresh.upgrade()
    with fresh.work() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(TianbaoError, match="later version"):
        fresh.upgrade()


def test_bootstrap_makes_the_embedded_database_and_asks_for_the_operators(empty, database):
    if database == "sqlite":
        app = bootstrap(Settings(database_url=empty), plugins=Plugins([]))
        app.store.demand_current()
        app.store.close()
    else:
        with pytest.raises(TianbaoError, match="tianbao db upgrade"):
            bootstrap(Settings(database_url=empty), plugins=Plugins([]))


@pytest.mark.parametrize("url", ["nonsense", "mysql://u:p@h/d", ""])
def test_a_url_of_another_database_is_refused_and_not_shown(url):
    with pytest.raises(TianbaoError, match="database_url must be") as refused:
        Store(url)
    assert "u:p" not in str(refused.value)


def test_sqlite_keeps_what_it_acknowledged(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    with store.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    store.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000}


def test_a_transaction_that_only_reads_cannot_write(store):
    from sqlalchemy.exc import DBAPIError

    with pytest.raises(DBAPIError), store.read() as work:
        work.outbox.add("k", "a@b.tw", "t", {}, at=_now())


def test_one_version_of_a_unit_and_period_is_all_the_store_takes(app, people):
    from tianbao.filings import file_nil
    from tianbao.periods import Period

    filing = file_nil(app, people.officer, people.school, Period(2025, 2))
    with app.store.read() as work:
        row = dict(work.connection.execute(select(FilingRow).where(FilingRow.id == filing.id)).one()._mapping)
    same_version = {**row, "id": 99, "receipt": "other", "in_force": False}
    also_in_force = {**row, "id": 99, "receipt": "other", "version": 2}
    for twin in (same_version, also_in_force):
        with pytest.raises(IntegrityError), app.store.work() as work:
            work.connection.execute(insert(FilingRow).values(twin))


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        (CaseRow.unit_id == 1, "ix_case_unit_period"),
        (CaseRow.county == "彰化縣", "ix_case_county_period"),
        (CaseRow.county.is_not(None), "ix_case_period"),
    ],
)
def test_the_partial_indexes_serve_rows_in_force(store, condition, index):
    from sqlalchemy import func

    statement = select(func.sum(CaseRow.sessions)).where(CaseRow.in_force, condition, _month())
    shown = str(statement.compile(store.engine, compile_kwargs={"literal_binds": True}))
    with store.read() as work:
        if store.embedded:
            plan = work.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {shown}").all()
        else:
            work.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plan = work.connection.exec_driver_sql(f"EXPLAIN {shown}").all()
            index = "ix_case_"  # which one is cheapest PostgreSQL decides by the data, and there are none
    assert index in str(plan)


def _month():
    from tianbao.periods import Period

    return CaseRow.period.between(Period(2024, 8), Period(2025, 7))
