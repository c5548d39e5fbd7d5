"""申請修改: ask to correct an earlier month of the semester; the open requests, and taking one back."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from tianbao.accounts.forms import FormRefusal
from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.calendar import Amendment
from tianbao.errors import Refusal
from tianbao.filings import amendments
from tianbao.filings.agenda import Agenda
from tianbao.periods import Period
from tianbao_web_litestar.desks import own_agenda
from tianbao_web_litestar.errors import status_of
from tianbao_web_litestar.forms import Form
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.submitting import month_of
from tianbao_web_litestar.visits import Visit

_ASK = {"action": Action.ASK_AMENDMENT}
_PAGE = "/filing/amendments"


@get(_PAGE, opt=_ASK, include_in_schema=False, sync_to_thread=True)
def choose(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """The form, and the requests that are open."""
    return _page(request, core, pages, Form())


@post(_PAGE, opt=_ASK, include_in_schema=False, sync_to_thread=True)
def ask(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Ask; the month then waits on 逾期補填."""
    try:
        period = chosen_month(data.get("period", ""))
        mine = own_agenda(core, request.user)
        amendments.ask(core, request.user, mine.unit, period, data.get("reason", ""))
    except Refusal as refusal:
        return _page(request, core, pages, Form.of(data).refused(refusal), status_of(refusal))
    return Redirect(_PAGE, status_code=HTTP_303_SEE_OTHER)


@post(f"{_PAGE}/{{period:str}}/withdraw", opt=_ASK, include_in_schema=False, sync_to_thread=True)
def withdraw(request: Visit, period: FromPath[str], core: NamedDependency[App]) -> Response[Any]:
    """Take a request back."""
    mine = own_agenda(core, request.user)
    amendments.withdraw(core, request.user, mine.unit, month_of(period))
    return Redirect(_PAGE, status_code=HTTP_303_SEE_OTHER)


def chosen_month(text: str, field: str = "period") -> Period:
    """The month chosen in a field of a form.

    Raises:
        FormRefusal: there is none.
    """
    problem = Refusal("required", "月份沒有選。", "請選擇月份。")
    try:
        return Period.parse(text)
    except ValueError as error:
        raise FormRefusal({field: problem}) from error


def open_requests(agenda: Agenda) -> Sequence[Amendment]:
    """The requests of a unit that wait for a corrected workbook."""
    return [each for each in agenda.facts.amendments if each.open_at(agenda.calendar.now)]


def _page(request: Visit, core: App, pages: Pages, form: Form, status: int = HTTP_200_OK) -> Response[str]:
    mine = own_agenda(core, request.user)
    choices = [period for period, door in mine.amendable.items() if door.open]
    closed = {period: door for period, door in mine.amendable.items() if not door.open and door.code != "already-asked"}
    about = {"choices": choices, "closed": closed, "requests": open_requests(mine), "form": form}
    return pages.show(request, "amendments.html", status, semester=mine.calendar.current.semester, **about)
