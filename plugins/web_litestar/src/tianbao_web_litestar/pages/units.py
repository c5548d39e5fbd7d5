"""單位名錄: find a unit, see what is known of it, mend it, enter one by hand. Lists are taken in by `units_import`."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from tianbao import register
from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.periods import Period
from tianbao.register import Entered
from tianbao.units import COUNTIES, Authority, Level
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.forms import Form
from tianbao_web_litestar.pages.amendments import chosen_month
from tianbao_web_litestar.pages.months import until
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

KEEP = {"action": Action.KEEP_REGISTER}
_MOST = 100
_DONE = {
    "new": "已新增這個單位。",
    "changed": "已更新單位資料。",
    "imported": "名錄匯入完成。",
    "same": "名錄與現況相同，沒有任何變動。",
}
_AHEAD = 12


@get("/units", opt=KEEP, include_in_schema=False, sync_to_thread=True)
def units(
    request: Visit,
    *,
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    q: FromQuery[str] = "",
    county: FromQuery[str] = "",
    level: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[str]:
    """Search, and how many there are."""
    wanted = Level(level) if level in set(Level) else None
    where = county if county in COUNTIES else None
    with core.store.read() as work:
        found = work.units.search(q, wanted, _MOST + 1, county=where)
        counts = work.units.counts()
    about = {"q": q, "county": where, "level": wanted, "found": found[:_MOST], "more": len(found) > _MOST}
    listed = {each: counts.get(each, (0, 0)) for each in Level}
    return pages.show(
        request,
        "units.html",
        **about,
        counts=listed,
        counties=COUNTIES,
        levels=Level,
        asked=bool(q.strip() or where),
        done=_DONE.get(done, ""),
    )


@get("/units/new", opt=KEEP, include_in_schema=False, sync_to_thread=True)
def new_form(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """The form to enter a unit by hand."""
    return _form(request, core, pages, Form(), None)


@post("/units/new", opt=KEEP, include_in_schema=False, sync_to_thread=True)
def new(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Enter a unit by hand."""
    try:
        level, since = _level(data.get("level", "")), chosen_month(data.get("since", ""), "since")
        code, entered = data.get("code", ""), Entered.typed(data)
        unit = register.enter(core, request.user, entered, code=code, level=level, since=since)
    except Refusal as refusal:
        return _form(request, core, pages, Form.of(data).refused(refusal), None)
    return _go(f"/units/{unit.id}?done=new")


@get("/units/{unit_id:int}", opt=KEEP, include_in_schema=False, sync_to_thread=True)
def unit(
    request: Visit,
    unit_id: FromPath[int],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    done: FromQuery[str] = "",
) -> Response[str]:
    """What is known of a unit."""
    return pages.show(request, "unit.html", each=_dossier(core, request, unit_id), done=_DONE.get(done, ""))


@get("/units/{unit_id:int}/edit", opt=KEEP, include_in_schema=False, sync_to_thread=True)
def edit_form(
    request: Visit, unit_id: FromPath[int], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """The form to mend a unit."""
    return _form(request, core, pages, Form(), _dossier(core, request, unit_id))


@post("/units/{unit_id:int}/edit", opt=KEEP, include_in_schema=False, sync_to_thread=True)
def edit(
    request: Visit,
    unit_id: FromPath[int],
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
) -> Response[Any]:
    """Mend a unit."""
    before = _dossier(core, request, unit_id)
    try:
        register.amend(core, request.user, unit_id, Entered.typed(data))
    except Refusal as refusal:
        return _form(request, core, pages, Form.of(data).refused(refusal), before)
    return _go(f"/units/{unit_id}?done=changed")


def _form(request: Visit, core: App, pages: Pages, form: Form, each: register.Dossier | None) -> Response[str]:
    """One form for both: a new unit has no dossier yet."""
    status = HTTP_422_UNPROCESSABLE_ENTITY if form.wrong else HTTP_200_OK
    chosen = months_to_choose(core)
    about: Mapping[str, object] = {
        "each": each,
        "form": form,
        "counties": [(each, each) for each in COUNTIES],
        "authorities": [(each.value, each.label) for each in Authority],
        "levels": [(each.value, each.label) for each in Level],
        "chosen": chosen,
        "months": [(str(each), each.spoken) for each in chosen],
        "current": core.settings.calendar.current_period(core.clock.now()),
    }
    return pages.show(request, "unit_form.html", status, **about)


def _dossier(core: App, request: Visit, unit_id: int) -> register.Dossier:
    found = register.dossier(core, request.user, unit_id)
    if found is None:
        raise not_found()
    return found


def _level(text: str) -> Level:
    if text not in set(Level):
        raise Refusal("level", "學制沒有選。", "請選擇學制。")
    return Level(text)


def months_to_choose(core: App) -> Sequence[Period]:
    """From which month a unit may have to file: from the first of all to a year from now, the latest first."""
    return until(core, core.settings.calendar.current_period(core.clock.now()).plus(_AHEAD))


def _go(address: str) -> Response[Any]:
    return Redirect(address, status_code=HTTP_303_SEE_OTHER)
