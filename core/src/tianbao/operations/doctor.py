"""The doctor: looks at settings, plugins, workbooks, database, mail, calendar and people, and says what to do.

Each examination is a function that gives signs; one that breaks is itself a sign. It may take minutes on a database of
ten years, since it follows the whole trail and counts all rows.
"""

import io
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import frozen

from tianbao import trail
from tianbao.accounts import Role
from tianbao.channels import DEFAULT_CHANNEL, Reachable
from tianbao.filings import template_of
from tianbao.operations import backup
from tianbao.operations.signs import Sign, ill, weak, well
from tianbao.reminders.gathering import schedule
from tianbao.reminders.settings import SECTION, RemindersSettings
from tianbao.storage import Store, backups
from tianbao.templates.layout import blank

if TYPE_CHECKING:
    from tianbao.clock import Clock
    from tianbao.plugins import Plugins
    from tianbao.settings import Settings

_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
"""Hosts that only the machine itself can reach."""
_ROOM = 1 << 30
"""Bytes that should be free where the database is."""
_SLOW_MAIL = timedelta(hours=1)
_BACKUP = timedelta(days=8)
_SLOW_STEP = timedelta(days=1)
_LATELY = timedelta(days=30)
_TICK = "Let `tianbao serve`, `worker` or `tick` run all the time; see reminders.md."


@frozen
class Patient:
    """What is examined; not an `App`, since that could not be made where something is ill."""

    settings: "Settings"
    plugins: "Plugins"
    clock: "Clock"


def examine(patient: Patient) -> Iterator[Sign]:
    """Examine everything, in the order in which things depend on each other."""
    for part, look in EXAMINATIONS.items():
        try:
            yield from look(patient)
        except Exception as error:  # noqa: BLE001 -- what breaks is what is looked for
            yield ill(part, f"{type(error).__name__}: {error}", "Mend what it names, then ask again.")


def _settings(patient: Patient) -> Iterator[Sign]:
    settings, address = patient.settings, urlsplit(patient.settings.base_url)
    yield well("settings", f"read from {settings.source or 'the environment and the defaults'}")
    if address.scheme == "https" and not settings.secure_cookies:
        yield ill("settings", "base_url is https, and cookies also go over http", "Set secure_cookies = true.")
    elif settings.host not in _HERE and not settings.secure_cookies:
        told = f"{settings.host} can be reached from elsewhere, and cookies also go over http"
        yield weak("settings", told, "Let a proxy end TLS and set secure_cookies = true, or serve on 127.0.0.1.")
    if address.scheme == "http" and address.hostname not in _HERE:
        yield weak("settings", f"people open {settings.base_url} without TLS", "Let a proxy end TLS; see operating.md.")


def _plugins(patient: Patient) -> Iterator[Sign]:
    templates = patient.plugins.templates  # asks once, so that hooks that fail are known
    patient.plugins.channels(patient.settings)
    for info in patient.plugins.infos:
        if info.error:
            yield ill("plugins", f"{info.name} {info.version}: {info.error}", f"Mend or remove {info.origin}.")
    yield well("plugins", f"{', '.join(info.name for info in patient.plugins.infos if not info.error)}")
    current = patient.settings.calendar.current_period(patient.clock.now())
    for period in (current, current.next):
        serving = template_of(templates, period)
        yield well("templates", f"{serving.key} serves {period}")


def _workbooks(patient: Patient) -> Iterator[Sign]:
    """A blank goes out by the writer and comes back by the reader, jail and all."""
    template = template_of(patient.plugins.templates, patient.settings.calendar.current_period(patient.clock.now()))
    file = io.BytesIO()
    patient.plugins.writer().write(blank(template), file)
    patient.plugins.read_workbook(file.getvalue(), patient.settings.limits)
    yield well("workbooks", f"a blank of {template.key} was written and read back")


