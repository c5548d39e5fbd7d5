"""登入、登出."""

from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from tianbao import accounts
from tianbao.accounts import sessions
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao_web_litestar.desks import Deadline
from tianbao_web_litestar.errors import status_of
from tianbao_web_litestar.recent import Recent
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import SESSION, Visit, address_of, session_cookie


@get("/sign-in", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def sign_in_form(
    request: Visit,
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    next: FromQuery[str] = "/",  # noqa: A002
    unsent: FromQuery[str] = "",
) -> Response[Any]:
    """The form; who is signed in already goes on. Whose session ended while they sent something is told it was lost."""
    if request.auth:
        return Redirect(inside(next), status_code=HTTP_303_SEE_OTHER)
    return _door(request, core, pages, next=inside(next), unsent=unsent)


def _door(request: Visit, core: App, pages: Pages, status: int = HTTP_200_OK, **about: object) -> Response[Any]:
    """The page of the door; it says already which month can be filed, and until when."""
    period = core.settings.calendar.current_period(core.clock.now())
    facts = {"login": "", "unsent": "", "faults": {}, "refusal": None, **about}
    return pages.show(request, "sign_in.html", status, period=period, deadline=Deadline.of(core, period), **facts)


@post("/sign-in", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def sign_in(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Let somebody in, with a session of a new id; else say what is wrong, keeping the login that was typed."""
    login, password, onward = data.get("login", ""), data.get("password", ""), inside(data.get("next", "/"))
    faults = {
        name: says
        for name, value, says in (("login", login.strip(), "請輸入帳號。"), ("password", password, "請輸入密碼。"))
        if not value
    }
    refusal = None
    if not faults:
        try:
            account = accounts.sign_in(core, login, password, address_of(request))
        except Refusal as caught:
            refusal = caught
        else:
            return let_in(request, core, account, onward)
    status = status_of(refusal) if refusal else 422
    return _door(request, core, pages, status, login=login, next=onward, faults=faults, refusal=refusal)


def let_in(request: Visit, core: App, account: accounts.Account, onward: str) -> Response[Any]:
    """Open a session for somebody who has proved who they are; where the account has a second step, that is next.

    The one the browser had so far ends.
    """
    sessions.end(core, request.cookies.get(SESSION, ""))
    token = sessions.start(core, account, address_of(request))
    address = f"/sign-in/code?next={quote(onward)}" if account.second_step else onward
    answer = Redirect(address, status_code=HTTP_303_SEE_OTHER)
    answer.set_cookie(session_cookie(token, secure=core.settings.secure_cookies))
    return answer


@post("/sign-out", opt={"handleless": True}, include_in_schema=False, sync_to_thread=True)
def sign_out(request: Visit, core: NamedDependency[App], recent: NamedDependency[Recent]) -> Response[Any]:
    """End the session, here and in the browser."""
    recent.forget(request.user.id)
    sessions.end(core, request.cookies[SESSION])
    answer = Redirect("/sign-in", status_code=HTTP_303_SEE_OTHER)
    answer.delete_cookie(SESSION)
    return answer


def inside(address: str) -> str:
    """The address, if it is one of ours: whoever made the link must not send people elsewhere."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if ours else "/"
