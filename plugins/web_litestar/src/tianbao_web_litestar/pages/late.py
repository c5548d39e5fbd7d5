"""逾期補填: overdue months and months to be amended, each with both ways; an amendment is shown before it is filed."""

from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao_web_litestar.desks import own_agenda
from tianbao_web_litestar.receiving import Checks, receive
from tianbao_web_litestar.recent import Recent
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.submitting import Counter, month_of
from tianbao_web_litestar.visits import Visit

_FILE = {"action": Action.FILE}


@get("/filing/late", opt=_FILE, include_in_schema=False, sync_to_thread=True)
def choose(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """The months that wait, the oldest first."""
    return pages.show(request, "late.html", agenda=own_agenda(core, request.user))


@get("/filing/late/{period:str}", opt=_FILE, include_in_schema=False, sync_to_thread=True)
def with_cases(
    request: Visit,
    period: FromPath[str],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    recent: NamedDependency[Recent],
) -> Response[Any]:
    """有個案及服務: the form for the workbook of an earlier month."""
    return _opened(Counter(request, core, pages, recent, month_of(period)))


@get("/filing/late/{period:str}/nil", opt=_FILE, include_in_schema=False, sync_to_thread=True)
def without_cases(
    request: Visit,
    period: FromPath[str],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    recent: NamedDependency[Recent],
) -> Response[Any]:
    """無個案及服務 in an earlier month."""
    return _opened(Counter(request, core, pages, recent, month_of(period)), nil=True)


def _opened(counter: Counter, *, nil: bool = False) -> Response[Any]:
    """The current month has a page of its own."""
    desk = counter.desk()
    if desk.is_current:
        return Redirect(desk.address, status_code=HTTP_303_SEE_OTHER)
    return counter.page(nil=nil)


@post("/filing/late/{period:str}/nil", opt=_FILE, include_in_schema=False, sync_to_thread=True)
def file_nil(
    request: Visit,
    *,
    period: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    recent: NamedDependency[Recent],
) -> Response[Any]:
    """File that there was nothing, if that was confirmed."""
    return Counter(request, core, pages, recent, month_of(period)).file_nil(data)


@post("/filing/late/{period:str}", opt=_FILE, include_in_schema=False)
async def file_workbook(
    request: Visit,
    *,
    period: FromPath[str],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    recent: NamedDependency[Recent],
    checks: NamedDependency[Checks],
) -> Response[Any]:
    """Check the workbook; file it where it is clean, or show what the amendment would change."""
    form = await receive(request)
    counter = Counter(request, core, pages, recent, month_of(period))
    return await checks.run(request.user, partial(counter.file_workbook, form))


@post("/filing/late/{period:str}/confirm", opt=_FILE, include_in_schema=False)
async def confirm(
    request: Visit,
    *,
    period: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    recent: NamedDependency[Recent],
    checks: NamedDependency[Checks],
) -> Response[Any]:
    """Accept the amendment that was shown."""
    counter = Counter(request, core, pages, recent, month_of(period))
    return await checks.run(request.user, partial(counter.confirm, data))
