"""The tick: works out which steps are due and puts their messages into the outbox.

It may be called at any time, by any number of machines at once, and be killed anywhere. Each message has a key that
says what it is (step, month, recipient), and the outbox takes a key once; so doing a step again adds only what is
missing, for those it is still true of. That a step is done is written down last: from then on a tick costs two small
queries.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from tianbao.audit import Act
from tianbao.calendar import Calendar
from tianbao.outbox import Draft
from tianbao.reminders import gathering
from tianbao.reminders.lists import files
from tianbao.reminders.overtaken import replace
from tianbao.reminders.plan import Planned
from tianbao.reminders.settings import SECTION, RemindersSettings
from tianbao.reminders.steps import Due, Step
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.bootstrap import App

log = logging.getLogger(__name__)

_AT_ONCE = 100
"""Units whose messages are queued in one transaction; nobody of them can file while it runs."""


@frozen
class Ticked:
    """What a tick did about a step.

    Attributes:
        due: the step.
        queued: how many messages it put into the outbox, this time.
        nobody: how many it could write to nobody, for want of an account.
    """

    due: Due
    queued: int
    nobody: int


def tick(app: "App", options: RemindersSettings | None = None) -> Sequence[Ticked]:
    """Queue what is due now and has not been queued.

    Args:
        app: the application.
        options: the settings of the reminders; else read.

    Raises:
        TianbaoError: the settings contradict one another.
    """
    options = options or app.settings.section(SECTION, RemindersSettings)
    return [_carry_out(app, due) for due in pending(app, options, app.clock.now())]


def pending(app: "App", options: RemindersSettings, now: datetime) -> Sequence[Due]:
    """The steps that are due at a moment and not done."""
    with app.store.read() as work:
        dues = gathering.schedule(work, options, app.settings.calendar, now.date()).open_at(now)
        done = work.reminders.done_at(dues)
    return [due for due in dues if (due.step, due.period) not in done]


def _carry_out(app: "App", due: Due) -> Ticked:
    with app.store.read() as work:
        units = work.units.all()
    told = [_tell(app, due, units[first : first + _AT_ONCE]) for first in range(0, len(units), _AT_ONCE)]
    told.append(_hand_over(app, due, units))
    queued, nobody = sum(each.queued for each in told), sum(each.nobody for each in told)
    with app.store.work() as work:
        now = app.clock.now()
        if work.reminders.done(due, now, queued):
            work.audit.append(now, None, Act.REMINDERS_QUEUED, due.key, {"queued": queued, "nobody": nobody})
    log.info("%s: %d messages queued, %d without a recipient", due.key, queued, nobody)
    return Ticked(due, queued, nobody)


def _tell(app: "App", due: Due, units: Sequence[Unit]) -> Ticked:
    """Write to units. They cannot file meanwhile, so that nobody is chased who has filed."""
    if due.step is Step.COMPILE:
        return Ticked(due, 0, 0)
    with app.store.work() as work:
        work.units.lock_all(units)
        now = app.clock.now()
        owing = gathering.owing_at(work, Calendar(now, app.settings.calendar), due, units)
        planned = gathering.unit_messages(work, due, owing)
        drafts = [draft for each in planned if (draft := each.draft)]
        replace(work, [each.unit for each in planned if each.unit and each.person], due.key)
        return Ticked(due, len(work.outbox.add_all(drafts, at=now)), len(planned) - len(drafts))


def _hand_over(app: "App", due: Due, units: Sequence[Unit]) -> Ticked:
    """Send the lists, each as it stands at that moment, to those who look after units."""
    if due.step is Step.REMIND:
        return Ticked(due, 0, 0)
    now = app.clock.now()
    with app.store.read() as work:
        owing = gathering.owing_at(work, Calendar(now, app.settings.calendar), due, units)
        planned = gathering.list_messages(work, due, owing)
    queued = 0
    for draft in _with_files(app, planned, now):
        with app.store.work() as work:
            queued += len(work.outbox.add_all([draft], at=now))
    return Ticked(due, queued, sum(each.person is None for each in planned))


def _with_files(app: "App", planned: Sequence[Planned], at: datetime) -> Iterator[Draft]:
    exporters = app.plugins.exporters()
    for each in planned:
        if draft := each.draft:
            attached = files(each.listings, exporters, at)
            yield evolve(draft, data={**draft.data, "attached": bool(attached)}, attachments=attached)
