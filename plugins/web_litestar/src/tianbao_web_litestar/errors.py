"""Turns whatever goes wrong into an answer a person can use; never a stack trace."""

import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Response
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from tianbao.errors import Refusal
from tianbao_web_litestar.receiving import FORM_ROOM
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

log = logging.getLogger(__name__)

_STATUS = {
    "form-expired": HTTPStatus.FORBIDDEN,
    "handle-first": HTTPStatus.FORBIDDEN,
    "not-allowed": HTTPStatus.FORBIDDEN,
    "not-found": HTTPStatus.NOT_FOUND,
    "seat-taken": HTTPStatus.CONFLICT,
    "sign-in-needed": HTTPStatus.UNAUTHORIZED,
    "throttled": HTTPStatus.TOO_MANY_REQUESTS,
    "too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "wrong-sign-in": HTTPStatus.UNAUTHORIZED,
}
"""Of refusals; all others are 422."""

_SAYS = {
    HTTPStatus.NOT_FOUND: ("not-found", "找不到這個頁面。", "請確認網址是否完整，或回到首頁。"),
    HTTPStatus.METHOD_NOT_ALLOWED: ("wrong-method", "這個網址不能這樣使用。", "請回到首頁，從選單開啟要用的頁面。"),
    HTTPStatus.UNAUTHORIZED: ("sign-in-needed", "尚未登入，或閒置過久已自動登出。", "請重新登入。"),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "internal",
        "系統發生問題，這個動作沒有完成。",
        "請稍後再試一次；若仍然如此，請告訴系統客服您當時正在做什麼。",
    ),
}
_BAD = ("bad-request", "送出的內容不完整，系統無法處理。", "請回到原來的頁面重新整理後，再試一次。")


def not_found() -> Refusal:
    """Refuse what is not there, or not there for this person: the answer is the same."""
    return Refusal(*_SAYS[HTTPStatus.NOT_FOUND])


def too_large(limit: int) -> Refusal:
    """Refuse what was cut off while it came in."""
    return Refusal(
        "too-large",
        f"檔案超過上限 {limit / 2**20:.0f} MB，沒有收下。",
        "請縮小後再上傳；填報表格通常不到 1 MB，請下載空白表格，只貼上當月資料。",
    )


def status_of(refusal: Refusal) -> HTTPStatus:
    """The HTTP status that goes with a refusal."""
    return _STATUS.get(refusal.code, HTTPStatus.UNPROCESSABLE_ENTITY)


class Answers:
    """The exception handler of the whole application."""

    def __init__(self, pages: Pages, limit: int) -> None:
        self._pages = pages
        self._limit = limit

    def __call__(self, request: Visit, error: Exception) -> Response[Any]:
        refusal, status = self._as_refusal(request, error)
        if status is HTTPStatus.FORBIDDEN and refusal.code != "handle-first":
            _note(request, refusal)
        if request.url.path.startswith("/api/"):
            body = {"code": refusal.code, "message": refusal.message, "remedy": refusal.remedy}
            return Response(body, status_code=status)
        if isinstance(error, NotAuthorizedException):
            return _to_sign_in(request)
        if refusal.code == "handle-first":
            return _go(request, "/handle")
        lost, back = status is HTTPStatus.NOT_FOUND, "" if request.method == "GET" else _came_from(request)
        page = self._pages.show(request, "problem.html", status, refusal=refusal, lost=lost, back=back)
        if request.headers.get("hx-request"):  # only the problem itself is put at the foot of the page
            page.headers.update({"HX-Retarget": "#result", "HX-Reselect": "#problem", "HX-Reswap": "innerHTML"})
        return page

    def _most(self, request: Visit) -> int:
        """How large a file the route takes."""
        most = request.route_handler.resolve_request_max_body_size() or 0
        return most - FORM_ROOM if most > FORM_ROOM else self._limit

    def _as_refusal(self, request: Visit, error: Exception) -> tuple[Refusal, HTTPStatus]:
        if isinstance(error, RequestEntityTooLarge):
            error = too_large(self._most(request))
        if isinstance(error, Refusal):
            return error, status_of(error)
        if isinstance(error, OverflowError) or isinstance(error.__cause__, OverflowError):
            # a number or a day beyond what there is, in an address that was made up
            return Refusal(*_BAD), HTTPStatus.BAD_REQUEST
        if isinstance(error, HTTPException):
            status = HTTPStatus(error.status_code)
            if status < HTTPStatus.INTERNAL_SERVER_ERROR:
                return Refusal(*_SAYS.get(status, _BAD)), status
        route = request.scope.get("path_template", "")  # not the path, which may be a link out of a mail
        log.error("%s %s failed", request.method, route, exc_info=error)
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        return Refusal(*_SAYS[status]), status


def _note(request: Visit, refusal: Refusal) -> None:
    """Somebody tried what is not theirs to do: by route and account, never by path, which may be a secret."""
    who = request.scope.get("user")
    route = request.scope.get("path_template", "")
    log.warning("%s %s refused (%s) to %s", request.method, route, refusal.code, who.subject if who else "a visitor")


def _to_sign_in(request: Visit) -> Response[Any]:
    """Go and sign in, and come back to a page that can be opened again; what was sent meanwhile is said to be lost."""
    path, asked = request.url.path, request.url.query
    if request.method != "GET":
        return _go(request, f"/sign-in?unsent=1&next={quote(_page_of_form(request))}")
    back = f"{path}?{asked}" if asked else path
    return _go(request, "/sign-in" if back == "/" else f"/sign-in?next={quote(back)}")


def _page_of_form(request: Visit) -> str:
    """Where to send it again: the month's own page, as the browser says, else 當期填報; home from anywhere else."""
    page = _came_from(request)
    if page.startswith("/filing/"):
        return page
    return "/filing/current" if "/filing/" in request.url.path else "/"


def _came_from(request: Visit) -> str:
    """The page of ours on which something was sent, as the browser says; nothing where it says none."""
    page = urlsplit(request.headers.get("referer", ""))
    if page.netloc != request.headers.get("host") or page.path.startswith("//"):
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path


def _go(request: Visit, address: str) -> Response[Any]:
    if request.headers.get("hx-request"):
        return Response(None, headers={"HX-Redirect": address}, status_code=HTTPStatus.NO_CONTENT)
    return Redirect(address, status_code=HTTP_303_SEE_OTHER)
