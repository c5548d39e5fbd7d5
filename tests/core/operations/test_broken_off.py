"""Backups and restores that are killed, or find no room: nothing half done passes for whole, and the next one succeeds."""

import os
import random
import signal
import tempfile

import pytest
from attrs import evolve
from sqlalchemy import Engine, event, inspect

from tianbao.clock import FixedClock
from tianbao.errors import TianbaoError
from tianbao.filings import file_workbook
from tianbao.operations import backup
from tianbao.periods import Period
from tianbao.storage import Store, backups
from tianbao.testing import filled
from tianbao_templates_113 import TEMPLATE

from .conftest import from_sqlite

resource = pytest.importorskip("resource", reason="NOT TESTED HERE: a process cannot be told to write less")
NOW = FixedClock.at("2025-03-06T08:00").now()
KILLS = 6
SURVIVED = 0


@pytest.fixture(autouse=True)
def _temporary_files(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def dice():
    return random.Random(20250306)


@pytest.fixture
def filed(app, people, as_file):
    """The application, with something in its database that must not be lost."""
    data = as_file(filled(TEMPLATE, case=[{"sessions": 7}]))
    file_workbook(app, people.officer, people.school, Period(2025, 2), data, "a.xlsx")
    app.store.close()
    return app


@pytest.fixture
def moments(in_child, tmp_path, dice):
    """Moments of a piece of work, chosen by the dice, and the last: statements and commits, on whatever connection."""

    def choose(work):
        counted = tmp_path / "moments"

        def count():
            steps = dying_at(None)
            work()
            counted.write_text(str(steps()))

        assert in_child(count) == SURVIVED
        number = int(counted.read_text())
        counted.unlink()
        return [*sorted(dice.sample(range(number - 1), KILLS)), number - 1]

    return choose


def dying_at(step):
    """Let this process die at its so manieth moment; gives how many there were."""
    count = 0

    def one_more(*_):
        nonlocal count
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)
        count += 1

    event.listen(Engine, "before_cursor_execute", one_more)
    event.listen(Engine, "commit", one_more)
    return lambda: count


def test_wherever_a_backup_is_killed_nothing_has_its_name_unless_it_is_whole(
    filed, database_url, tmp_path, in_child, moments
):
    def take(name):
        backup.take(evolve(filed, store=Store(database_url)), tmp_path / name)

    def take_and_die(step):
        dying_at(step)
        take(f"{step}.sqlite3")

    for step in moments(lambda: take("all.sqlite3")):
        file = tmp_path / f"{step}.sqlite3"
        assert in_child(lambda step=step: take_and_die(step)) == -signal.SIGKILL
        if file.exists():  # it died when it was done, at its entry in the trail
            backups.demand_backup(file)
        else:
            assert list(tmp_path.glob(f".{step}.sqlite3.*.tianbao-unfinished"))
            assert in_child(lambda name=file.name: take(name)) == SURVIVED
        with backups.opened(file) as kept:
            assert backups.contents(kept).filings == 1
            assert backups.contents(kept).sound


@from_sqlite
def test_wherever_a_restore_is_killed_the_database_is_as_empty_as_before(filed, elsewhere, tmp_path, in_child, moments):
    taken = backup.take(filed, tmp_path / "b.sqlite3")
    filed.store.close()
    url = elsewhere.engine.url.render_as_string(hide_password=False)

    def put_back():
        backup.put_back(taken.file, Store(url), NOW)

    def put_back_and_die(step):
        dying_at(step)
        put_back()

    steps = moments(put_back)
    make_empty(elsewhere)
    for killed, step in enumerate(steps):
        assert in_child(lambda step=step: put_back_and_die(step)) == -signal.SIGKILL
        assert nothing_in(elsewhere)
        assert len(list(tmp_path.glob(".*.sqlite3.*.tianbao-unfinished"))) == killed + 1
    assert in_child(put_back) == SURVIVED
    found = backups.contents(elsewhere)
    assert (found.filings, found.sound) == (1, True)


def make_empty(store):
    if store.embedded:
        store.file.unlink()
        return
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    store.close()


def nothing_in(store):
    if store.embedded:
        return not store.file.exists()
    with store.engine.connect() as connection:
        names = inspect(connection).get_table_names()
    store.close()
    return not names


def with_room_for(size):
    """Let this process write no file that is larger: to SQLite it looks like a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def refused_for_want_of_room(work):
    with pytest.raises(TianbaoError, match=r"^it was broken off, and nothing is left of it: "):
        work()


def test_a_backup_that_finds_no_room_says_so_and_leaves_nothing(filed, database_url, tmp_path, in_child):
    size = backup.take(filed, tmp_path / "whole.sqlite3").file.stat().st_size
    filed.store.close()

    def take_without_room():
        with_room_for(size * 3 // 4)
        refused_for_want_of_room(lambda: backup.take(evolve(filed, store=Store(database_url)), tmp_path / "b.sqlite3"))

    assert in_child(take_without_room) == SURVIVED
    assert not list(tmp_path.glob("*b.sqlite3*"))
    assert backup.take(filed, tmp_path / "b.sqlite3").contents.sound


@from_sqlite
def test_a_restore_that_finds_no_room_says_so_and_leaves_nothing(filed, elsewhere, tmp_path, in_child):
    taken = backup.take(filed, tmp_path / "b.sqlite3")
    filed.store.close()
    url = elsewhere.engine.url.render_as_string(hide_password=False)

    def put_back_without_room():
        with_room_for(taken.file.stat().st_size * 3 // 4)
        refused_for_want_of_room(lambda: backup.put_back(taken.file, Store(url), NOW))

    assert in_child(put_back_without_room) == SURVIVED
    assert nothing_in(elsewhere)
    assert not list(tmp_path.glob(".*"))
    assert backup.put_back(taken.file, elsewhere, NOW).contents == taken.contents
