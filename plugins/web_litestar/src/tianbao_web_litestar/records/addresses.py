"""Addresses of the records' pages; all that is asked for stands in them."""

from urllib.parse import urlencode

from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from tianbao.records import KINDS, Query, read_address, write_address
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.visits import Visit

QUERY = "query"
"""The field in which a form carries the query it is about."""


def query_of(request: Visit, kind: str) -> Query:
    """The query in the address of a page.

    Raises:
        Refusal: there is no such kind of rows, or the address makes no sense.
    """
    if kind not in KINDS:
        raise not_found()
    return read_address(kind, request.url.query)


def carried(request: Visit, kind: str) -> Query:
    """The query that a form in an address carries beside its own fields; from its first page.

    Raises:
        Refusal: as `query_of`.
    """
    if kind not in KINDS:
        raise not_found()
    return read_address(kind, str(request.query_params.get(QUERY, ""))).at(None)


def address_of(query: Query, part: str = "") -> str:
    """The address of a query's page, or of a part of it."""
    text = write_address(query)
    return f"/records/{query.kind}{part}{f'?{text}' if text else ''}"


def with_query(query: Query, part: str, **more: str) -> str:
    """The address of something that carries a query beside fields of its own."""
    return f"/records/{query.kind}{part}?{urlencode({QUERY: write_address(query), **more})}"


def go_to(query: Query) -> Redirect:
    """To the one address of a query."""
    return Redirect(address_of(query), status_code=HTTP_303_SEE_OTHER)
