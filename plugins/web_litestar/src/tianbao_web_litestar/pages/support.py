"""系統客服's desk: find a unit or a county, see how its account stands, and 帳號重置. No filings are seen here."""

from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from tianbao.accounts import resets
from tianbao.accounts.forms import FormRefusal
from tianbao.accounts.policy import Action
from tianbao.accounts.resets import Reason, Step
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.periods import parse_day
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.forms import Form
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.standings import Place, Waiting, find_places, place_of, waiting_places
from tianbao_web_litestar.visits import Visit

RESET = {"action": Action.RESET_ACCOUNTS}
DONE = {
    "requested": "已登記帳號重置，請在下方清單安排辦理的日期。",
    "scheduled": "已安排辦理的日期。",
    "carried-out": "帳號重置完成，通知信已寄給該單位，可以重新註冊帳號。",
    "withdrawn": "已取消這件登記，帳號照舊使用。",
}


@get("/support", opt=RESET, include_in_schema=False, sync_to_thread=True)
def desk(
    request: Visit,
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    q: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[str]:
    """Search, and the queue all of support share."""
    every = [*resets.waiting(core, request.user), *resets.done(core, request.user)]
    queue: dict[Step, list[Waiting]] = {step: [] for step in Step}
    for each in waiting_places(core, every):
        queue[each.reset.step].append(each)
    queue[Step.SCHEDULED].sort(key=lambda each: each.reset.scheduled_on or date.max)
    found = find_places(core, q)
    today = core.clock.now().date()
    return pages.show(request, "support.html", q=q, found=found, queue=queue, today=today, done=DONE.get(done, ""))


@get("/support/units/{unit_id:int}", opt=RESET, include_in_schema=False, sync_to_thread=True)
def unit(
    request: Visit, unit_id: FromPath[int], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """How a unit's account stands."""
    return _place_page(request, pages, place_of(core, unit_id=unit_id), Form())


@get("/support/counties/{county:str}", opt=RESET, include_in_schema=False, sync_to_thread=True)
def county(
    request: Visit, county: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """How the account of a county's office stands."""
    return _place_page(request, pages, place_of(core, county=county), Form())


@post("/support/accounts/{officer_id:int}/reset", opt=RESET, include_in_schema=False, sync_to_thread=True)
def register(
    request: Visit,
    officer_id: FromPath[int],
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
) -> Response[Any]:
    """Register who called, and why (登記)."""
    with core.store.read() as work:
        account = work.accounts.get(officer_id)
    if account is None or account.role.national:
        raise not_found()
    form = Form.of(data)
    reason = next((each for each in Reason if each.value == data.get("reason")), None)
    if reason is None:
        form = form.refused_at("reason", Refusal("reason", "沒有選擇原因。", "請依來電內容選擇一項。"))
    else:
        try:
            resets.request(core, request.user, account, reason, data.get("caller", ""), data.get("note", "")[:300])
        except Refusal as refusal:
            form = form.refused(refusal)
        else:
            return _done("requested")
    return _place_page(request, pages, place_of(core, unit_id=account.unit_id, county=account.county), form)


@get("/support/resets/{reset_id:int}", opt=RESET, include_in_schema=False, sync_to_thread=True)
def confirm(
    request: Visit, reset_id: FromPath[int], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """Say what will happen, before it does."""
    return _reset_page(request, core, pages, reset_id, Form())


def _reset_page(request: Visit, core: App, pages: Pages, reset_id: int, form: Form) -> Response[str]:
    queue = waiting_places(core, resets.waiting(core, request.user))
    each = next((each for each in queue if each.reset.id == reset_id), None)
    if each is None:
        raise Refusal("reset-closed", "這件帳號重置已經辦理完成或取消。", "請回到客服首頁查看清單。")
    status = 422 if form.wrong else 200
    return pages.show(request, "support_reset.html", status, each=each, form=form, today=core.clock.now().date())


@post("/support/resets/{reset_id:int}/schedule", opt=RESET, include_in_schema=False, sync_to_thread=True)
def schedule(
    request: Visit,
    reset_id: FromPath[int],
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
) -> Response[Any]:
    """Arrange the day (安排)."""
    form = Form.of(data)
    try:
        day = parse_day(data.get("day", ""))
    except ValueError:
        form = form.refused_at("day", Refusal("day", "辦理的日期沒有填，或無法辨識。", "請選擇日期。"))
        return _reset_page(request, core, pages, reset_id, form)
    try:
        resets.schedule(core, request.user, reset_id, day)
    except FormRefusal as refusal:
        return _reset_page(request, core, pages, reset_id, form.refused(refusal))
    return _done("scheduled")


@post("/support/resets/{reset_id:int}", opt=RESET, include_in_schema=False, sync_to_thread=True)
def carry_out(request: Visit, reset_id: FromPath[int], core: NamedDependency[App]) -> Response[Any]:
    """Take the account out of use; the unit is told by mail."""
    resets.carry_out(core, request.user, reset_id)
    return _done("carried-out")


@post("/support/resets/{reset_id:int}/withdraw", opt=RESET, include_in_schema=False, sync_to_thread=True)
def withdraw(request: Visit, reset_id: FromPath[int], core: NamedDependency[App]) -> Response[Any]:
    """Take the request back."""
    resets.withdraw(core, request.user, reset_id)
    return _done("withdrawn")


def _place_page(request: Visit, pages: Pages, place: Place | None, form: Form) -> Response[str]:
    if place is None:
        raise not_found()
    return pages.show(request, "support_place.html", 422 if form.wrong else 200, place=place, form=form, reasons=Reason)


def _done(what: str) -> Response[Any]:
    return Redirect(f"/support?done={what}", status_code=HTTP_303_SEE_OTHER)
