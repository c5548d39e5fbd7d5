"""The links in mails. Opening one shows a page; only its button does something, since mail scanners open every link."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from tianbao.accounts import forgotten, invitations, passwords, profile, registration
from tianbao.accounts.forms import Details, FormRefusal
from tianbao.accounts.tokens import Purpose
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao_web_litestar.errors import status_of
from tianbao_web_litestar.forms import Form
from tianbao_web_litestar.pages.sign_in import let_in
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

_NO_GOOD = 410


def _bad(request: Visit, pages: Pages, purpose: Purpose, refusal: Refusal) -> Response[Any]:
    """The link is no good: why, and how to come by another."""
    status = _NO_GOOD if refusal.code.startswith("link-") else status_of(refusal)
    return pages.show(request, "link_bad.html", status, purpose=purpose.value, refusal=refusal)


def _ask(
    request: Visit, pages: Pages, purpose: Purpose, look: Callable[[], object], form: Form | None = None
) -> Response[Any]:
    """The page of a link: what it is about, with the one button."""
    try:
        about = look()
    except Refusal as refusal:
        return _bad(request, pages, purpose, refusal)
    form = form or Form()
    status = 422 if form.wrong else 200
    return pages.show(
        request,
        f"link_{purpose.value}.html",
        status,
        about=about,
        form=form,
        rules=passwords.RULES,
        address=request.url.path,
    )


@get("/activate/{token:str}", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def activate_page(
    request: Visit, token: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """帳號開通."""
    return _ask(request, pages, Purpose.ACTIVATE, lambda: registration.whose(core, token))


@post("/activate/{token:str}", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def activate(
    request: Visit, token: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Activate the account, and sign its owner in."""
    try:
        account = registration.activate(core, token)
    except Refusal as refusal:
        return _bad(request, pages, Purpose.ACTIVATE, refusal)
    return let_in(request, core, account, "/")


@get("/password/{token:str}", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def password_page(
    request: Visit, token: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """設定新密碼."""
    return _ask(request, pages, Purpose.NEW_PASSWORD, lambda: forgotten.whose(core, token))


@post("/password/{token:str}", opt={"public": True}, status_code=200, include_in_schema=False, sync_to_thread=True)
def password(
    request: Visit,
    token: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
) -> Response[Any]:
    """Set the new password; the owner then signs in with it."""
    try:
        account = forgotten.set_new(core, token, data.get("password", ""))
    except FormRefusal as refusal:
        form = Form().refused(refusal)
        return _ask(request, pages, Purpose.NEW_PASSWORD, lambda: forgotten.whose(core, token), form)
    except Refusal as refusal:
        return _bad(request, pages, Purpose.NEW_PASSWORD, refusal)
    return pages.show(request, "password_set.html", login=account.login)


@get("/email/{token:str}", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def email_page(
    request: Visit, token: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """確認新信箱."""
    return _ask(request, pages, Purpose.NEW_EMAIL, lambda: profile.address_to_confirm(core, token))


@post("/email/{token:str}", opt={"public": True}, status_code=200, include_in_schema=False, sync_to_thread=True)
def email(
    request: Visit, token: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Let the new address count."""
    try:
        account = profile.confirm_email(core, token)
    except Refusal as refusal:
        return _bad(request, pages, Purpose.NEW_EMAIL, refusal)
    return pages.show(request, "email_confirmed.html", email=account.email)


@get("/invitation/{token:str}", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def invitation_page(
    request: Visit, token: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """接受邀請."""
    return _ask(request, pages, Purpose.INVITATION, lambda: invitations.whose(core, token))


@post("/invitation/{token:str}", opt={"public": True}, include_in_schema=False, sync_to_thread=True)
def invitation(
    request: Visit,
    token: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
) -> Response[Any]:
    """Accept with a password and the person's details, and sign in."""
    details = Details.typed(*(data.get(name, "") for name in ("name", "title", "phone", "extension")))
    try:
        account = invitations.accept(core, token, data.get("password", ""), details)
    except FormRefusal as refusal:
        form = Form.of(data).refused(refusal)
        return _ask(request, pages, Purpose.INVITATION, lambda: invitations.whose(core, token), form)
    except Refusal as refusal:
        return _bad(request, pages, Purpose.INVITATION, refusal)
    return let_in(request, core, account, "/")
