"""Filing: what a unit files for a period, from the bytes of its workbook to the version in force.

`file_workbook` is the main job, told in order: is the month open to the unit, read, choose the template of the period,
check, and, where nothing is wrong, store the filing, its rows, its file and its audit entry in one transaction. An
upload counts at the moment it arrived, however long its check took.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act
from tianbao.calendar import Calendar, Facts, Menu, Obligation, State
from tianbao.canon import Case, Service
from tianbao.checking import Context, Verdict, check, choose
from tianbao.doors import filing_door
from tianbao.errors import Refusal
from tianbao.filings.amendments import locked_facts
from tianbao.filings.receipt import receipt_code, send_receipt
from tianbao.periods import Period
from tianbao.reminders.overtaken import overtake
from tianbao.templates import Template
from tianbao.units import Level, Unit
from tianbao.workbooks import Limits, Workbook

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.plugins import Plugins
    from tianbao.storage import UnitOfWork

HISTORY = 12
"""So many months back a student counts as filed before."""


class Way(StrEnum):
    """The three ways a filing is due."""

    CURRENT = "current"
    LATE = "late"
    AMENDMENT = "amendment"

    @property
    def label(self) -> str:
        return {"current": "當期填報", "late": "逾期補填", "amendment": "申請修改"}[self]


@frozen
class Filing:
    """One version of what a unit filed for a period.

    Attributes:
        id: its number.
        unit: who files.
        period: the month it is about.
        version: 1, 2, 3 … of this unit and period.
        way: how it was due.
        nil: whether it declares no cases and no services (當月無個案及服務).
        template_key: the template of its workbook; ``None`` for a nil filing, like all that concerns the file.
        fingerprint: of that template, as it was.
        file_name: as the user's file was called.
        file_hash: SHA-256 of the file, in hex.
        counts: rows by kind.
        filed_at: when.
        filed_by: the account.
        filed_by_name: the person's name at that time.
        receipt: a short code a person can read out.
        in_force: whether it is the one that counts.
    """

    id: int
    unit: Unit
    period: Period
    version: int
    way: Way
    nil: bool
    template_key: str | None
    fingerprint: str | None
    file_name: str | None
    file_hash: str | None
    counts: Mapping[str, int]
    filed_at: datetime
    filed_by: int
    filed_by_name: str
    receipt: str
    in_force: bool

    @property
    def subject(self) -> str:
        """Its name in the audit trail."""
        return f"unit/{self.unit.id}/{self.period}"


Accepted = Filing
"""What the lifecycle hook is told: everything of a filing but its rows."""


@frozen
class Outcome:
    """What came of a workbook.

    Attributes:
        verdict: what the check says.
        workbook: as read.
        filing: what is in force because of it; ``None`` where the check found something.
        repeated: whether it had been filed already, and nothing new was stored.
    """

    verdict: Verdict | None
    workbook: Workbook | None
    filing: Filing | None
    repeated: bool = False


def template_of(templates: Mapping[str, Template], period: Period) -> Template:
    """The template that serves a period; the newer one where two do.

    Raises:
        Refusal: none does (``no-template``).
    """
    serving = [template for template in templates.values() if period in template.serves]
    if not serving:
        raise Refusal("no-template", f"{period.spoken}沒有可用的填報表格。", "請洽承辦單位確認該月份使用的表格。")
    return max(serving, key=lambda template: (template.serves.first or Period(1912, 1), template.key))


def check_data(
    plugins: "Plugins",
    limits: Limits,
    data: bytes,
    *,
    template_key: str | None = None,
    period: Period | None = None,
    level: Level | None = None,
    known_students: frozenset[str] | None = None,
) -> tuple[Workbook, Verdict]:
    """Read and check a file without storing anything; needs no store.

    Args:
        plugins: the loaded plugins.
        limits: how much is read.
        data: the file.
        template_key: the template it must be of; else the period's, else whichever it is of.
        period: the month it is for.
        level: the level of the unit.
        known_students: the students the unit filed before.

    Raises:
        Refusal: it cannot be checked.
    """
    workbook = plugins.read_workbook(data, limits)
    wanted = (
        plugins.templates[template_key] if template_key else template_of(plugins.templates, period) if period else None
    )
    template = choose(workbook, plugins.templates, wanted)
    return workbook, check(workbook, template, Context(period, level, known_students))


def check_only(
    app: "App",
    data: bytes,
    *,
    template_key: str | None = None,
    period: Period | None = None,
    level: Level | None = None,
) -> tuple[Workbook, Verdict]:
    """Read and check a file without storing anything; see `check_data`."""
    return check_data(app.plugins, app.settings.limits, data, template_key=template_key, period=period, level=level)


def file_workbook(  # noqa: PLR0917 -- agreed with the front ends
    app: "App", account: Account, unit: Unit, period: Period, data: bytes, file_name: str
) -> Outcome:
    """File a workbook, if it is clean: valid means filed, there is no second step.

    Which of the three ways it goes follows from the calendar. The same bytes again, while they are in force, are the
    same filing, also where the month is closed by now. Where the check finds something, or the file cannot be checked,
    nothing is stored but an audit entry. A corrected workbook closes its amendment in the same transaction.

    Raises:
        Refusal: the account may not file for the unit, the month's door is closed (see `tianbao.doors.filing_door`),
            or the file cannot be checked.
    """
    calendar, digest = Calendar(app.clock.now(), app.settings.calendar), hashlib.sha256(data).hexdigest()
    demand(account, Action.FILE, unit)
    with app.store.read() as work:
        before = work.filings.in_force(unit, period)
        if not (before and before.file_hash == digest):
            filing_door(calendar, work.calendar.facts(unit), period).demand()
    workbook, verdict = examine(app, account, unit, period, data)
    if not verdict.accepted:
        return Outcome(verdict, workbook, None)
    with app.store.work() as work:
        facts, before = locked_facts(work, unit), work.filings.in_force(unit, period)
        if before and before.file_hash == digest:
            return Outcome(verdict, workbook, before, repeated=True)
        file = _File(_tail(file_name), digest, verdict.template, verdict.counts)
        filing = work.filings.add(_next(work, account, calendar, facts, period, file), _numbered(verdict), data)
        _conclude(work, app, account, filing)
    app.plugins.tell("tianbao_filing_accepted", filing=filing)
    return Outcome(verdict, workbook, filing)


def file_nil(app: "App", account: Account, unit: Unit, period: Period) -> Filing:
    """File that there were no cases and no services (當月無個案及服務); saying so again is one filing.

    Raises:
        Refusal: the account may not file for the unit, or the month's door is closed.
    """
    calendar = Calendar(app.clock.now(), app.settings.calendar)
    demand(account, Action.FILE, unit)
    with app.store.work() as work:
        facts, before = locked_facts(work, unit), work.filings.in_force(unit, period)
        if before and before.nil:
            return before
        filing = work.filings.add(_next(work, account, calendar, facts, period))
        _conclude(work, app, account, filing)
    app.plugins.tell("tianbao_filing_accepted", filing=filing)
    return filing


def examine(app: "App", account: Account, unit: Unit, period: Period, data: bytes) -> tuple[Workbook, Verdict]:
    """Check what a unit sent for a month; what does not pass is noted in the trail.

    Raises:
        Refusal: it cannot be checked.
    """
    try:
        with app.store.read() as work:
            known = work.filings.known_students(unit, period.plus(-HISTORY), period.previous)
        workbook, verdict = check_data(
            app.plugins, app.settings.limits, data, period=period, level=unit.level, known_students=known
        )
    except Refusal as refusal:
        _note_refused(app, account, unit, period, {"refusal": refusal.code})
        raise
    if not verdict.accepted:
        codes = sorted({finding.code for finding in verdict.findings})
        _note_refused(app, account, unit, period, {"findings": len(verdict.findings), "codes": codes})
    return workbook, verdict


def way_of(obligation: Obligation) -> Way:
    """How a filing that arrives now is due."""
    if obligation.state is State.AMENDMENT_OPEN:
        return Way.AMENDMENT
    return Way.LATE if obligation.menu is Menu.LATE else Way.CURRENT


def _note_refused(app: "App", account: Account, unit: Unit, period: Period, detail: dict[str, object]) -> None:
    """Codes and numbers only: what stood in the file may be a student's."""
    with app.store.work() as work:
        subject = f"unit/{unit.id}/{period}"
        work.audit.append(app.clock.now(), account.id, Act.FILING_REFUSED, subject, detail)


