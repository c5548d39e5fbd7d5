"""The reminders of a country with ten years of data: a tick with nothing due, and the whole chase of the 11th.

The country is written past the repositories, as it would be after ten years: 4,000 units, a filing a month each, two
reminders a month each in the outbox, every step done.
"""

import json
import sqlite3
from datetime import date

import pytest

from tianbao.bootstrap import App
from tianbao.calendar import CalendarRules
from tianbao.clock import FixedClock
from tianbao.periods import Period
from tianbao.plugins import Plugins
from tianbao.records import Operator
from tianbao.reminders.rehearsal import rehearse
from tianbao.reminders.settings import RemindersSettings
from tianbao.reminders.steps import Step
from tianbao.reminders.tick import tick
from tianbao.settings import Settings
from tianbao.storage import Store
from tianbao.units import COUNTIES, Level

UNITS, FIRST, MONTHS = 4_000, Period(2024, 8), 120
LATE = 10
"""Every so manieth unit has not filed the last month."""


def make_country(path, months):
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    store.close()
    periods = [FIRST.plus(n) for n in range(months)]
    levels, at = list(Level), "2024-09-05 01:00:00.000000"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA synchronous = OFF")
        units = [(n, f"{n:06}", levels[n % 4], f"第{n}國中", COUNTIES[n % 22], "county") for n in range(1, UNITS + 1)]
        db.executemany("INSERT INTO unit (id, code, level, name, county, answers_to) VALUES (?, ?, ?, ?, ?, ?)", units)
        db.execute(
            "INSERT INTO unit_range (unit_id, first_period) SELECT id, ? FROM unit", [FIRST.year * 100 + FIRST.month]
        )
        db.executemany(
            "INSERT INTO account (id, login, handle, role, unit_id, standing, name, title, phone, extension, email, created_at) "
            "VALUES (?, ?, 'abcd', 'unit_officer', ?, 'active', '王', '', '', '', ?, ?)",
            ((n, f"{n}_abcd", n, f"{n}@example.edu.tw", at) for n in range(1, UNITS + 1)),
        )
        filed = [
            (unit, period)
            for number, period in enumerate(periods)
            for unit in range(1, UNITS + 1)
            if number < months - 1 or unit % LATE
        ]
        db.executemany(
            "INSERT INTO filing (unit_id, period, version, way, nil, case_count, service_count, filed_at, filed_by, "
            "filed_by_name, receipt, in_force) VALUES (?, ?, 1, 'current', 1, 0, 0, ?, 1, '王', ?, 1)",
            ((unit, p.year * 100 + p.month, _morning(p), f"{unit}-{p}") for unit, p in filed),
        )
        db.executemany(
            "INSERT INTO outbox (key, channel, recipient, template, data, secrets, message_id, state, created_at, due_at, "
            "attempts, sent_at, unit_id) VALUES (?, 'email', ?, ?, ?, '{}', ?, 'sent', ?, ?, 1, ?, ?)",
            (
                (f"reminder/{step}/{p}/unit/{unit}", f"{unit}@example.edu.tw", step, json.dumps({"unit": f"第{unit}國中"}),
                 f"{step}{p}{unit}", _morning(p), _morning(p), _morning(p), unit)
                for p in periods[:-1] for unit in range(1, UNITS + 1) for step in (Step.REMIND, Step.CHASE)
            ),
        )  # fmt: skip
        db.executemany(
            "INSERT INTO reminder_run (step, period, done_at, queued) VALUES (?, ?, ?, 4000)",
            ((step, p.year * 100 + p.month, _morning(p)) for p in periods for step in Step),
        )
        db.execute("ANALYZE")


def _morning(period):
    return f"{period.next.year}-{period.next.month:02}-05 01:00:00.000000"


@pytest.fixture(scope="module")
def app_of(tmp_path_factory):
    def make(months):
        path = tmp_path_factory.mktemp("country") / "country.sqlite3"
        make_country(path, months)
        last = FIRST.plus(months)
        clock = FixedClock.at(f"{last}-20T10:00")
        settings = Settings(calendar=CalendarRules(first_month=str(FIRST)))
        return App(settings, clock, Plugins([]), Store(f"sqlite:///{path}"), hasher=None)

    return make


@pytest.fixture(scope="module")
def old(app_of):
    return app_of(MONTHS)


@pytest.fixture(scope="module")
def young(app_of):
    return app_of(2)


def test_a_tick_with_nothing_due(old, young, ratio, wall_clock):
    options = RemindersSettings()
    assert not tick(old, options)
    ratio(
        "tick with nothing due, ten years of data against two months",
        lambda: tick(old, options),
        lambda: tick(young, options),
        clock=wall_clock,
    )


def test_rehearsing_the_11th(old, young, ratio):
    def play(app):
        last = FIRST.plus(MONTHS if app is old else 2)
        due = rehearse(app, Operator("bench"), date(last.year, last.month, 1)).month[1].due
        (scene,) = rehearse(app, Operator("bench"), due.day).scenes
        assert len(scene.messages) == UNITS // LATE + len({each.place for each in scene.messages if not each.unit})

    ratio(
        "rehearsing the 11th, 4,000 units, ten years against two months",
        lambda: play(old),
        lambda: play(young),
        rounds=3,
    )
