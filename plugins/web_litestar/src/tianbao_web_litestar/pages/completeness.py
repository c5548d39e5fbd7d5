"""填報情形: the country by county and level, and the grid of units and months."""

from collections.abc import Mapping, Sequence
from math import ceil

from litestar import Response, get
from litestar.di import NamedDependency

from tianbao.accounts.policy import Action, Reach, may, reach
from tianbao.bootstrap import App
from tianbao.completeness import Row, View, grid, latest_over, overview
from tianbao.periods import Period
from tianbao.records import exporters
from tianbao.reminders.unreachable import Why, trouble_with
from tianbao.units import COUNTIES, Level
from tianbao_web_litestar.completeness.asking import MEANINGS, STATES, Asked, asked, months_until, period_of
from tianbao_web_litestar.completeness.charting import county_map
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

SEE = {"action": Action.SEE_COMPLETENESS}
ROWS = 100
"""Units on a page."""


@get("/completeness", opt=SEE, include_in_schema=False, sync_to_thread=True)
def whole(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """The country by county and level; a county's own grid for whoever sees no other."""
    if reach(request.user.role, Action.SEE_COMPLETENESS) is not Reach.ALL or request.query_params.get("county"):
        return _grid_page(request, core, pages)
    given = request.query_params.get("month", "")
    month = period_of(given) if given else latest_over(Period.of(core.clock.now().date()))
    found = overview(core, request.user, month)
    calendar = core.settings.calendar
    about = {
        "found": found,
        "map": county_map(found),
        "levels": Level,
        "months": months_until(core, calendar.current_period(core.clock.now())),
        "due": calendar.window(month).due_on,
        "ways": exporters(core.plugins).values(),
    }
    return pages.show(request, "completeness.html", **about)


@get("/completeness/units", opt=SEE, include_in_schema=False, sync_to_thread=True)
def units(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """The grid, of one county or of all."""
    return _grid_page(request, core, pages)


def _grid_page(request: Visit, core: App, pages: Pages) -> Response[str]:
    wanted = asked(request, core)
    view = grid(core, request.user, wanted.wish)
    last = max(ceil(len(view.rows) / ROWS), 1)
    page = min(wanted.page, last)
    rows = view.rows[(page - 1) * ROWS : page * ROWS]
    about = {
        "asked": wanted,
        "view": view,
        "rows": rows,
        "page": page,
        "last": last,
        "speaking": _speaking(wanted, view),
        "remindable": [(period, period.spoken) for period in _unfinished(view, rows)],
        "reminds": may(request.user, Action.REMIND),
        "troubles": _troubles(request, core, rows),
        "all_ticked": request.query_params.get("all") == "1",
        "ways": exporters(core.plugins).values(),
        **_choices(request, core, view),
    }
    return pages.show(request, "completeness_units.html", **about)


def _choices(request: Visit, core: App, view: View) -> dict[str, object]:
    """What the form offers to choose from."""
    rules = core.settings.calendar
    years = range(
        rules.current_period(core.clock.now()).school_year, Period.parse(rules.first_month).school_year - 1, -1
    )
    everywhere = reach(request.user.role, Action.SEE_COMPLETENESS) is Reach.ALL
    return {
        "year_options": [(year, f"{year}學年度") for year in years],
        "counties": [(county, county) for county in COUNTIES] if everywhere else (),
        "level_options": [(level.value, level.label) for level in Level],
        "district_options": [(district, district) for district in view.districts],
        "month_options": [(period, period.spoken) for period in view.periods],
        "state_words": STATES,
        "meanings": MEANINGS,
    }


def _troubles(request: Visit, core: App, rows: Sequence[Row]) -> Mapping[int | None, Why]:
    """Which of the units no mail reaches, for those who may see accounts."""
    if not may(request.user, Action.SEE_ACCOUNTS):
        return {}
    with core.store.read() as work:
        return trouble_with(work, [row.unit for row in rows])


def _unfinished(view: View, rows: Sequence[Row]) -> Sequence[Period]:
    """The months that some of the rows have yet to file, the latest first."""
    return sorted({period for row in rows for period in view.scope.unfinished(row)}, reverse=True)


def _speaking(wanted: Asked, view: View) -> Period:
    """The month a page speaks of: the one asked about, else the latest that is over, or the last of an earlier year."""
    month = wanted.wish.month or wanted.month
    return month if month in view.periods else view.periods[-1]
