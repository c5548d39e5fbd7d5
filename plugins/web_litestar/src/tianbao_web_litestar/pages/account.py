"""帳號管理: see one's account, and change its details, password, e-mail address and second step."""

import re
from functools import partial
from typing import Any

import segno
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER
from markupsafe import Markup

from tianbao.accounts import passwords, profile, second_step
from tianbao.accounts.forms import Details, look_over
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao_web_litestar.forms import Form
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import SESSION, Visit, address_of

DONE = {
    "details": "承辦人資料已更新。",
    "password": "密碼已更改，其他裝置上的登入都已結束。",
    "email": "確認信已寄到新信箱，點選信中的連結後才會更換；在那之前，信件仍寄到目前的信箱。",
    "code-on": "已啟用動態驗證碼，下次登入時會請您輸入。",
    "code-off": "已停用動態驗證碼。",
}
"""What was just done, by the word in the address."""
_SECRET = re.compile(r"[A-Z2-7]{32}")


@get("/account", include_in_schema=False, sync_to_thread=True)
def account(request: Visit, pages: NamedDependency[Pages], done: FromQuery[str] = "") -> Response[str]:
    """What the system knows of the person, and what can be changed."""
    return pages.show(request, "account.html", done=DONE.get(done, ""))


@get("/account/details", include_in_schema=False, sync_to_thread=True)
def details_form(request: Visit, pages: NamedDependency[Pages]) -> Response[str]:
    return _form(request, pages, "account_details.html", Form())


@post("/account/details", include_in_schema=False, sync_to_thread=True)
def details(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Keep new details."""
    typed = Details.typed(*(data.get(name, "") for name in ("name", "title", "phone", "extension")))
    try:
        profile.change_details(core, request.user, typed)
    except Refusal as refusal:
        return _form(request, pages, "account_details.html", Form.of(data).refused(refusal))
    return _done("details")


@get("/account/password", include_in_schema=False, sync_to_thread=True)
def password_form(request: Visit, pages: NamedDependency[Pages]) -> Response[str]:
    return _form(request, pages, "account_password.html", Form(), rules=passwords.RULES)


@post("/account/password", include_in_schema=False, sync_to_thread=True)
def password(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Set a new password; the other sessions end, this one stays."""
    old, new = data.get("old", ""), data.get("new", "")
    try:
        profile.change_password(core, request.user, old, new, address_of(request), keep=request.cookies[SESSION])
    except Refusal as refusal:
        return _form(request, pages, "account_password.html", Form().refused(refusal), rules=passwords.RULES)
    return _done("password")


@get("/account/email", include_in_schema=False, sync_to_thread=True)
def email_form(request: Visit, pages: NamedDependency[Pages]) -> Response[str]:
    return _form(request, pages, "account_email.html", Form())


@post("/account/email", include_in_schema=False, sync_to_thread=True)
def email(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Send a link to the new address; nothing changes before it was followed."""
    given, new = data.get("password", ""), data.get("email", "")
    try:
        profile.ask_new_email(core, request.user, given, new, address_of(request))
    except Refusal as refusal:
        return _form(request, pages, "account_email.html", Form.of(data).refused(refusal))
    return _done("email")


@get("/account/code", include_in_schema=False, sync_to_thread=True)
def code_form(request: Visit, pages: NamedDependency[Pages]) -> Response[str]:
    """Turn the second step on, or off where it is on."""
    return _code_page(request, pages, Form())


@post("/account/code", include_in_schema=False, sync_to_thread=True)
def code_on(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Ask for a code from now on, once a code has shown that the secret was taken."""
    secret, given = data.get("secret", ""), data.get("password", "")
    second_step.offer(request.user)
    try:
        look_over(password=lambda: profile.demand_password(core, request.user, given, address_of(request)))
        _demand_secret(secret)
        second_step.turn_on(core, request.user, secret, data.get("code", ""), keep=request.cookies[SESSION])
    except Refusal as refusal:
        form = Form().refused_at("code", refusal) if refusal.code == "wrong-code" else Form().refused(refusal)
        return _code_page(request, pages, form, secret)
    return _done("code-on")


@post("/account/code/off", include_in_schema=False, sync_to_thread=True)
def code_off(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Ask for no more codes; the password is asked for."""
    second_step.offer(request.user)
    ask = partial(profile.demand_password, core, request.user, data.get("password", ""), address_of(request))
    try:
        look_over(password=ask)
    except Refusal as refusal:
        return _code_page(request, pages, Form().refused(refusal))
    second_step.turn_off(core, request.user, keep=request.cookies[SESSION])
    return _done("code-off")


@post("/account/stay", opt={"handleless": True}, include_in_schema=False, sync_to_thread=False)
def stay(request: Visit) -> Response[Any]:
    """Go on with the session: being asked was enough. A script stays on its page; a form comes back to the first."""
    if request.headers.get("X-CSRF-Token"):
        return Response(None, status_code=204)
    return Redirect("/", status_code=HTTP_303_SEE_OTHER)


def _demand_secret(secret: str) -> None:
    if not _SECRET.fullmatch(secret):
        raise Refusal("form-old", "這個頁面的金鑰不完整。", "請用下方的新金鑰重新設定。")


def _form(request: Visit, pages: Pages, page: str, form: Form, **facts: object) -> Response[str]:
    return pages.show(request, page, 422 if form.wrong else 200, form=form, **facts)


def _done(what: str) -> Response[Any]:
    return Redirect(f"/account?done={what}", status_code=HTTP_303_SEE_OTHER)


def _code_page(request: Visit, pages: Pages, form: Form, secret: str = "") -> Response[str]:
    """The same secret again where the code was mistyped: it is in the app already."""
    offer = second_step.offer(request.user, secret if _SECRET.fullmatch(secret) else None)
    drawn = segno.make(offer.address, micro=False).svg_inline(
        border=3, omitsize=True, light="#fff", dark="#000", svgclass=None, lineclass=None
    )
    # segno made it, of numbers alone
    return _form(request, pages, "account_code.html", form, offer=offer, qr=Markup(drawn))  # noqa: S704
