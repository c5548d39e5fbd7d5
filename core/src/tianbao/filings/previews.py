"""Before an amendment is accepted the officer sees what will change: check, compare, and file nothing.

Filing on confirmation is `tianbao.filings.file_workbook` with the same bytes, or `file_nil`: nothing is kept in
between, and the month's door is asked again.
"""

from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act
from tianbao.calendar import Calendar
from tianbao.checking import Verdict
from tianbao.doors import filing_door
from tianbao.filings.changes import Changes, Rows, changes
from tianbao.filings.filing import Filing, examine, template_of
from tianbao.periods import Period
from tianbao.units import Unit
from tianbao.workbooks import Workbook

if TYPE_CHECKING:
    from tianbao.bootstrap import App

_NO_ROWS: Rows = {}


@frozen
class Preview:
    """What filing something would do.

    Attributes:
        verdict: what the check says; ``None`` of a nil filing.
        workbook: as read; likewise.
        before: what is in force now, and stays so until it is confirmed.
        changes: what would change; ``None`` where the check found something.
    """

    verdict: Verdict | None
    workbook: Workbook | None
    before: Filing | None
    changes: Changes | None

    @property
    def accepted(self) -> bool:
        """Whether it can be confirmed."""
        return self.changes is not None


def preview_workbook(app: "App", account: Account, unit: Unit, period: Period, data: bytes) -> Preview:
    """Check a corrected workbook and say what it would change, without filing it.

    What does not pass is noted in the trail as when filing; that the rows in force were looked at is, too.

    Raises:
        Refusal: the account may not file for the unit, the month's door is closed, or the file cannot be checked.
    """
    _demand_open(app, account, unit, period)
    workbook, verdict = examine(app, account, unit, period, data)
    if not verdict.accepted:
        return Preview(verdict, workbook, None, None)
    before, rows = _in_force(app, account, unit, period)
    after: Rows = {"case": verdict.cases, "service": verdict.services}
    return Preview(verdict, workbook, before, changes(rows, after, verdict.template))


def preview_nil(app: "App", account: Account, unit: Unit, period: Period) -> Preview:
    """Say what a nil filing would take away, without filing it.

    Raises:
        Refusal: the account may not file for the unit, or the month's door is closed.
    """
    _demand_open(app, account, unit, period)
    before, rows = _in_force(app, account, unit, period)
    return Preview(None, None, before, changes(rows, _NO_ROWS, template_of(app.plugins.templates, period)))


def _demand_open(app: "App", account: Account, unit: Unit, period: Period) -> None:
    demand(account, Action.FILE, unit)
    with app.store.read() as work:
        filing_door(Calendar(app.clock.now(), app.settings.calendar), work.calendar.facts(unit), period).demand()


def _in_force(app: "App", account: Account, unit: Unit, period: Period) -> tuple[Filing | None, Rows]:
    """What counts now, and its rows; a look at case rows is audited."""
    with app.store.work() as work:
        filing = work.filings.in_force(unit, period)
        if filing is None:
            return None, _NO_ROWS
        cases, services = work.filings.rows(filing)
        detail = {"filing": filing.id, "how": "preview"}
        work.audit.append(app.clock.now(), account.id, Act.CASES_SEEN, filing.subject, detail)
    return filing, {"case": cases, "service": services}
