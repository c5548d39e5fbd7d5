"""新建帳號, ①-⑨ of the manual: find one's unit, then fill in one form, then look into the mailbox."""

from attrs import frozen
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody

from tianbao.accounts import passwords, registration
from tianbao.accounts.forms import Details
from tianbao.accounts.seats import Seat
from tianbao.accounts.tokens import Purpose
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao_web_litestar.errors import status_of
from tianbao_web_litestar.forms import Form
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.seats import CATEGORIES, Search, search, seat_at
from tianbao_web_litestar.visits import Visit, address_of


@frozen
class HandleCheck:
    """What is said of a handle while it is typed."""

    login: str = ""
    problem: Refusal | None = None


def check_handle(core: App, seat: Seat, handle: str) -> HandleCheck:
    """The login a handle gives, or why it may not be used; nothing of a handle that has not been typed yet."""
    handle = handle.strip()
    with core.store.read() as work:
        if not handle:
            return HandleCheck()
        try:
            registration.demand_handle(work, seat, handle)
        except Refusal as refusal:
            return HandleCheck(problem=refusal)
        return HandleCheck(registration.login_of(work, seat, handle))


@get("/register", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def choose(
    request: Visit,
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    category: FromQuery[str] = "",
    q: FromQuery[str | None] = None,
) -> Response[str]:
    """②③: the category, and the school by a keyword; the page is its own answer, so it needs no script."""
    chosen = category if category in CATEGORIES else ""
    keyword = q or ""
    asked = bool(keyword.strip()) or chosen == "county"
    result = search(core, chosen, keyword) if asked else Search([])
    shown = {"category": chosen, "keyword": keyword, "asked": asked, "empty": q is not None and not asked}
    return pages.show(request, "register.html", categories=CATEGORIES, result=result, **shown)


@get("/register/{address:str}", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def form(
    request: Visit, address: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """④-⑨; where there is an active account already, why not and whom to call."""
    with core.store.read() as work:
        seat = seat_at(work, address)
        try:
            registration.demand_vacant(core, work, seat)
        except Refusal as refusal:
            return pages.show(request, "register_taken.html", status_of(refusal), seat=seat, refusal=refusal)
    return _form(request, core, pages, (address, seat), Form())


@get("/register/{address:str}/handle", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def handle(
    request: Visit,
    address: FromPath[str],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    handle: FromQuery[str] = "",
) -> Response[str]:
    """⑤⑥ while it is typed: whether the handle may be used, and the login it gives."""
    with core.store.read() as work:
        seat = seat_at(work, address)
    return pages.show(request, "handle_check.html", check=check_handle(core, seat, handle))


@post("/register/{address:str}", opt={"public": True}, status_code=200, include_in_schema=False, sync_to_thread=True)
def register(
    request: Visit,
    address: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
) -> Response[str]:
    """Take the form: the mail with the link goes out, or all that is wrong is said, each beside its field."""
    with core.store.read() as work:
        seat = seat_at(work, address)
    details = Details.typed(*(data.get(name, "") for name in ("name", "title", "phone", "extension")))
    try:
        handle, password, email = (data.get(name, "") for name in ("handle", "password", "email"))
        account = registration.register(core, seat, handle, password, details, email, address_of(request))
    except Refusal as refusal:
        if refusal.code == "seat-taken":
            return pages.show(request, "register_taken.html", status_of(refusal), seat=seat, refusal=refusal)
        return _form(request, core, pages, (address, seat), Form.of(data).refused(refusal))
    return pages.show(request, "register_sent.html", account_made=account, days=Purpose.ACTIVATE.valid.days)


def _form(request: Visit, core: App, pages: Pages, place: tuple[str, Seat], form: Form) -> Response[str]:
    address, seat = place
    with core.store.read() as work:
        prefix = seat.prefix(work)
    status = status_of(form.refusal) if form.refusal else 422 if form.problems else 200
    return pages.show(
        request,
        "register_form.html",
        status,
        address=address,
        seat=seat,
        prefix=prefix,
        form=form,
        check=check_handle(core, seat, form.typed.get("handle", "")),
        rules=passwords.RULES,
    )
