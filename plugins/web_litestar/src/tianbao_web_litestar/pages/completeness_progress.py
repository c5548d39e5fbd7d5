"""填報進度: how the month comes along day by day, and where; the page asks again by itself, every minute."""

from litestar import Response, get
from litestar.di import NamedDependency

from tianbao.accounts.policy import Action, Reach, reach
from tianbao.bootstrap import App
from tianbao.completeness import latest_over, overview, progress
from tianbao.periods import Period
from tianbao_web_litestar.completeness.asking import county_of, months_until, period_of
from tianbao_web_litestar.completeness.charting import county_map, course_chart
from tianbao_web_litestar.pages.completeness import SEE
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit


@get("/completeness/progress", opt=SEE, include_in_schema=False, sync_to_thread=True)
def course(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """The line of the days, and the map of the counties with its table."""
    given = request.query_params
    today = latest_over(Period.of(core.clock.now().date()))
    month = period_of(given["month"]) if given.get("month") else today
    county = county_of(request.user, given.get("county", ""))
    found = progress(core, request.user, month, county)
    everywhere = reach(request.user.role, Action.SEE_COMPLETENESS) is Reach.ALL
    counties = overview(core, request.user, month) if everywhere else None
    about = {
        "found": found,
        "county": county,
        "line": course_chart(found),
        "counties": counties,
        "map": county_map(counties) if counties else None,
        "due": core.settings.calendar.window(month).due_on,
        "months": months_until(core, core.settings.calendar.current_period(core.clock.now())),
    }
    return pages.show(request, "completeness_progress.html", **about)