def _database(patient: Patient) -> Iterator[Sign]:
    store = Store(patient.settings.database_url)
    if store.embedded and not store.file.exists():
        yield weak("database", f"there is none yet at {store.file}", "It is made when `tianbao serve` starts.")
        return
    try:
        store.demand_current()
        found = backups.contents(store)
        yield well("database", f"{found.filings:,} filings of {found.units:,} units, {found.accounts:,} accounts")
        if found.torn:
            yield ill("database", f"{found.torn} filings have lost rows", "Restore a backup beside it and compare.")
        if found.trail.broken is not None:
            yield ill("trail", f"broken at entry {found.trail.broken}", "Somebody changed it; compare with a backup.")
        else:
            yield well("trail", f"{found.trail.entries:,} entries, unbroken; head {found.trail.head[:16]}…")
        if store.embedded and (free := shutil.disk_usage(store.file.parent).free) < _ROOM:
            yield ill("disk", f"{free / _ROOM:.2f} GiB are free", "Make room before filings are refused.")
        yield from _kept(patient, store)
    finally:
        store.close()


def _kept(patient: Patient, store: Store) -> Iterator[Sign]:
    """What the database tells of the work that is done with it."""
    now = patient.clock.now()
    with store.read() as work:
        copies = work.audit.entries(subject=backup.SUBJECT, limit=1)
        waiting, lost = work.figures.waiting(now), work.figures.lost_since(now - _LATELY)
        people = work.figures.active_accounts()
    if copies and now - copies[0].at < _BACKUP:
        yield well("backup", f"the last one was taken {copies[0].at:%Y-%m-%d %H:%M}")
    else:
        yield weak("backup", "none of the last week", "Let `tianbao backup` run each night; see operating.md.")
    if waiting.oldest and now - waiting.oldest > _SLOW_MAIL:
        yield ill("outbox", f"{waiting.due:,} messages are due, since {waiting.oldest:%Y-%m-%d %H:%M}", "See mail.md.")
    else:
        yield well("outbox", f"{waiting.due:,} messages are due, {waiting.later:,} later")
    if lost:
        yield weak("outbox", f"{lost:,} messages of 30 days reached nobody", "Look at 寄信紀錄; call those units.")
    yield from _reminders(patient, store)
    for role, does in ((Role.ORGANISER, "opens months"), (Role.SUPPORT, "resets accounts")):
        if role not in people:
            yield weak("people", f"nobody {does}: no active {role}", f"Run `tianbao account invite {role} …`.")


def _reminders(patient: Patient, store: Store) -> Iterator[Sign]:
    now, settings = patient.clock.now(), patient.settings
    options = settings.section(SECTION, RemindersSettings)
    with store.read() as work:
        dues = schedule(work, options, settings.calendar, now.date()).open_at(now)
        done, kept = work.reminders.done_at(dues), trail.overdue(settings, work, now - _SLOW_STEP)
    late = [due for due in dues if (due.step, due.period) not in done and now - due.opens_at > _SLOW_STEP]
    for due in late:
        says = f"{due.step.label} of {due.period} was due on {due.day} and is not done"
        yield ill("calendar", says, _TICK)
    if not late:
        period = settings.calendar.current_period(now)
        yield well("calendar", f"{period} is filed until {settings.calendar.window(period).due_on}; no step was missed")
    if kept:
        yield weak("trail", "entries are older than audit_years by more than a day", _TICK)


def _mail(patient: Patient) -> Iterator[Sign]:
    channels = patient.plugins.channels(patient.settings)
    if DEFAULT_CHANNEL not in channels:
        says = f"no channel named {DEFAULT_CHANNEL} is configured: messages wait in the outbox"
        yield weak("mail", says, "Set [notify_email]; see mail.md.")
    for name, channel in channels.items():
        if isinstance(channel, Reachable):
            channel.reach()
            yield well("mail", f"the other side of {name} answers")


EXAMINATIONS: dict[str, Callable[[Patient], Iterator[Sign]]] = {
    "settings": _settings,
    "plugins": _plugins,
    "workbooks": _workbooks,
    "database": _database,
    "mail": _mail,
}
