"""The grid of the whole country for a school year: 4,000 units × 12 months, on SQLite, with three years filed.

The promise is in milliseconds, so those are printed, beside the ratio to the plainest query somebody would write by hand.
"""

import random
import sqlite3
from itertools import count

import pytest

from tianbao.calendar import Calendar, State
from tianbao.clock import FixedClock
from tianbao.completeness import grid_of
from tianbao.periods import Period
from tianbao.storage import Store

UNITS, YEARS = 4_000, 3
FIRST = Period(2022, 8)
MONTHS = [Period(2024, 8).plus(n) for n in range(12)]
NOW = FixedClock.at("2025-08-05").now()
LIMIT = 300
"""Milliseconds."""
COUNTIES = ("彰化縣", "臺北市", "高雄市", "花蓮縣", "臺中市", "新北市")
LEVELS = ("elementary", "junior_high", "senior_high")


def make_country(path):
    """Each unit has filed 24 in 25 months, some of them twice, some late; a typhoon put a month off for a county."""
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    store.close()
    chance, numbers = random.Random(113), count(1)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.executemany(
            "INSERT INTO unit (id, code, level, name, county, district, answers_to) VALUES (?, ?, ?, ?, ?, '大成區', 'county')",
            ((n, f"{n:06}", LEVELS[n % 3], f"第{n}國中", COUNTIES[n % 6]) for n in range(1, UNITS + 1)),
        )
        db.execute("INSERT INTO unit_range (unit_id, last_period) SELECT id, 202407 FROM unit WHERE id % 40 = 0")
        db.execute("INSERT INTO unit_range (unit_id, first_period) SELECT id, 202411 FROM unit WHERE id % 40 = 0")
        db.execute("INSERT INTO unit_range (unit_id) SELECT id FROM unit WHERE id % 40")
        db.execute(
            "INSERT INTO account (id, login, role, standing, name, title, phone, extension, email, created_at) VALUES "
            "(1, 'rd_hsu_1', 'organiser', 'active', '許', '', '', '', 'a@b.tw', '2024-01-01 00:00:00.000000')"
        )
        db.executemany(
            "INSERT INTO filing (id, unit_id, period, version, way, nil, case_count, service_count, filed_at, filed_by, "
            "filed_by_name, receipt, in_force) VALUES (?, ?, ?, ?, 'current', ?, 70, 9, ?, 1, '許', ?, ?)",
            _filings(chance, numbers),
        )
        db.executemany(
            'INSERT INTO "grant" (unit_id, period, kind, due, reason, granted_at, granted_by, granted_by_name) '
            "VALUES (?, 202410, 'extension', '2024-11-20', '颱風', '2024-11-01 00:00:00.000000', 1, '許')",
            ((n,) for n in range(1, UNITS + 1, 6)),
        )
    db.close()


def _filings(chance, numbers):
    for month in (FIRST.plus(n) for n in range(12 * YEARS)):
        units = list(range(1, UNITS + 1))
        chance.shuffle(units)
        for unit in units:
            if chance.random() < 0.04:
                continue
            versions = 2 if chance.random() < 0.05 else 1
            for version in range(1, versions + 1):
                at = f"{month.next}-{chance.randrange(1, 13):02} 01:00:00.000000"
                number = next(numbers)
                yield number, unit, _number(month), version, chance.random() < 0.1, at, str(number), version == versions


def _number(month):
    return month.year * 100 + month.month


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    path = tmp_path_factory.mktemp("country") / "country.sqlite3"
    make_country(path)
    return path


def test_national_grid_of_a_year(country, ratio):
    store = Store(f"sqlite:///{country}")
    bare = sqlite3.connect(country)

    def ours():
        with store.read() as work:
            calendar = Calendar(NOW)
            return grid_of(work, calendar, work.units.all(), MONTHS)

    def plain():
        bare.execute("SELECT * FROM unit").fetchall()
        months = (_number(MONTHS[0]), _number(MONTHS[-1]))
        bare.execute(
            "SELECT unit_id, period, filed_at, nil FROM filing WHERE in_force = 1 AND period BETWEEN ? AND ?", months
        ).fetchall()

    assert len(ours().rows) == UNITS
    ratio(f"national grid, {UNITS:,} × {len(MONTHS)} (at most {LIMIT} ms)", ours, plain)
    with store.read() as work:
        assert [
            [state for state in row.states if state not in {None, State.EXTRA}] for row in ours().rows[:200]
        ] == _the_long_way(work, Calendar(NOW))
    store.close()
    bare.close()


def _the_long_way(work, calendar):
    units = work.units.all()[:200]
    return [[each.state for each in calendar.obligations(facts, MONTHS)] for facts in work.calendar.facts_of(units)]
