"""Statistics: a unit, a county and the country, against the same count written by hand, and against DuckDB.

A country of ``STATISTICS_UNITS`` units and ``STATISTICS_YEARS`` years (environment; 400 and 2 unless told otherwise; the
real one has 4,000 and 10, which is 34 million rows). ``STATISTICS_FILE`` names a file to keep it in: to make the real one,
and to recount its tallies, takes twenty minutes.
"""

import csv
import os
import sqlite3
import time
from pathlib import Path

import pytest

from tianbao.bootstrap import App
from tianbao.canon import Case, Service
from tianbao.clock import FixedClock
from tianbao.filings import Filing, Way
from tianbao.periods import Period
from tianbao.plugins import PluginInfo, Plugins
from tianbao.records import Operator
from tianbao.settings import Settings
from tianbao.statistics import answer, read_address
from tianbao.statistics.refreshing import refresh
from tianbao.storage import Store
from tianbao.storage.tallies import Tallies

from .national import make_country, months

UNITS = int(os.environ.get("STATISTICS_UNITS", "400"))
YEARS = int(os.environ.get("STATISTICS_YEARS", "2"))
WHO = Operator("bench")
SPAN = "school_year=" + ",".join(str(113 - back) for back in range(YEARS))
FIRST = months(YEARS)[0]


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    path = Path(os.environ.get("STATISTICS_FILE") or tmp_path_factory.mktemp("country") / "country.sqlite3")
    if not path.exists():
        make_country(path, units=UNITS, years=YEARS)
    return path


@pytest.fixture(scope="module")
def app(country):
    import tianbao_templates_111
    import tianbao_templates_113

    modules = (tianbao_templates_111, tianbao_templates_113)
    plugins = Plugins([(PluginInfo(module.__name__, "1", "bench"), module) for module in modules])
    app = App(Settings(), FixedClock.at("2025-08-05"), plugins, Store(f"sqlite:///{country}"), None)
    refresh(app)
    yield app
    app.store.close()


def by_hand(country, where):
    """The grouping somebody would write who needs no totals, notes and coverage."""
    db = sqlite3.connect(country)
    sql = f'SELECT main_issue, period, sex, sum(sessions) FROM "case" WHERE in_force = 1 AND {where} GROUP BY 1, 2, 3'
    return lambda: db.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("address", "where", "milliseconds"),
    [
        ("unit=000007&school_year=113", "unit_id = 7 AND period BETWEEN 202408 AND 202507", 50),
        ("county=新北市&school_year=113", "county = '新北市' AND period BETWEEN 202408 AND 202507", 150),
    ],
)
def test_the_table_of_a_school_year(ratio, app, country, wall_clock, address, where, milliseconds):  # noqa: PLR0917 -- examples
    query = read_address("case", f"{address}&reading=main&layout=monthly")
    ratio(
        f"{address} by month, {milliseconds} ms promised / rows grouped by hand",
        lambda: answer(app, WHO, query),
        by_hand(country, where),
        clock=wall_clock,
    )


def test_the_country_by_month_against_duckdb(ratio, app, country, wall_clock, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    rows = tmp_path / "rows.csv"
    with sqlite3.connect(country) as db, rows.open("w") as file:
        for batch in iter(_batches(db), []):
            csv.writer(file).writerows(batch)
    other = duckdb.connect(str(tmp_path / "rows.duckdb"))
    names = "{'main_issue': 'INTEGER', 'period': 'INTEGER', 'sex': 'INTEGER', 'sessions': 'INTEGER'}"
    other.execute(f"CREATE TABLE cases AS SELECT * FROM read_csv('{rows}', header = false, columns = {names})")
    grouped = f"SELECT main_issue, period, sex, sum(sessions) FROM cases WHERE period >= {FIRST} GROUP BY ALL"
    query = read_address("case", f"{SPAN}&reading=main&layout=monthly")
    name = f"the country, {YEARS} years by month, {UNITS:,} units: the whole answer / DuckDB's scan and group"
    result = ratio(
        name, lambda: answer(app, WHO, query), lambda: other.execute(grouped).fetchall(), 1.0, clock=wall_clock
    )
    assert int(answer(app, WHO, query).lines[-1].figures[-1]) == sum(
        row[3] for row in other.execute(grouped).fetchall()
    )
    if UNITS * YEARS >= 40_000:  # DuckDB scans a small country in no time
        assert result <= 1.0


def _batches(db):
    found = db.execute('SELECT main_issue, period, sex, sessions FROM "case" WHERE in_force = 1')
    return lambda: found.fetchmany(100_000)


def test_persons_of_a_county_and_of_the_country(app, capsys):
    for address in ("county=新北市&school_year=113&sex=total", "school_year=113&sex=total"):
        query = read_address("case", f"{address}&measure=persons&reading=main")
        start = time.perf_counter()
        answer(app, WHO, query)
        with capsys.disabled():
            print(f"\npersons, {address}: {time.perf_counter() - start:.2f} s")


def test_filing_is_not_slowed(ratio, tmp_path, monkeypatch):
    store = Store(f"sqlite:///{tmp_path / 'filing.sqlite3'}")
    store.upgrade()
    with store.work() as work:
        from tianbao.accounts import Account, Role
        from tianbao.units import Level, Unit

        work.units.add(Unit("074501", Level.JUNIOR_HIGH, "縣立大成國中", "彰化縣"))
        born = FixedClock.at("2024-01-01").now()
        work.accounts.add(Account(0, "x_abcd", Role.ORGANISER, "許", "a@b.tw", handle="abcd", created_at=born))
        (unit,) = work.units.all()
    cases = list(enumerate([Case(student_code=f"S{n}", sex=1, main_issue=5, sessions=2) for n in range(35)], 5))
    services = list(enumerate([Service(item=1, audience=7, male=3) for _ in range(35)], 5))
    versions = iter(range(1, 10**6))
    mark = Tallies.mark

    def file(marking):
        monkeypatch.setattr(Tallies, "mark", mark if marking else lambda self, changed: None)
        for _ in range(50):
            version = next(versions)
            filing = Filing(
                0, unit, Period(2025, 2), version, Way.CURRENT, nil=False, template_key="113", fingerprint="f", file_name="x",
                file_hash="0", counts={"case": 35, "service": 35}, filed_at=born, filed_by=1, filed_by_name="許",
                receipt=str(version), in_force=True,
            )  # fmt: skip
            with store.work() as work:
                work.filings.add(filing, {"case": cases, "service": services})

    result = ratio(
        "50 filings of 70 rows in place of others, with marks / without",
        lambda: file(marking=True),
        lambda: file(marking=False),
        1.2,
    )
    assert result < 1.2
    store.close()
