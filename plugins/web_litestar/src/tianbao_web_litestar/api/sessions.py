"""Signing in and out."""

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from tianbao import accounts
from tianbao.accounts import Account, sessions
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao_web_litestar.api.shapes import SignedIn, SignIn
from tianbao_web_litestar.forgery import token_for
from tianbao_web_litestar.recent import Recent
from tianbao_web_litestar.visits import SESSION, Visit, address_of, session_cookie


# JSON alone cannot be sent by another site's form, so signing in needs no token
@post("/session", opt={"public": True, "token_free": True}, sync_to_thread=True)
def sign_in(request: Visit, data: JSONBody[SignIn], core: NamedDependency[App]) -> Response[SignedIn]:
    """Sign in; sets the session's cookie, and ends the session there was."""
    account = accounts.sign_in(core, data.login, data.password, address_of(request))
    if account.second_step:
        raise Refusal("second-step-needed", "這個帳號登入時還需要動態驗證碼。", "請由網頁登入。")
    sessions.end(core, request.cookies.get(SESSION, ""))
    token = sessions.start(core, account, address_of(request))
    cookie = session_cookie(token, secure=core.settings.secure_cookies)
    return Response(_signed_in(account, token), cookies=[cookie])


@get("/session", sync_to_thread=False)
def session(request: Visit) -> SignedIn:
    """Who is signed in."""
    return _signed_in(request.user, request.cookies[SESSION])


@delete("/session", sync_to_thread=True)
def sign_out(request: Visit, core: NamedDependency[App], recent: NamedDependency[Recent]) -> None:
    """Sign out."""
    recent.forget(request.user.id)
    sessions.end(core, request.cookies[SESSION])


def _signed_in(account: Account, token: str) -> SignedIn:
    return {"login": account.login, "role": account.role.value, "name": account.name, "csrf_token": token_for(token)}
