"""A filing is there whole, or not at all, wherever the machine stops."""

import os
import signal

import pytest
from attrs import evolve
from sqlalchemy import event, func, select

from tianbao.filings import amendments, file_workbook
from tianbao.periods import Period
from tianbao.storage import Store
from tianbao.storage.audit import AuditRow
from tianbao.storage.tables import CaseRow, FileRow, FilingRow, ServiceRow
from tianbao.testing import filled
from tianbao_templates_113 import TEMPLATE

FEBRUARY = Period(2025, 2)
TABLES = (FilingRow, FileRow, CaseRow, ServiceRow, AuditRow)


def counts(store):
    with store.read() as work:
        return [work.connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES]


def dying_at(step, store):
    """Let the process die just before its ``step``-th statement, or commit, on the writing connection."""
    steps = iter(range(step + 1))

    def count(connection, *_):
        if connection.get_execution_options().get("tianbao_writing") and next(steps, None) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store.engine, "before_cursor_execute", count)
    event.listen(store.engine, "commit", count)


def test_whatever_statement_it_dies_at_nothing_is_half_stored(app, people, as_file, in_child, database_url):
    first, second = (as_file(filled(TEMPLATE, case=[{"sessions": n}] * 1)) for n in (1, 2))
    file_workbook(app, people.officer, people.school, FEBRUARY, first, "a.xlsx")
    before = counts(app.store)
    app.store.close()

    def file_and_die(step):
        store = Store(database_url)
        dying_at(step, store)
        file_workbook(evolve(app, store=store), people.officer, people.school, FEBRUARY, second, "b.xlsx")

    for step in range(100):
        status = in_child(lambda step=step: file_and_die(step))
        if status == 0:
            break
        assert status == -signal.SIGKILL
        assert counts(app.store) == before
        with app.store.read() as work:
            filing = work.filings.in_force(people.school, FEBRUARY)
            assert [case.sessions for case in work.filings.rows(filing)[0]] == [1]
            assert work.filings.file(filing) == first
    assert 10 < step < 100, "it died at every statement of the transaction, and then went through"
    assert counts(app.store) == [count + 1 for count in before]
    with app.store.read() as work:
        assert [case.sessions for case in work.filings.rows(work.filings.in_force(people.school, FEBRUARY))[0]] == [2]
        assert work.audit.verify().broken is None


def test_an_error_on_the_way_leaves_nothing(app, people, as_file):
    data = as_file(filled(TEMPLATE))
    before = counts(app.store)

    class FullError(Exception):
        pass

    def fail(connection, cursor, statement, *_):
        if "INSERT INTO filing_file" in statement:
            raise FullError

    event.listen(app.store.engine, "before_cursor_execute", fail)
    with pytest.raises(FullError):
        file_workbook(app, people.officer, people.school, FEBRUARY, data, "a.xlsx")
    event.remove(app.store.engine, "before_cursor_execute", fail)
    assert counts(app.store) == before
    assert file_workbook(app, people.officer, people.school, FEBRUARY, data, "a.xlsx").filing.version == 1


def test_a_corrected_workbook_and_the_end_of_its_amendment_are_stored_together_or_not_at_all(
    app, people, as_file, in_child, database_url
):
    first, second = (as_file(filled(TEMPLATE, case=[{"sessions": n}])) for n in (1, 2))
    file_workbook(app, people.officer, people.school, FEBRUARY, first, "a.xlsx")
    app.clock.goes_on(days=10)
    asked = amendments.ask(app, people.officer, people.school, FEBRUARY, "更正")
    before = counts(app.store)
    app.store.close()

    def file_and_die(step):
        store = Store(database_url)
        dying_at(step, store)
        file_workbook(evolve(app, store=store), people.officer, people.school, FEBRUARY, second, "b.xlsx")

    for step in range(100):
        status = in_child(lambda step=step: file_and_die(step))
        if status == 0:
            break
        assert status == -signal.SIGKILL
        assert counts(app.store) == before
        with app.store.read() as work:
            assert work.amendments.of_unit(people.school) == [asked]
            assert work.filings.in_force(people.school, FEBRUARY).version == 1
    assert 10 < step < 100, "it died at every statement of the transaction, and then went through"
    with app.store.read() as work:
        (closed,) = work.amendments.of_unit(people.school)
        filing = work.filings.in_force(people.school, FEBRUARY)
        assert (closed.accepted_at, closed.filing_id, filing.version) == (app.clock.now(), filing.id, 2)
        assert work.audit.verify().broken is None
