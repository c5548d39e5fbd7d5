"""The filter and the order of one column, behind its heading."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.records import KINDS, Column, Query, columns_for, write_address
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.pages.records import SEE
from tianbao_web_litestar.records import filters
from tianbao_web_litestar.records.addresses import address_of, carried, go_to
from tianbao_web_litestar.records.filters import FilterForm
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit


@get("/records/{kind:str}/filter", opt=SEE, include_in_schema=False, sync_to_thread=True)
def form(
    request: Visit,
    kind: FromPath[str],
    column: FromQuery[str],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
) -> Response[str]:
    """The form of a column."""
    query = carried(request, kind)
    return _show(request, pages, query, filters.as_it_is(_column(core, query, column), query))


@get("/records/{kind:str}/filter/set", opt=SEE, include_in_schema=False, sync_to_thread=True)
def apply(
    request: Visit,
    kind: FromPath[str],
    column: FromQuery[str],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
) -> Response[str] | Redirect:
    """What the form says, as an address; or the form again, with what is wrong."""
    query = carried(request, kind)
    about = _column(core, query, column)
    try:
        return go_to(filters.applied(about, query, request.query_params))
    except Refusal as refusal:
        shown = filters.as_typed(about, request.query_params, refusal)
        return _show(request, pages, query, shown, HTTP_422_UNPROCESSABLE_ENTITY)


def _column(core: App, query: Query, name: str) -> Column:
    columns = columns_for(core, query)
    if name not in columns:
        raise not_found()
    return columns[name]


def _show(request: Visit, pages: Pages, query: Query, form: FilterForm, status: int = HTTP_200_OK) -> Response[str]:
    return pages.show(
        request,
        "records_filter.html",
        status,
        kind=query.kind,
        kind_name=KINDS[query.kind],
        carried=write_address(query),
        back=address_of(query),
        removed=address_of(query.unfiltered(form.column.name)) if query.filter_of(form.column.name) else "",
        form=form,
    )
