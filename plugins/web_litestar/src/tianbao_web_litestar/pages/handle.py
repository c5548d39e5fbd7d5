"""變更登入帳號: an account brought over from the old system chooses its handle before it can do anything else."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from tianbao.accounts import Account, registration
from tianbao.accounts.seats import Seat, seat_of
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.forms import Form
from tianbao_web_litestar.pages.register import check_handle
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit


@get("/handle", opt={"handleless": True}, include_in_schema=False, sync_to_thread=True)
def ask(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[Any]:
    """The form; who has a handle goes home."""
    if not request.user.must_choose_handle:
        return Redirect("/", status_code=HTTP_303_SEE_OTHER)
    return _form(request, core, pages, Form())


@get("/handle/check", opt={"handleless": True}, include_in_schema=False, sync_to_thread=True)
def check(
    request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages], handle: FromQuery[str] = ""
) -> Response[Any]:
    """Whether a handle may be used, while it is typed."""
    return pages.show(request, "handle_check.html", check=check_handle(core, _seat(core, request.user), handle))


@post("/handle", opt={"handleless": True}, status_code=200, include_in_schema=False, sync_to_thread=True)
def choose(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Change the login, and say what it is from now on."""
    try:
        changed = registration.choose_handle(core, request.user, data.get("handle", ""))
    except Refusal as refusal:
        return _form(request, core, pages, Form.of(data).refused(refusal))
    request.scope["user"] = changed
    return pages.show(request, "handle_chosen.html", login=changed.login)


def _form(request: Visit, core: App, pages: Pages, form: Form) -> Response[Any]:
    seat = _seat(core, request.user)
    with core.store.read() as work:
        prefix = seat.prefix(work)
    check = check_handle(core, seat, form.typed.get("handle", ""))
    return pages.show(request, "handle.html", 422 if form.wrong else 200, form=form, prefix=prefix, check=check)


def _seat(core: App, account: Account) -> Seat:
    with core.store.read() as work:
        seat = seat_of(work, account)
    if seat is None:
        raise not_found()
    return seat
