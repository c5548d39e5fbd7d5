"""填報歷程: every month and every version of a unit."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, may
from tianbao.bootstrap import App
from tianbao.filings.history import history
from tianbao.units import Unit
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit


@get("/filings", opt={"action": Action.SEE_FILINGS}, include_in_schema=False, sync_to_thread=True)
def months(
    request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages], unit: FromQuery[int | None] = None
) -> Response[str]:
    """A unit's months, the latest first: the own unit's, or one that is named."""
    seen = unit_for(core, request.user, unit if unit is not None else request.user.unit_id)
    names = {key: template.name for key, template in core.plugins.templates.items()}
    about = {
        "unit_seen": seen,
        "months": history(core, request.user, seen),
        "names": names,
        "sees_cases": may(request.user, Action.SEE_CASES, seen),
    }
    return pages.show(request, "history.html", **about)


def unit_for(core: App, account: Account, unit_id: int | None) -> Unit:
    """A unit whose filings this person may see; one they may not is not there.

    Raises:
        Refusal: it is not there for them.
    """
    with core.store.read() as work:
        unit = work.units.get(unit_id) if unit_id is not None else None
    if unit is None or not may(account, Action.SEE_FILINGS, unit):
        raise not_found()
    return unit
