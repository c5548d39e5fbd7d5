"""Backups: whole, of one moment, taken under load; put back into either database; never over anything."""

import os
import sqlite3
import threading
from contextlib import closing
from hashlib import sha256

import pytest
from attrs import evolve

from tianbao.accounts import sessions
from tianbao.clock import FixedClock
from tianbao.errors import TianbaoError
from tianbao.filings import file_workbook
from tianbao.operations import backup
from tianbao.operations.unfinished import finish
from tianbao.periods import Period
from tianbao.post.pausing import EVERYTHING
from tianbao.storage import Store, backups
from tianbao.testing import filled
from tianbao_templates_113 import TEMPLATE

from .conftest import from_sqlite, turn_to

FEBRUARY = Period(2025, 2)
NOW = FixedClock.at("2025-03-06T08:00").now()
THEN = "2025-03-05 00:00:00.000000"
"""As SQL has it: what today's code writes does not fit into an earlier schema."""


@pytest.fixture
def file_one(app, people, as_file):
    """File a workbook that says how many sessions there were; gives the filing."""

    def file(sessions, store=app.store):
        data = as_file(filled(TEMPLATE, case=[{"sessions": sessions}]))
        return file_workbook(evolve(app, store=store), people.officer, people.school, FEBRUARY, data, "a.xlsx").filing

    return file


def test_what_was_filed_comes_back_to_the_last_digit(app, people, file_one, tmp_path, empty_store):
    filing = file_one(7)
    taken = backup.take(app, tmp_path / "b.sqlite3")
    put = backup.put_back(taken.file, empty_store, NOW)
    assert put.contents == taken.contents
    with empty_store.read() as there, app.store.read() as here:
        assert there.filings.in_force(people.school, FEBRUARY) == filing
        assert there.filings.rows(filing) == here.filings.rows(filing)
        assert there.filings.file(filing) == here.filings.file(filing)
        assert there.accounts.get(people.officer.id) == people.officer
        assert there.audit.entries(subject="unit") == here.audit.entries(subject="unit")


def test_mail_that_waited_is_held_back_until_somebody_has_looked(app, file_one, tmp_path, empty_store):
    file_one(7)  # whose receipt waits, and will have left before the restore
    backup.put_back(backup.take(app, tmp_path / "b.sqlite3").file, empty_store, NOW)
    with empty_store.read() as work:
        assert work.figures.waiting(NOW).due == 1
        assert not work.deliveries.any_due("email", NOW)
        assert [(pause.kind, pause.by_name) for pause in work.pauses.all()] == [(EVERYTHING, "還原備份")]


def test_who_was_signed_in_then_is_not_any_more(app, people, tmp_path, empty_store, clock):
    token = sessions.start(app, people.officer, "127.0.0.1")
    backup.put_back(backup.take(app, tmp_path / "b.sqlite3").file, empty_store, NOW)
    clock.moment = NOW
    assert sessions.find(evolve(app, store=empty_store), token) is None


@pytest.mark.parametrize("revision", ["0010"])
def test_mail_of_a_database_that_could_not_say_that_nobody_paused_it_is_held_back_too(older_backup, elsewhere):
    with backups.opened(older_backup) as then, then._writer.begin() as connection:
        connection.exec_driver_sql("DROP TABLE pause")
        connection.exec_driver_sql(
            'CREATE TABLE pause (kind TEXT NOT NULL, since DATETIME NOT NULL, "by" INTEGER NOT NULL, '
            "by_name TEXT NOT NULL, CONSTRAINT pk_pause PRIMARY KEY (kind), "
            'CONSTRAINT fk_pause_by_account FOREIGN KEY("by") REFERENCES account (id))'
        )
        connection.exec_driver_sql(
            "INSERT INTO outbox (key, channel, recipient, template, data, secrets, message_id, state, created_at, due_at, "
            "attempts) VALUES ('k', 'email', 'a@example.edu.tw', 't', '{}', '{}', 'm', 'queued', "
            f"'{THEN}', '{THEN}', 0)"
        )
    backup.put_back(older_backup, elsewhere, NOW)
    with elsewhere.read() as work:
        assert [(pause.kind, pause.by_name) for pause in work.pauses.all()] == [(EVERYTHING, "還原備份")]


def test_the_restored_database_goes_on(app, file_one, tmp_path, empty_store):
    file_one(7)
    backup.put_back(backup.take(app, tmp_path / "b.sqlite3").file, empty_store, NOW)
    assert file_one(8, empty_store).version == 2
    assert backups.contents(empty_store).sound


def test_either_database_is_put_back_into_postgresql(tmp_path, app, people, file_one, new_postgresql):
    """New rows do not collide with those that came."""
    filing = file_one(7)
    taken = backup.take(app, tmp_path / "b.sqlite3")
    assert backup.put_back(taken.file, new_postgresql, NOW).contents == taken.contents
    with new_postgresql.read() as work:
        assert work.filings.in_force(people.school, FEBRUARY) == filing
    with new_postgresql.work() as work:
        assert work.units.add(evolve(people.school, id=None, code="999999")) > people.far.id


