"""首頁: what must I do, by when."""

from litestar import Response, get
from litestar.di import NamedDependency

from tianbao.accounts.policy import Action, may
from tianbao.bootstrap import App
from tianbao_web_litestar.agendas import month_of, steps_of, tasks_of
from tianbao_web_litestar.desks import desk_of
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit


@get("/", include_in_schema=False, sync_to_thread=True)
def home(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """The answer for a unit officer; for everybody else, the month that is being filed and what waits for them."""
    if may(request.user, Action.FILE):
        return pages.show(request, "home_officer.html", desk=desk_of(core, request.user))
    about = {
        "month": month_of(core, request.user),
        "tasks": tasks_of(core, request.user),
        "steps": steps_of(core, request.user),
        "letters": may(request.user, Action.MAKE_LETTERS),
        "national": request.user.role.national,
    }
    return pages.show(request, "home.html", **about)
