"""Laws of the tick: whenever it ticks, wherever it is killed, each due message is queued once, to whom it is true of."""

import os
import signal
from datetime import datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event

from tianbao.calendar import CalendarRules
from tianbao.calendar.workdays import Workdays
from tianbao.clock import TAIPEI, FixedClock
from tianbao.filings import file_nil
from tianbao.filings.agenda import agenda
from tianbao.periods import Period
from tianbao.reminders.settings import RemindersSettings
from tianbao.reminders.steps import Schedule, Step
from tianbao.reminders.tick import tick
from tianbao.storage import Store
from tianbao.storage.reminders import RunRow
from tianbao.storage.tables import FilingRow, OutboxRow

FEBRUARY, MARCH = Period(2025, 2), Period(2025, 3)
START = datetime(2025, 2, 24, tzinfo=TAIPEI)
DAYS = 55
SCHEDULE = Schedule(RemindersSettings(), CalendarRules(), Workdays())

moments = st.integers(0, DAYS * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
events = st.lists(st.tuples(moments, st.sampled_from(["tick", "tick", "tick", "school", "neighbour"])), max_size=14)


def forget_all(app):
    with app.store.work() as work:
        for table in (OutboxRow, RunRow, FilingRow):
            work.connection.execute(delete(table))


def keys(app):
    with app.store.read() as work:
        return sorted(each.key for each in work.outbox.all() if each.key.startswith("reminder/"))


class Lived:
    """What happened, and what should have been queued for units by it: as the manual says it, without the program."""

    def __init__(self, app, people):
        self.app, self.filed, self.ticks = app, [], []
        self.officers = {people.school: people.officer, people.neighbour: people.neighbours_officer}

    def happen(self, moment, what, units):
        self.app.clock.moment = moment
        if what == "tick":
            self.ticks.append(moment)
            tick(self.app, RemindersSettings())
            return
        unit = units[what]
        now = agenda(self.app, self.officers[unit], unit)
        for month in now.obligations:
            if now.filing_door(month.period).open and not month.state.filed:
                file_nil(self.app, self.officers[unit], unit, month.period)
                self.filed.append((unit, month.period, moment))
                return

    def expected(self):
        for period in (FEBRUARY, MARCH):
            for step in (Step.REMIND, Step.CHASE):
                due = SCHEDULE.of(step, period)
                at = next((at for at in self.ticks if due.open_at(at)), None)
                if at:
                    yield from (
                        f"{due.key}/unit/{unit.id}" for unit in self.officers if self._owes(unit, step, period, at)
                    )

    def _owes(self, unit, step, period, at):
        done = {month for filer, month, when in self.filed if filer == unit and when <= at}
        if step is Step.REMIND:
            return period not in done
        return any(month not in done for month in (FEBRUARY, MARCH) if month <= period)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events)
def test_whenever_it_ticks_each_due_message_is_queued_once(app, people, events):
    forget_all(app)
    lived = Lived(app, people)
    units = {"school": people.school, "neighbour": people.neighbour}
    for moment, what in sorted(events):
        lived.happen(moment, what, units)
    assert [key for key in keys(app) if "/unit/" in key] == sorted(lived.expected())


def dying_at(step, store):
    """Let the process die just before its ``step``-th statement, or commit, on the writing connection."""
    steps = iter(range(step + 1))

    def count(connection, *_):
        if connection.get_execution_options().get("tianbao_writing") and next(steps, None) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store.engine, "before_cursor_execute", count)
    event.listen(store.engine, "commit", count)


def test_whatever_statement_it_dies_at_the_next_tick_goes_on(app, people, in_child, database_url):
    app.clock.moment = FixedClock.at("2025-03-17T08:00").now()  # the chase and the list are due
    nation = [f"reminder/compile/2025-02/account/{each.id}" for each in (people.organiser, people.agency)]
    units = [f"reminder/chase/2025-02/unit/{each.id}" for each in (people.school, people.neighbour)]
    due = sorted(["reminder/chase/2025-02/county/彰化縣", *units, *nation])

    def tick_and_die(step):
        store = Store(database_url)
        dying_at(step, store)
        tick(evolve(app, store=store), RemindersSettings())

    killed = 0
    for step in range(0, 100, 3):
        forget_all(app)
        app.store.engine.dispose()
        status = in_child(lambda step=step: tick_and_die(step))
        tick(app, RemindersSettings())
        assert keys(app) == due
        assert not tick(app, RemindersSettings())
        if status == 0:
            break
        killed += 1
    assert 6 < killed < 30, "it died at every third statement of the tick, and then went through"