def test_a_backup_under_load_loses_no_acknowledged_filing(app, people, file_one, tmp_path):
    acknowledged, failed, done = [], [], threading.Event()

    def go_on():
        sessions = 0
        try:
            while not done.is_set():
                sessions += 1
                acknowledged.append(file_one(sessions % 900 + 1))
        except Exception as error:  # noqa: BLE001 -- told to the test
            failed.append(error)

    load = threading.Thread(target=go_on)
    load.start()
    taken = []
    while len(taken) < 3 and not failed:
        before = list(acknowledged)
        if len(before) > 2 * len(taken):
            taken.append((before, backup.take(app, tmp_path / f"b{len(taken)}.sqlite3")))
    done.set()
    load.join()
    assert not failed
    for n, (before, kept) in enumerate(taken):
        with backups.opened(tmp_path / f"r{n}.sqlite3") as restored:
            assert backup.put_back(kept.file, restored, NOW).contents.sound
            with restored.read() as work:
                versions = {filing.version for filing in work.filings.history(people.school, FEBRUARY)}
        assert versions >= {filing.version for filing in before}


def test_a_backup_is_written_over_nothing(app, people, tmp_path):
    taken = backup.take(app, tmp_path / "b.sqlite3")
    content = taken.file.read_bytes()
    with pytest.raises(TianbaoError, match="is there already"):
        backup.take(app, taken.file)
    assert taken.file.read_bytes() == content
    assert sorted(path.name for path in tmp_path.glob("*b.sqlite3*")) == ["b.sqlite3", "b.sqlite3.sha256"]
    assert taken.file.stat().st_mode & 0o077 == 0, "nobody else may read it"


@from_sqlite
def test_two_backups_of_one_name_at_once_never_mix(app, people, tmp_path, monkeypatch):
    first, copy_all = [], backups.take

    def meanwhile(store, target):
        monkeypatch.undo()
        copy_all(store, target)
        first.append(backup.take(app, tmp_path / "b.sqlite3"))

    monkeypatch.setattr(backups, "take", meanwhile)
    with pytest.raises(TianbaoError, match="is there already"):
        backup.take(app, tmp_path / "b.sqlite3")
    (taken,) = first
    assert sha256(taken.file.read_bytes()).hexdigest() == taken.sha256
    assert taken.sha256 in (tmp_path / "b.sqlite3.sha256").read_text()
    assert not list(tmp_path.glob(".*"))


@from_sqlite
def test_what_a_killed_backup_left_stands_in_no_ones_way_and_is_swept_up_when_it_is_old(app, people, tmp_path):
    for name in ("lately", "long-ago"):
        left = tmp_path / f".b.sqlite3.{name}.tianbao-unfinished"
        left.mkdir()
        (left / "b.sqlite3").write_bytes(b"half")
    for path in (left / "b.sqlite3", left):
        os.utime(path, (0, 0))
    assert backup.take(app, tmp_path / "b.sqlite3").contents.sound
    assert [path.name for path in tmp_path.glob(".*")] == [".b.sqlite3.lately.tianbao-unfinished"]


@from_sqlite
def test_a_disk_without_hard_links_does_too(app, people, tmp_path, empty_store, monkeypatch):
    def no_links(_file, _name):
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    taken = backup.take(app, tmp_path / "b.sqlite3")
    assert backup.put_back(taken.file, empty_store, NOW).contents == taken.contents
    with pytest.raises(FileExistsError):
        finish(taken.file, empty_store.file)


@from_sqlite
def test_a_restore_is_written_over_nothing(app, people, tmp_path, elsewhere):
    taken = backup.take(app, tmp_path / "b.sqlite3")
    backup.put_back(taken.file, elsewhere, NOW)
    with pytest.raises(TianbaoError, match="not empty"):
        backup.put_back(taken.file, elsewhere, NOW)


@from_sqlite
def test_nor_over_a_trail_or_a_letter_where_there_is_nobody_yet(app, people, tmp_path, elsewhere):
    taken = backup.take(app, tmp_path / "b.sqlite3")
    elsewhere.upgrade()
    backup.record(evolve(app, store=elsewhere), None, "a.word", "unit/1")
    with pytest.raises(TianbaoError, match="not empty"):
        backup.put_back(taken.file, elsewhere, NOW)
    with elsewhere.read() as work:
        assert [entry.action for entry in work.audit.entries()] == ["a.word"]


@from_sqlite
def test_a_database_of_an_earlier_version_with_something_in_it_is_refused_untouched(app, people, tmp_path, elsewhere):
    taken = backup.take(app, tmp_path / "b.sqlite3")
    turn_to(elsewhere, "0010")
    with elsewhere.work() as work:
        work.connection.exec_driver_sql(f"INSERT INTO pause (kind, since, by_name) VALUES ('all', '{THEN}', '許研發')")
    with pytest.raises(TianbaoError, match="not empty"):
        backup.put_back(taken.file, elsewhere, NOW)
    with pytest.raises(TianbaoError, match="schema is at 0010"):
        elsewhere.demand_current()


