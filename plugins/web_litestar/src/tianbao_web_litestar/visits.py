"""Who is visiting: the session behind the cookie, and what its owner may open.

The server makes every session id and adopts none from a visitor: an unknown one is nobody's.
"""

from functools import partial
from typing import Any, TypeGuard

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, State
from litestar.enums import ScopeType
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import ASGIApp, HTTPScope, Scope
from litestar.utils import ensure_async_callable

from tianbao.accounts import Account, policy, sessions
from tianbao.accounts.sessions import Session
from tianbao.bootstrap import App
from tianbao.errors import Refusal

SESSION = "tianbao_session"
UNATTENDED = "x-unattended"
"""The header of a page that refreshes itself; whoever left it open is signed out in time all the same."""

Visit = Request[Account, Session | None, State]
"""A request. Its ``user`` is an account on every route that is not public; its ``auth`` tells on those that are."""
Connection = ASGIConnection[Any, Any, Any, State]


def is_http(scope: Scope) -> TypeGuard[HTTPScope]:
    """Whether somebody asks for something, rather than opens a socket."""
    return scope["type"] == ScopeType.HTTP


class Visitors(AbstractAuthenticationMiddleware):
    """Finds the session of each request; a visitor without one goes on as nobody."""

    def __init__(self, app: ASGIApp, *, core: App) -> None:
        super().__init__(app, exclude_from_auth_key="anonymous")
        self._find = ensure_async_callable(partial(sessions.find, core))

    async def authenticate_request(self, connection: Connection) -> AuthenticationResult:
        token = connection.cookies.get(SESSION)
        unattended = UNATTENDED in connection.headers
        session = await self._find(token, unattended=unattended) if token else None
        return AuthenticationResult(session.account if session else None, session)


def permitted(connection: Connection, handler: BaseRouteHandler) -> None:
    """Guard of every route: its ``opt`` says whether it is public, else which action it takes.

    Where it says neither, being signed in is enough. Which unit an action is about is for the route to ask. An account
    that must choose its handle first may open nothing but what says ``handleless``.

    Raises:
        NotAuthorizedException: nobody is signed in.
        Refusal: the account may not.
    """
    if handler.opt.get("public"):
        return
    if connection.user is None:
        raise NotAuthorizedException
    if connection.user.must_choose_handle and not handler.opt.get("handleless"):
        raise Refusal("handle-first", "這個帳號還沒有變更登入帳號。", "請先變更登入帳號，再使用其他功能。")
    if action := handler.opt.get("action"):
        policy.demand(connection.user, action)


def session_cookie(token: str, *, secure: bool) -> Cookie:
    """The cookie of a session; it ends with the browser, and on the server when it was idle too long."""
    return Cookie(key=SESSION, value=token, path="/", httponly=True, samesite="lax", secure=secure)


def address_of(request: Visit) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else "unknown"
