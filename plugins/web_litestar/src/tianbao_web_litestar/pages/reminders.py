"""稽催預演: for any day, which steps fall, who would get what and why; and the text each would read."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from attrs import frozen
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.periods import parse_day
from tianbao.reminders.plan import Audience, Planned
from tianbao.reminders.rehearsal import Scene, rehearse, text_of
from tianbao.units import COUNTIES, Level
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

_SEE = {"action": Action.SET_CALENDAR}
_MOST = 100
"""Messages of a step that are listed; the search finds the others."""


@frozen
class Shown:
    """A step as the page shows it.

    Attributes:
        scene: all of it.
        total: so many get something, by kind of recipient.
        counties: units that get something, by county and level.
        messages: those that are listed.
        more: so many are not.
    """

    scene: Scene
    total: Sequence[tuple[str, int]]
    counties: Sequence[tuple[str, Sequence[int]]]
    messages: Sequence[Planned]
    more: int


@get("/reminders", opt=_SEE, include_in_schema=False, sync_to_thread=True)
def desk(
    request: Visit,
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    day: FromQuery[str] = "",
    q: FromQuery[str] = "",
) -> Response[str]:
    """A day, played through."""
    today = core.clock.now().date()
    wanted, wrong = _day(day, today)
    played = rehearse(core, request.user, wanted)
    about = {
        "played": played,
        "today": today,
        "day_typed": day or wanted.isoformat(),
        "wrong": wrong,
        "q": q.strip(),
        "levels": list(Level),
        "scenes": [_shown(scene, q.strip()) for scene in played.scenes],
    }
    return pages.show(request, "reminders.html", 422 if wrong else 200, **about)


@get("/reminders/message", opt=_SEE, include_in_schema=False, sync_to_thread=True)
def message(
    request: Visit,
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    day: FromQuery[str] = "",
    key: FromQuery[str] = "",
) -> Response[Any]:
    """The text of a message that would be sent; one that is no more leads back to the day."""
    wanted, _ = _day(day, core.clock.now().date())
    scenes = rehearse(core, request.user, wanted).scenes
    found = next((each for scene in scenes for each in scene.messages if each.key == key), None)
    if found is None:
        return Redirect(f"/reminders?day={wanted}", status_code=HTTP_303_SEE_OTHER)
    return pages.show(request, "reminders_message.html", each=found, mail=text_of(core, found), day=wanted)


def _day(text: str, today: date) -> tuple[date, bool]:
    """The day that is asked for, else today; and whether what was typed is none."""
    try:
        return (parse_day(text) if text else today), False
    except ValueError:
        return today, True


def _shown(scene: Scene, q: str) -> Shown:
    found = [each for each in scene.messages if _matches(each, q)]
    return Shown(
        scene,
        list(Counter(each.audience.label for each in scene.reached).items()),
        _counted(scene.reached),
        found[:_MOST],
        max(len(found) - _MOST, 0),
    )


def _matches(each: Planned, q: str) -> bool:
    plain = q.replace("台", "臺")
    return not q or plain in each.place.replace("台", "臺") or bool(each.unit and each.unit.code.startswith(q))


def _counted(messages: Sequence[Planned]) -> Sequence[tuple[str, Sequence[int]]]:
    units = [each.unit for each in messages if each.audience is Audience.UNIT and each.unit]
    counts = Counter((unit.county, unit.level) for unit in units)
    named = {unit.county for unit in units}
    order = [*(county for county in COUNTIES if county in named), *sorted(named - set(COUNTIES))]
    return [(county, [counts[county, level] for level in Level]) for county in order]
