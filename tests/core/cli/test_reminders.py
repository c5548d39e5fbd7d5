"""``tianbao tick``, ``remind`` and ``calendar``, as an operator calls them."""

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from tianbao.audit import record
from tianbao.bootstrap import bootstrap
from tianbao.calendar.workdays import calculated
from tianbao.cli import main
from tianbao.clock import FixedClock
from tianbao.periods import Period, PeriodRange
from tianbao.units import Level, Unit


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = bootstrap()
    with app.store.work() as work:
        work.units.add(Unit("074501", Level.JUNIOR_HIGH, "縣立大成國中", "彰化縣", PeriodRange(Period(2025, 2))))
    app.store.close()
    return lambda *words: CliRunner().invoke(main, words)


@pytest.mark.parametrize("day", ["0001-01-01", "1911-12-31", "9999-12-31", "2025-13-01"])
@pytest.mark.parametrize(
    "words", [("remind", "--dry-run", "--on"), ("letters", "2025-02", "-o", ".", "--on"), ("tick", "--today")]
)
def test_a_day_that_nobody_means_is_refused(run, words, day):
    said = run(*words, day)
    assert (said.exit_code, type(said.exception)) == (2, SystemExit)
    assert repr(day) in said.output


def test_the_ends_of_the_calendar_are_rehearsed(run):
    for day in ("1998-01-01", "2100-12-31"):
        assert run("remind", "--dry-run", "--on", day).exit_code == 0


def test_a_day_is_rehearsed_in_a_table(run):
    said = run("remind", "--on", "2025-03-17", "--dry-run", "--today", "2025-03-01")
    assert said.exit_code == 0, said.output
    assert "16日（星期日）遇假日，順延至3月17日（星期一）" in said.output


def test_a_day_is_rehearsed_for_programs(run):
    said = run("remind", "--on", "2025-03-11", "--dry-run", "--json", "--today", "2025-03-01")
    told = json.loads(said.output)
    assert told["month"][1]["at"] == "2025-03-11T08:00:00+08:00"
    (scene,) = told["scenes"]
    assert [(each["code"], each["to"], each["why"]) for each in scene["messages"]] == [
        ("074501", None, "114年2月逾期"),
        (None, None, "轄內有 1 個單位未填報"),
    ]


def test_it_sends_nothing_and_says_what_does(run):
    said = run("remind", "--on", "2025-03-11")
    assert said.exit_code == 2
    assert "tianbao tick" in said.output


def test_a_tick_does_a_step_once(run):
    assert "reminder/chase/2025-02: 0 messages queued, 2 without" in run("tick", "--today", "2025-03-12").output
    assert "Nothing is due" in run("tick", "--today", "2025-03-12").output


def test_a_tick_shortens_the_trail_but_not_on_a_rehearsed_day(run, monkeypatch):
    app = bootstrap(clock=FixedClock.at("2020-01-01"))
    record(app, None, "a.word", "unit/1")
    app.store.close()
    monkeypatch.setenv("TIANBAO_AUDIT_YEARS", "1")
    assert "deleted" not in run("tick", "--today", "2025-03-12").output
    assert "entries of the trail deleted, older than audit_years" in run("tick").output
    assert "deleted" not in run("tick").output


def test_the_official_calendar_is_tried_and_then_taken(run, tmp_path):
    days = [date(2025, 1, 1) + timedelta(n) for n in range(365)]
    off = {day: day == date(2025, 3, 11) or not calculated(day).working for day in days}
    lines = [f"{day:%Y%m%d},,{2 if off[day] else 0}," for day in days]
    (tmp_path / "114.csv").write_text("\n".join(["西元日期,星期,是否放假,備註", *lines]), "utf-8-sig")
    assert (
        "1 days differ from the calculated calendar. Nothing was changed"
        in run("calendar", "import", "114.csv", "--dry-run").output
    )
    assert "2025-03-11" not in run("calendar", "show", "2025").output
    assert "Done" in run("calendar", "import", "114.csv").output
    assert "2025-03-11（二）" in run("calendar", "show", "2025").output
    assert run("calendar", "import", "tianbao.sqlite3").exit_code == 2
