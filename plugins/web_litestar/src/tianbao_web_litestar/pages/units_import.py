"""Taking a list into the unit register: the list is shown with all it would do, then carried out exactly so."""

from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from tianbao import register
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.units import Level
from tianbao_web_litestar.errors import status_of
from tianbao_web_litestar.pages.amendments import chosen_month
from tianbao_web_litestar.pages.units import KEEP, months_to_choose
from tianbao_web_litestar.receiving import Checks, Received, receive
from tianbao_web_litestar.recent import Lists, ListUpload
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

_NAMED = 200
"""So many units of each kind are named on the page."""


@get("/units/import", opt=KEEP, include_in_schema=False, sync_to_thread=True)
def form(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """Which list, of which level."""
    return _form(request, core, pages)


@post("/units/import", opt=KEEP, include_in_schema=False)
async def preview(
    request: Visit,
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    lists: NamedDependency[Lists],
    checks: NamedDependency[Checks],
) -> Response[Any]:
    """What the list would do."""
    received = await receive(request)
    return await checks.run(request.user, partial(_preview, request, received, core, pages, lists))


def _preview(request: Visit, received: Received, core: App, pages: Pages, lists: Lists) -> Response[Any]:
    level, since = received.fields.get("level", ""), received.fields.get("since", "")
    if not received.data:
        refusal = Refusal("no-file", "還沒有選擇檔案。", "請先選擇名錄的檔案。")
        return _form(request, core, pages, refusal=refusal, level=level, since=since)
    try:
        wanted = Level(level) if level in set(Level) else None
        who, now = request.user.id, core.clock.now()
        upload = ListUpload(who, received.file_name, received.data, wanted, chosen_month(since, "since"), now)
        plan = register.look(core, request.user, _listed(core, upload), upload.since)
    except Refusal as refusal:
        return _form(request, core, pages, refusal=refusal, level=level, since=since)
    return _shown(request, pages, upload, lists.keep(upload), plan)


@post("/units/import/confirm", opt=KEEP, include_in_schema=False)
async def confirm(
    request: Visit,
    data: URLEncodedBody[dict[str, str]],
    *,
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    lists: NamedDependency[Lists],
    checks: NamedDependency[Checks],
) -> Response[Any]:
    """Do what was shown."""
    return await checks.run(request.user, partial(_confirm, request, data, core, pages, lists))


def _confirm(request: Visit, data: dict[str, str], core: App, pages: Pages, lists: Lists) -> Response[Any]:
    key = data.get("key", "")
    upload = lists.find(key, request.user.id, core.clock.now())
    if upload is None:
        refusal = Refusal("preview-gone", "預覽的名錄只保留 30 分鐘，這一份已經不在了。", "請再上傳一次。")
        return _form(request, core, pages, refusal=refusal)
    listed = _listed(core, upload)
    try:
        sure, seen = data.get("sure") == "yes", data.get("seen", "")
        done = register.carry_out(core, request.user, listed, upload.since, seen=seen, sure=sure)
    except Refusal as refusal:
        plan = register.look(core, request.user, listed, upload.since)
        return _shown(request, pages, upload, key, plan, refusal)
    lists.forget(request.user.id)
    return Redirect(f"/units?done={'imported' if done.changes else 'same'}", status_code=HTTP_303_SEE_OTHER)


def _listed(core: App, upload: ListUpload) -> register.UnitList:
    return register.read_list(core, upload.data, upload.file_name, upload.level)


def _shown(  # noqa: PLR0917 -- all of it is on the page
    request: Visit, pages: Pages, upload: ListUpload, key: str, plan: register.Plan, refusal: Refusal | None = None
) -> Response[str]:
    status = status_of(refusal) if refusal else HTTP_200_OK
    about = {"upload": upload, "key": key, "plan": plan, "refusal": refusal, "most": _NAMED}
    return pages.show(request, "units_preview.html", status, **about)


def _form(
    request: Visit, core: App, pages: Pages, *, refusal: Refusal | None = None, level: str = "", since: str = ""
) -> Response[str]:
    current = core.settings.calendar.current_period(core.clock.now())
    about = {"refusal": refusal, "levels": Level, "level": level, "months": months_to_choose(core)}
    status = HTTP_422_UNPROCESSABLE_ENTITY if refusal else HTTP_200_OK
    return pages.show(request, "units_import.html", status, **about, since=since or str(current))
