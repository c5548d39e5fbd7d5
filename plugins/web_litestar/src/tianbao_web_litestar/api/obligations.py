"""What the own unit owes, and its requests to amend."""

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_201_CREATED

from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.calendar import Amendment, Obligation
from tianbao.clock import TAIPEI
from tianbao.filings import amendments
from tianbao_web_litestar.api.filings import month_named
from tianbao_web_litestar.api.shapes import AgendaData, AmendmentData, ObligationData, Reason
from tianbao_web_litestar.desks import own_agenda
from tianbao_web_litestar.visits import Visit

_FILE = {"action": Action.FILE}
_ASK = {"action": Action.ASK_AMENDMENT}


@get("/obligations", opt=_FILE, sync_to_thread=True)
def obligations(request: Visit, core: NamedDependency[App]) -> AgendaData:
    """All months of the own unit until now, and in a sentence what is pending."""
    mine = own_agenda(core, request.user)
    months = [_obligation(each) for each in mine.obligations]
    return {"current": str(mine.calendar.current), "pending": mine.pending, "obligations": months}


def _obligation(each: Obligation) -> ObligationData:
    return {
        "period": str(each.period),
        "state": each.state.value,
        "timing": each.timing.value if each.timing else None,
        "way": each.menu.value,
        "due": each.window.due_on.isoformat(),
        "days_left": each.days_left,
        "amendment": _amendment(each.amendment) if each.amendment else None,
    }


def _amendment(each: Amendment) -> AmendmentData:
    at = each.opened_at.astimezone(TAIPEI).isoformat()
    return {"period": str(each.period), "opened_at": at, "opened_by_name": each.opened_by_name, "reason": each.reason}


@post("/amendments/{period:str}", opt=_ASK, status_code=HTTP_201_CREATED, sync_to_thread=True)
def ask(request: Visit, period: FromPath[str], data: JSONBody[Reason], core: NamedDependency[App]) -> AmendmentData:
    """Ask to amend a month of the semester; the corrected workbook is filed like any other."""
    unit = own_agenda(core, request.user).unit
    return _amendment(amendments.ask(core, request.user, unit, month_named(period), data.reason))


@delete("/amendments/{period:str}", opt=_ASK, sync_to_thread=True)
def withdraw(request: Visit, period: FromPath[str], core: NamedDependency[App]) -> None:
    """Take a request back."""
    amendments.withdraw(core, request.user, own_agenda(core, request.user).unit, month_named(period))
