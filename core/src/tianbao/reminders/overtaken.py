"""A filing overtakes the reminders that wait: nobody is chased for a month they filed, however long that takes."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tianbao.outbox import Queued
from tianbao.periods import Period
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.storage import UnitOfWork

WORDS = "已完成填報，不必再寄"
_ABOUT_ONE_MONTH = {"remind", "remind-now"}
_LISTS = ("months", "earlier")


def overtake(work: "UnitOfWork", unit: Unit, period: Period, at: datetime) -> None:
    """Take a month out of the reminders to a unit that wait in the outbox; who has nothing left to hear hears nothing.

    A message that a worker has in hand at this moment goes its way.
    """
    for queued in work.reminders.waiting(unit, at):
        left = _without(queued, str(period))
        if left is None:
            work.reminders.withdraw(queued.id, WORDS)
        elif left != queued.data:
            work.reminders.reword(queued.id, left)


def _without(queued: Queued, period: str) -> Mapping[str, Any] | None:
    """What a reminder's text is given, without a month; ``None`` where that is all it was about."""
    data = queued.data
    about_it = queued.template in _ABOUT_ONE_MONTH and data["period"] == period
    lists = {name: [each for each in data[name] if each["period"] != period] for name in _LISTS if name in data}
    return {**data, **lists} if lists.get("months") and not about_it else None
