"""Keeps other sites from sending our forms in a visitor's name (CSRF).

Two walls. Browsers say where a request comes from (Sec-Fetch-Site, else Origin): from elsewhere it is refused. And each
form carries a token made from a cookie that other sites cannot read: of the session, or, before sign-in, of the visit.
It needs no key of the server's, so several machines agree on it without a setting.
"""

import hmac
import secrets
from urllib.parse import urlsplit

from litestar.datastructures import Cookie, FormMultiDict
from litestar.enums import RequestEncodingType
from litestar.types import ASGIApp, Receive, Scope, Send

from tianbao.errors import Refusal
from tianbao_web_litestar.visits import SESSION, Connection, Visit, is_http

VISIT = "tianbao_visit"
"""The cookie of a visitor who has not signed in."""
FIELD = "_csrf"
HEADER = "X-CSRF-Token"

_SAFE = {"GET", "HEAD", "OPTIONS"}
_FORMS = {RequestEncodingType.MULTI_PART, RequestEncodingType.URL_ENCODED}


def token_for(secret: str) -> str:
    """The token that goes with a cookie's value."""
    return hmac.digest(secret.encode(), b"tianbao form", "sha256").hex()


def new_visit(*, secure: bool) -> Cookie:
    """A cookie for a visitor who has none, so that the sign-in form has a token too."""
    return Cookie(key=VISIT, value=secrets.token_urlsafe(32), path="/", httponly=True, samesite="lax", secure=secure)


class Forgery(Refusal):
    """The request did not come from a form of ours, or from one of long ago."""

    def __init__(self) -> None:
        says = "這個頁面開得太久，或不是由本系統送出。"
        super().__init__("form-expired", says, "請回到原來的頁面重新整理後，再試一次。")


def _from_elsewhere(connection: Connection) -> bool:
    """Whether the browser says that another site sent this."""
    site = connection.headers.get("sec-fetch-site")
    if site:
        return site not in ("same-origin", "none")
    origin = connection.headers.get("origin")
    return bool(origin) and urlsplit(origin or "").netloc != connection.headers.get("host")


class ForgeryGuard:
    """Lets a request that changes something through only with the token of its cookie.

    A route may ask for the first wall alone by ``opt={"token_free": True}``: the API's sign-in, which takes nothing but
    JSON and so cannot be sent by a form.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_http(scope) or scope["method"] in _SAFE:
            await self.app(scope, receive, send)
            return
        request = Visit(scope, receive)
        if _from_elsewhere(request):
            raise Forgery
        # Litestar keeps what is parsed here for the handler; its files are closed when the answer is out
        form = await request.form() if request.content_type[0] in _FORMS else FormMultiDict()
        try:
            self._check(request, form)
            await self.app(scope, receive, send)
        finally:
            await form.close()

    def _check(self, request: Visit, form: FormMultiDict) -> None:
        if request.route_handler.opt.get("token_free"):
            return
        given = request.headers.get(HEADER) or str(form.get(FIELD, ""))
        # a browser may still send the cookie of a session that has ended beside that of its visit
        secrets_sent = filter(None, map(request.cookies.get, (SESSION, VISIT)))
        if not any(hmac.compare_digest(given.encode(), token_for(secret).encode()) for secret in secrets_sent):
            raise Forgery
