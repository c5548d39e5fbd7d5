"""資料查詢 → 填報紀錄: 歷史個案 and 歷史服務. What is shown stands in the address, to be kept and sent on."""

from attrs import evolve
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.records import KINDS, Query, exporters, page, saved_queries, write_address
from tianbao_web_litestar.errors import status_of
from tianbao_web_litestar.records import views
from tianbao_web_litestar.records.addresses import address_of, carried, go_to, query_of, with_query
from tianbao_web_litestar.records.scopes import asked_for, scope_for
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

SEE = {"action": Action.SEE_CASES}


@get("/records", opt=SEE, include_in_schema=False, sync_to_thread=False)
def records() -> Redirect:
    """填報紀錄 begins with the cases."""
    return Redirect("/records/case", status_code=HTTP_303_SEE_OTHER)


@get("/records/{kind:str}", opt=SEE, include_in_schema=False, sync_to_thread=True)
def view(
    request: Visit, kind: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """A page of the rows that the address asks for."""
    try:
        return show_page(request, core, pages, query_of(request, kind))
    except Refusal as refusal:
        if refusal.code == "not-found":
            raise
        return pages.show(request, "records_refused.html", status_of(refusal), refusal=refusal, kind=kind)


@get("/records/{kind:str}/ask", opt=SEE, include_in_schema=False, sync_to_thread=True)
def ask(
    request: Visit, kind: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str] | Redirect:
    """What the form above the table asks for, as an address."""
    query = carried(request, kind)
    try:
        return go_to(asked_for(core, request.user, query, request.query_params))
    except Refusal as refusal:
        if refusal.code != "no-unit":
            raise
        scope = scope_for(core, request.user, query)
        scope = evolve(scope, unit=str(request.query_params.get("unit", "")), fault=refusal)
        return show_page(request, core, pages, query, HTTP_422_UNPROCESSABLE_ENTITY, scope=scope)


def show_page(
    request: Visit, core: App, pages: Pages, query: Query, status: int = HTTP_200_OK, **facts: object
) -> Response[str]:
    """The page of a query; ``facts`` take the place of what it usually shows."""
    found = page(core, request.user, query)
    first = query.at(None)
    usual: dict[str, object] = {
        "kinds": KINDS,
        "query": query,
        "carried": write_address(first),
        "found": found,
        "headings": views.headings(found),
        "rows": views.rows(found),
        "parts": views.parts(found),
        "cleared": address_of(views.cleared(query)),
        "columns": with_query(first, "/columns"),
        "previous": address_of(found.previous) if found.previous else "",
        "next": address_of(found.next) if found.next else "",
        "first": address_of(first) if query.position else "",
        "downloads": [
            (way.label, address_of(first, f"/download/{suffix[1:]}")) for suffix, way in exporters(core.plugins).items()
        ],
        "scope": scope_for(core, request.user, query),
        "saved": [each for each in saved_queries(core, request.user) if each.kind == query.kind],
        "name": "",
        "name_fault": None,
    }
    return pages.show(request, "records.html", status, **{**usual, **facts})
