"""The second step of signing in: the code of an authenticator, for those of the national roles who want one."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from tianbao.accounts import second_step, sessions
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao_web_litestar.errors import status_of
from tianbao_web_litestar.forms import Form
from tianbao_web_litestar.pages.sign_in import inside
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import SESSION, Visit, address_of, session_cookie


@get("/sign-in/code", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def ask(
    request: Visit,
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    next: FromQuery[str] = "/",  # noqa: A002
) -> Response[Any]:
    """Ask for the code; who has not given a password yet starts there."""
    if sessions.find(core, request.cookies.get(SESSION, ""), awaiting_code=True) is None:
        return Redirect("/sign-in", status_code=HTTP_303_SEE_OTHER)
    return pages.show(request, "code.html", form=Form(), next=inside(next))


@post("/sign-in/code", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def take(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Let its owner in, with a session of a new id; else say what is wrong."""
    onward = inside(data.get("next", "/"))
    try:
        session = second_step.pass_on(core, request.cookies.get(SESSION, ""), data.get("code", ""), address_of(request))
    except Refusal as refusal:
        if refusal.code == "wrong-code":
            form = Form().refused_at("code", refusal)
            return pages.show(request, "code.html", 422, form=form, next=onward)
        form = Form().refused(refusal)
        return pages.show(request, "code.html", status_of(refusal), form=form, next=onward)
    answer = Redirect(onward, status_code=HTTP_303_SEE_OTHER)
    answer.set_cookie(session_cookie(session, secure=core.settings.secure_cookies))
    return answer
