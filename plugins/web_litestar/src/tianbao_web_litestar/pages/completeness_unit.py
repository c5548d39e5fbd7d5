"""A unit, seen from the grid: its months, who files for it, what was granted, what went out to it."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from tianbao.accounts.policy import Action, may
from tianbao.bootstrap import App
from tianbao.filings.history import history
from tianbao.mails.kinds import Group
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.pages.completeness import SEE
from tianbao_web_litestar.pages.history import unit_for
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.standings import place_of
from tianbao_web_litestar.visits import Visit

_YEAR = 12


@get("/completeness/units/{unit_id:int}", opt=SEE, include_in_schema=False, sync_to_thread=True)
def unit(
    request: Visit, unit_id: FromPath[int], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """What is known of it, as far as this person may know it."""
    seen = unit_for(core, request.user, unit_id)
    if not may(request.user, Action.SEE_COMPLETENESS, seen):
        raise not_found()
    months = history(core, request.user, seen)
    about = {
        "seen": seen,
        "months": months[:_YEAR],
        "older": months[_YEAR:],
        "owed": [month for month in months if month.obligation and month.obligation.state.unfinished],
        "place": place_of(core, unit_id=seen.id, letters=tuple(Group))
        if may(request.user, Action.SEE_ACCOUNTS, seen)
        else None,
        "reminds": may(request.user, Action.REMIND, seen),
        "opens": may(request.user, Action.OPEN_MONTHS, seen),
    }
    return pages.show(request, "completeness_unit.html", **about)