@frozen
class _File:
    name: str
    hash: str
    template: Template
    counts: Mapping[str, int]


def _next(  # noqa: PLR0917 -- all of it is the filing's
    work: "UnitOfWork",
    account: Account,
    calendar: Calendar,
    facts: Facts,
    period: Period,
    file: _File | None = None,
) -> Filing:
    """The filing that would come next for a unit and period; the unit is locked, so none can come between.

    Raises:
        Refusal: the month's door has been closed meanwhile.
    """
    unit, now, settled = facts.unit, calendar.now, facts.settled(calendar.now)
    filing_door(calendar, settled, period).demand()
    (obligation,) = calendar.obligations(settled, [period])
    version = work.filings.latest_version(unit, period) + 1
    return Filing(
        id=0,
        unit=unit,
        period=period,
        version=version,
        way=way_of(obligation),
        nil=file is None,
        template_key=file.template.key if file else None,
        fingerprint=file.template.fingerprint if file else None,
        file_name=file.name if file else None,
        file_hash=file.hash if file else None,
        counts=file.counts if file else {"case": 0, "service": 0},
        filed_at=now,
        filed_by=account.id,
        filed_by_name=account.name,
        receipt=receipt_code(f"{unit.id}/{period}/{version}/{now.isoformat()}/{file.hash if file else 'nil'}"),
        in_force=True,
    )


def _conclude(work: "UnitOfWork", app: "App", account: Account, filing: Filing) -> None:
    """What belongs to every filing: its entry in the trail, the end of its amendment and its reminders, the receipt."""
    act = Act.FILED_NIL if filing.nil else Act.FILED
    work.audit.append(filing.filed_at, account.id, act, filing.subject, _told(filing))
    closed = work.amendments.accept(filing.unit, filing.period, filing.filed_at, filing.id)
    if closed is not None:
        detail = {"amendment": closed, "filing": filing.id}
        work.audit.append(filing.filed_at, account.id, Act.AMENDMENT_ACCEPTED, filing.subject, detail)
    overtake(work, Calendar(filing.filed_at, app.settings.calendar), [filing.unit])
    if app.settings.receipt_mails:
        send_receipt(work, account, filing)


def _tail(file_name: str) -> str:
    """The name without folders (some browsers send them), control characters and excess."""
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in name if letter.isprintable())[-200:]


def _numbered(verdict: Verdict) -> Mapping[str, Sequence[tuple[int, Case | Service]]]:
    """The rows to be stored, each with its number in the user's file."""
    rows: dict[str, Sequence[Case | Service]] = {"case": verdict.cases, "service": verdict.services}
    return {kind: list(zip(table.numbers, rows[kind], strict=True)) for kind, table in verdict.tables.items()}


def _told(filing: Filing) -> dict[str, object]:
    return {
        "filing": filing.id,
        "version": filing.version,
        "way": filing.way.value,
        "template": filing.template_key,
        "file": filing.file_hash,
        "counts": dict(filing.counts),
        "receipt": filing.receipt,
    }
