"""稽催函文: who would be written to about a month, one button that makes the letters, and those that were made."""

from functools import partial
from typing import Any

from anyio import to_thread
from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from tianbao import letters
from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.letters import packs
from tianbao.periods import Period
from tianbao.units import Level
from tianbao_web_litestar.downloads import Downloads
from tianbao_web_litestar.errors import not_found, status_of
from tianbao_web_litestar.file_names import attachment
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

MAKE = {"action": Action.MAKE_LETTERS}
OFFERED = 12
"""So many of the newest months that are due."""


@get("/letters", opt=MAKE, include_in_schema=False, sync_to_thread=True)
def desk(
    request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages], period: FromQuery[str] = ""
) -> Response[str]:
    """The newest month that is due, or the one that was chosen."""
    return _desk(request, core, pages, _month(period) if period else _months(core)[0])


def _desk(
    request: Visit, core: App, pages: Pages, period: Period, *, status: int = HTTP_200_OK, fault: Refusal | None = None
) -> Response[str]:
    try:
        gathering = letters.gathered(core, request.user, period)
    except Refusal as refusal:
        gathering, fault, status = None, refusal, status_of(refusal)
    made = packs.packs(core, request.user)
    facts = {"months": _months(core), "period": period, "gathering": gathering, "packs": made, "levels": Level}
    return pages.show(request, "letters.html", status, fault=fault, **facts)


@post("/letters", opt=MAKE, include_in_schema=False)
async def make(
    request: Visit,
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    downloads: NamedDependency[Downloads],
) -> Response[Any]:
    """Begin; the answer does not wait for the end."""
    period = _month(data.get("period", ""))
    try:
        pack = await to_thread.run_sync(partial(packs.begin, core, request.user, period))
    except Refusal as refusal:
        shown = partial(_desk, request, core, pages, period, status=status_of(refusal), fault=refusal)
        return await to_thread.run_sync(shown)
    work = partial(packs.work_on, core, request.user, pack)
    return Redirect(
        f"/letters/{pack.id}",
        status_code=HTTP_303_SEE_OTHER,
        background=BackgroundTask(downloads.run, request.user, work),
    )


@get("/letters/{pack_id:int}", opt=MAKE, include_in_schema=False, sync_to_thread=True)
def pack(
    request: Visit, pack_id: FromPath[int], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """How far it is; it goes on when one leaves."""
    found = packs.pack_of(core, request.user, pack_id)
    if found is None:
        raise not_found()
    return pages.show(request, "letters_pack.html", pack=found)


@get("/letters/{pack_id:int}/file", opt=MAKE, include_in_schema=False, sync_to_thread=True)
def file(request: Visit, pack_id: FromPath[int], core: NamedDependency[App]) -> Response[bytes]:
    """The zip."""
    found, data = packs.pack_of(core, request.user, pack_id), packs.file_of(core, request.user, pack_id)
    if found is None or data is None:
        raise not_found()
    return Response(data, media_type="application/zip", headers=attachment(found.file_name))


def _month(text: str) -> Period:
    """The month that was chosen.

    Raises:
        Refusal: it is none.
    """
    try:
        return Period.parse(text)
    except ValueError as error:
        raise Refusal("no-month", "沒有選擇月份。", "請在「稽催函文」頁面選擇月份。") from error


def _months(core: App) -> list[Period]:
    """Months that are due, the newest first."""
    newest = core.settings.calendar.current_period(core.clock.now()).previous
    first = Period.parse(core.settings.calendar.first_month)
    return [month for back in range(OFFERED) if (month := newest.plus(-back)) >= first] or [newest]
