"""A unit, seen from the grid: its months, who files for it, what was granted, what went out to it."""

from collections.abc import Sequence

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from tianbao.accounts.policy import Action, may
from tianbao.bootstrap import App
from tianbao.completeness import latest_over
from tianbao.filings.history import history
from tianbao.letters.letter import spoken_months
from tianbao.mails.kinds import Group
from tianbao.periods import Period
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
    owed = [month.period for month in reversed(months) if month.obligation and month.obligation.state.unfinished]
    about = {
        "seen": seen,
        "months": months[:_YEAR],
        "older": months[_YEAR:],
        "owed": owed,
        "owed_said": spoken_months(owed),
        "reminded": _reminded(core, owed),
        "place": place_of(core, unit_id=seen.id, letters=tuple(Group))
        if may(request.user, Action.SEE_ACCOUNTS, seen)
        else None,
        "reminds": may(request.user, Action.REMIND, seen),
        "opens": may(request.user, Action.OPEN_MONTHS, seen),
    }
    return pages.show(request, "completeness_unit.html", **about)


def _reminded(core: App, owed: Sequence[Period]) -> Period | None:
    """The month a reminder is about: the latest that is over, else the latest there is."""
    over = [period for period in owed if period <= latest_over(Period.of(core.clock.now().date()))]
    return max(over or owed, default=None)
