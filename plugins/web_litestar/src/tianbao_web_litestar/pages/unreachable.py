"""聯絡不到的單位: whom no reminder reaches, for support, the organiser and each county to work through."""

from collections import Counter
from collections.abc import Sequence

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from tianbao.accounts.policy import Action, may
from tianbao.bootstrap import App
from tianbao.reminders.unreachable import Unreachable, Why, unreachable
from tianbao.units import COUNTIES
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

_MOST = 200


@get("/support/unreachable", opt={"action": Action.SEE_ACCOUNTS}, include_in_schema=False, sync_to_thread=True)
def view(
    request: Visit,
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    county: FromQuery[str] = "",
    why: FromQuery[str] = "",
) -> Response[str]:
    """The list, or a part of it."""
    everyone = unreachable(core, request.user)
    found = _part(everyone, county, why)
    about = {
        "counts": Counter(each.why for each in everyone),
        "counties": [name for name in COUNTIES if any(each.county == name for each in everyone)],
        "found": found[:_MOST],
        "more": max(len(found) - _MOST, 0),
        "reasons": Why,
        "county": county,
        "why": why,
        "all": len(everyone),
        "resets": may(request.user, Action.RESET_ACCOUNTS),
    }
    return pages.show(request, "unreachable.html", **about)


def _part(everyone: Sequence[Unreachable], county: str, why: str) -> Sequence[Unreachable]:
    return [each for each in everyone if county in {"", each.county} and why in {"", each.why.value}]
