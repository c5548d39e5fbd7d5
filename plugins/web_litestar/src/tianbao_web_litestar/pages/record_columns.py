"""項目篩選: which columns are shown, in which order; kept for the person."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from tianbao.bootstrap import App
from tianbao.records import KINDS, Query, choose_columns, chosen_columns, columns_for, read_address, write_address
from tianbao.records.look import usual
from tianbao.records.sight import sight_of
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.pages.records import SEE
from tianbao_web_litestar.records.addresses import QUERY, address_of, carried, go_to
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

Fields = Mapping[str, Any]


@get("/records/{kind:str}/columns", opt=SEE, include_in_schema=False, sync_to_thread=True)
def form(
    request: Visit, kind: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """The columns there are, those that are shown first and in their order."""
    query = carried(request, kind)
    columns = columns_for(core, query)
    kept = query.columns or chosen_columns(core, request.user, kind)
    ticked = [name for name in kept if name in columns] or list(usual(columns, sight_of(request.user)))
    return _show(request, core, pages, query, [*ticked, *(name for name in columns if name not in ticked)], ticked)


@post("/records/{kind:str}/columns", opt=SEE, include_in_schema=False, status_code=HTTP_200_OK, sync_to_thread=True)
def choose(
    request: Visit,
    kind: FromPath[str],
    data: URLEncodedBody[dict[str, Any]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
) -> Response[str] | Redirect:
    """Move a column; or show those that are ticked, and keep that for the person."""
    if kind not in KINDS:
        raise not_found()
    query = read_address(kind, str(data.get(QUERY, ""))).at(None)
    if "usual" in data:
        choose_columns(core, request.user, query.showing())
        return go_to(query.showing())
    known = columns_for(core, query)
    ticked = [name for name in _list(data, "column") if name in known]
    if "up" in data or "down" in data:
        order = [name for name in _list(data, "order") if name in known]
        moved = _moved(order, str(data.get("up") or data["down"]), -1 if "up" in data else 1)
        return _show(request, core, pages, query, moved, ticked)
    if not ticked:
        status = HTTP_422_UNPROCESSABLE_ENTITY
        return _show(request, core, pages, query, _list(data, "order"), ticked, status=status, fault=True)
    chosen = query.showing(*ticked)
    choose_columns(core, request.user, chosen)
    return go_to(chosen)


def _moved(order: Sequence[str], name: str, by: int) -> Sequence[str]:
    """The order with one name a place further up or down."""
    if name not in order:
        return order
    place = max(0, min(len(order) - 1, order.index(name) + by))
    others = [each for each in order if each != name]
    return [*others[:place], name, *others[place:]]


def _list(data: Fields, name: str) -> list[str]:
    value = data.get(name, [])
    return [str(each) for each in (value if isinstance(value, list) else [value])]


def _show(  # noqa: PLR0917 -- what is unusual comes last
    request: Visit,
    core: App,
    pages: Pages,
    query: Query,
    order: Sequence[str],
    ticked: Sequence[str],
    *,
    status: int = HTTP_200_OK,
    fault: bool = False,
) -> Response[str]:
    columns = columns_for(core, query)
    return pages.show(
        request,
        "records_columns.html",
        status,
        kind=query.kind,
        kind_name=KINDS[query.kind],
        carried=write_address(query),
        back=address_of(query),
        columns=[columns[name] for name in order if name in columns],
        ticked=frozenset(ticked),
        fault=fault,
    )
