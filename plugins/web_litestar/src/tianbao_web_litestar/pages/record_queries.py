"""我的查詢: queries under a name, each person's own."""

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.records import KINDS, Query, forget_query, read_address, save_query
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.pages.records import SEE, show_page
from tianbao_web_litestar.records.addresses import QUERY, go_to
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit


@post("/records/{kind:str}/saved", opt=SEE, include_in_schema=False, status_code=HTTP_200_OK, sync_to_thread=True)
def save(
    request: Visit,
    kind: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
) -> Response[str] | Redirect:
    """Keep what is shown under a name."""
    query, name = _query(kind, data), data.get("name", "")
    try:
        save_query(core, request.user, name, query)
    except Refusal as refusal:
        if refusal.code not in {"bad-name", "too-many"}:
            raise
        status = HTTP_422_UNPROCESSABLE_ENTITY
        return show_page(request, core, pages, query, status, name=name, name_fault=refusal)
    return go_to(query)


@post(
    "/records/{kind:str}/saved/{number:int}/forget",
    opt=SEE,
    include_in_schema=False,
    status_code=HTTP_200_OK,
    sync_to_thread=True,
)
def forget(
    request: Visit,
    kind: FromPath[str],
    number: FromPath[int],
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
) -> Redirect:
    """Delete one; what is shown stays."""
    query = _query(kind, data)
    forget_query(core, request.user, number)
    return go_to(query)


def _query(kind: str, data: dict[str, str]) -> Query:
    if kind not in KINDS:
        raise not_found()
    return read_address(kind, data.get(QUERY, "")).at(None)
