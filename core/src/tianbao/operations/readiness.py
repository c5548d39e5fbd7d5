"""Whether this process can serve people now: asked every few seconds, so it is quick, and says no more than it must."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tianbao.filings import template_of
from tianbao.operations.signs import Sign, ill, well

if TYPE_CHECKING:
    from tianbao.bootstrap import App


def readiness(app: "App") -> Sequence[Sign]:
    """The signs that decide whether visitors should be sent to this process."""
    return [_database(app), _templates(app)]


def _database(app: "App") -> Sign:
    try:
        app.store.demand_current()
    except Exception as error:  # noqa: BLE001 -- whatever keeps it from answering
        return ill("database", f"does not answer as it should ({type(error).__name__})", "Run `tianbao doctor`.")
    return well("database", "answers, and has this version's schema")


def _templates(app: "App") -> Sign:
    period = app.settings.calendar.current_period(app.clock.now())
    try:
        template = template_of(app.plugins.templates, period)
    except Exception as error:  # noqa: BLE001 -- none serves the month, or two plugins claim one
        return ill("templates", f"none to file {period} with ({type(error).__name__})", "Run `tianbao plugins`.")
    return well("templates", f"{template.key} serves {period}")