@from_sqlite
def test_an_empty_postgresql_of_an_earlier_version_is_brought_up_with_what_is_put_back(
    app, people, tmp_path, new_postgresql
):
    taken = backup.take(app, tmp_path / "b.sqlite3")
    turn_to(new_postgresql, "0005")
    assert backup.put_back(taken.file, new_postgresql, NOW).contents == taken.contents
    new_postgresql.demand_current()


@from_sqlite
def test_who_begins_to_serve_during_a_restore_keeps_the_database(app, people, tmp_path, elsewhere, monkeypatch):
    taken = backup.take(app, tmp_path / "b.sqlite3")
    bring_up = backups.bring_up

    def meanwhile(source, copy):
        bring_up(source, copy)
        elsewhere.upgrade()
        backup.record(evolve(app, store=elsewhere), None, "a.word", "unit/1")

    monkeypatch.setattr(backups, "bring_up", meanwhile)
    with pytest.raises(TianbaoError, match="not empty"):
        backup.put_back(taken.file, elsewhere, NOW)
    with elsewhere.read() as work:
        assert [entry.action for entry in work.audit.entries()] == ["a.word"]


@from_sqlite
def test_nobody_writes_to_a_postgresql_that_is_being_filled(app, people, tmp_path, new_postgresql, monkeypatch):
    from sqlalchemy.exc import OperationalError

    taken = backup.take(app, tmp_path / "b.sqlite3")
    new_postgresql.upgrade()
    copy_rows, tried = backups._copy_rows, []

    def write():
        with new_postgresql.work() as work:
            work.connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
            work.units.add(evolve(people.school, id=None))

    def meanwhile(source, target):
        with pytest.raises(OperationalError, match="lock timeout"):
            write()
        tried.append(True)
        copy_rows(source, target)

    monkeypatch.setattr(backups, "_copy_rows", meanwhile)
    assert backup.put_back(taken.file, new_postgresql, NOW).contents == taken.contents
    assert tried


@from_sqlite
def test_the_rest_of_another_database_is_not_taken_for_ones_own(app, people, tmp_path, empty_store):
    """Its log would be played into what is restored."""
    taken = backup.take(app, tmp_path / "b.sqlite3")
    rest = tmp_path / "restored.sqlite3-wal"
    rest.write_bytes(b"log")
    with pytest.raises(TianbaoError, match="not empty"):
        backup.put_back(taken.file, empty_store, NOW)
    assert rest.read_bytes() == b"log"


def test_a_database_in_use_is_no_backup_since_its_latest_filings_are_in_its_log(app, tmp_path, empty_store):
    live = Store(f"sqlite:///{tmp_path / 'live.sqlite3'}")
    live.upgrade()
    live.close()
    backup.record(evolve(app, store=live), None, "a.word", "unit/1")
    with pytest.raises(TianbaoError, match="is a database in use"):
        backup.put_back(live.file, empty_store, NOW)
    live.close()


def test_a_backup_of_a_later_version_is_refused_before_anything_is_written(app, people, tmp_path, empty_store):
    taken = backup.take(app, tmp_path / "b.sqlite3")
    taken.file.with_name("b.sqlite3.sha256").unlink()
    with closing(sqlite3.connect(taken.file)) as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
        file.commit()
    with pytest.raises(TianbaoError, match="later version"):
        backup.put_back(taken.file, empty_store, NOW)
    assert not empty_store.file.exists()


def test_a_changed_backup_is_refused(app, people, tmp_path, empty_store):
    taken = backup.take(app, tmp_path / "b.sqlite3")
    with closing(sqlite3.connect(taken.file)) as file:
        file.execute("UPDATE unit SET name = '別校'")
        file.commit()
    with pytest.raises(TianbaoError, match="changed or damaged"):
        backup.put_back(taken.file, empty_store, NOW)


@pytest.mark.parametrize("content", [b"", b"not a database at all", b"SQLite format 3\0" + bytes(4000)])
def test_what_is_no_backup_is_refused(content, tmp_path, empty_store):
    file = tmp_path / "other"
    file.write_bytes(content)
    with pytest.raises(TianbaoError, match="no backup"):
        backup.put_back(file, empty_store, NOW)


def test_a_torn_filing_is_found_and_what_there_is_kept_under_a_name_that_says_so(app, people, file_one, tmp_path):
    filing = file_one(7)
    with app.store.work() as work:
        work.connection.exec_driver_sql(f'DELETE FROM "case" WHERE filing_id = {filing.id}')
    with pytest.raises(TianbaoError, match="1 filings are torn"):
        backup.take(app, tmp_path / "b.sqlite3")
    assert [path.name for path in tmp_path.glob("*b.sqlite3*")] == ["b.sqlite3.unsound"]
