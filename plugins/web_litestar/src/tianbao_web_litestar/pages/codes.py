"""動態驗證碼遺失: support and the organiser let a national account sign in by its password alone, after a call."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from tianbao.accounts import Account, second_step
from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.forms import Form
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

LIFT = {"action": Action.LIFT_CODE}


@get("/codes", opt=LIFT, include_in_schema=False, sync_to_thread=True)
def codes(
    request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages], done: FromQuery[str] = ""
) -> Response[str]:
    """Who is asked for a code."""
    return pages.show(request, "codes.html", holders=second_step.holders(core, request.user), done=done == "lifted")


@get("/codes/{holder_id:int}", opt=LIFT, include_in_schema=False, sync_to_thread=True)
def lift_form(
    request: Visit, holder_id: FromPath[int], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """Say what will happen, and ask who called."""
    return pages.show(request, "codes_lift.html", person=_holder(core, request.user, holder_id), form=Form())


@post("/codes/{holder_id:int}", opt=LIFT, include_in_schema=False, sync_to_thread=True)
def lift(
    request: Visit,
    holder_id: FromPath[int],
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
) -> Response[Any]:
    """Ask for no more codes; the person is told by mail."""
    person = _holder(core, request.user, holder_id)
    try:
        second_step.lift(core, request.user, person, data.get("reason", ""))
    except Refusal as refusal:
        form = Form.of(data).refused(refusal)
        return pages.show(request, "codes_lift.html", 422, person=person, form=form)
    return Redirect("/codes?done=lifted", status_code=HTTP_303_SEE_OTHER)


def _holder(core: App, helper: Account, holder_id: int) -> Account:
    found = next((each for each in second_step.holders(core, helper) if each.id == holder_id), None)
    if found is None:
        raise not_found()
    return found
