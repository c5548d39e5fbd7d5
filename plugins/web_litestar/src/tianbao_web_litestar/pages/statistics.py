"""資料查詢 → 統計查詢: 學校個案成果 and 學校服務成果, in the manual's five steps; the address holds what is asked."""

from attrs import evolve
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from tianbao.accounts.policy import Action, may
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.records import exporters
from tianbao.statistics import Result, choices
from tianbao_web_litestar.errors import not_found, status_of
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.statistics import views
from tianbao_web_litestar.statistics.pictures import pictures
from tianbao_web_litestar.statistics.steps import first_wish, steps
from tianbao_web_litestar.statistics.wishes import KINDS, STEP, Wish, asked_for, found, read_wish, year_before
from tianbao_web_litestar.visits import Visit

SEE = {"action": Action.SEE_STATISTICS}


@get("/statistics", opt=SEE, include_in_schema=False, sync_to_thread=False)
def statistics() -> Redirect:
    """統計查詢 begins with the cases."""
    return Redirect("/statistics/case", status_code=HTTP_303_SEE_OTHER)


@get("/statistics/{kind:str}", opt=SEE, include_in_schema=False, sync_to_thread=True)
def view(
    request: Visit, kind: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """The five steps, with the result that the address asks for; without a result where it asks for none."""
    first = _first(core, kind)
    if not request.url.query:
        return _show(request, core, pages, first)
    try:
        wish = read_wish(kind, request.url.query)
        choices(core, request.user, wish.query)
    except Refusal as refusal:
        return _show(request, core, pages, evolve(first, fault=refusal))
    try:
        return _show(request, core, pages, wish, found(core, request.user, wish))
    except Refusal as refusal:
        return _show(request, core, pages, evolve(wish, fault=refusal))


@get("/statistics/{kind:str}/ask", opt=SEE, include_in_schema=False, sync_to_thread=True)
def ask(
    request: Visit, kind: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str] | Redirect:
    """What the form asks for, as an address; or the form again, for the table that was chosen or for what is wrong."""
    first = _first(core, kind)
    try:
        wish = asked_for(core, request.user, kind, request.query_params)
    except Refusal as refusal:
        return _show(request, core, pages, evolve(first, fault=refusal))
    if STEP in request.query_params:
        return _show(request, core, pages, evolve(wish, fault=None))
    if wish.fault:
        return _show(request, core, pages, wish)
    return Redirect(wish.address(), status_code=HTTP_303_SEE_OTHER)


def _first(core: App, kind: str) -> Wish:
    if kind not in KINDS:
        raise not_found()
    return first_wish(core, kind)


def _show(request: Visit, core: App, pages: Pages, wish: Wish, result: Result | None = None) -> Response[str]:
    kind = wish.query.kind
    return pages.show(
        request,
        "statistics.html",
        status_of(wish.fault) if wish.fault else HTTP_200_OK,
        kinds=KINDS,
        kind=kind,
        wish=wish,
        steps=steps(core, request.user, wish, choices(core, request.user, wish.query)),
        result=result,
        stepping=STEP in request.query_params,
        answer=result and _answer(request, core, wish, result),
        first=f"/statistics/{kind}",
    )


def _answer(request: Visit, core: App, wish: Wish, result: Result) -> dict[str, object]:
    """What the page shows of a result."""
    past = year_before(core, request.user, result, public=wish.public)
    return {
        "table": views.shown(result, opens=may(request.user, Action.SEE_CASES) and not wish.public),
        "words": views.spoken_words(result),
        "charts": [(chart, wish.address(f"/chart/{name}.svg")) for name, chart in pictures(result, past).items()],
        "compared": past is not None,
        "downloads": [
            (way.label, wish.address(f"/download/{suffix[1:]}")) for suffix, way in exporters(core.plugins).items()
        ],
    }
