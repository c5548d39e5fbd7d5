"""What happens meanwhile overtakes the reminders that wait: nobody is chased for a month they filed or need not file.

A filing, an exemption, an extension, the unit's closing: each has the waiting reminders of its unit say what is true
now, however long they wait, and so does sending one again.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tianbao.calendar import Calendar, Facts, Obligation, State
from tianbao.outbox import Queued
from tianbao.periods import Period
from tianbao.reminders.owing import owed
from tianbao.reminders.plan import month_data
from tianbao.reminders.steps import Step
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.storage import UnitOfWork

WORDS = "已完成填報，或不必再填報，不必再寄"
CLOSED = "單位已停辦，所提的月份不必再填報，不必再寄"
REPLACED = "已有較新的通知，不必再寄"
_STEPS = tuple(f"reminder/{step}/" for step in Step)
_ABOUT_ONE_MONTH = {"remind", "remind-now"}
_ABOUT_LATE_MONTHS = {"chase"}
REMINDERS = frozenset(_ABOUT_ONE_MONTH | _ABOUT_LATE_MONTHS)
"""The texts that ask a unit for months."""


def overtake(work: "UnitOfWork", calendar: Calendar, units: Iterable[Unit], words: str = WORDS) -> None:
    """Let the reminders to units that wait in the outbox say what is owed now; who owes nothing of it hears nothing.

    A message that a worker has in hand at this moment goes its way; one whose worker is no more does not.

    Args:
        work: a transaction.
        calendar: at the moment.
        units: of the register, as they are now.
        words: why a reminder that has nothing left to say is withdrawn.
    """
    units = list(units)
    waiting = work.reminders.waiting(units)
    concerned = [unit for unit in units if unit.id in waiting]
    for facts in work.calendar.facts_of(concerned) if concerned else ():
        for queued in waiting[facts.unit.id]:
            left = still_true(calendar, facts, queued)
            if left is None:
                work.reminders.withdraw(queued.id, words)
            elif left != queued.data:
                work.reminders.reword(queued.id, left)


def replace(work: "UnitOfWork", units: Iterable[Unit], key: str) -> None:
    """Withdraw what earlier steps have for units and still waits: the step of the key says all of it as of now.

    What somebody sent by hand stays.
    """
    for messages in work.reminders.waiting(units).values():
        for queued in messages:
            if queued.key.startswith(_STEPS) and not queued.key.startswith(f"{key}/"):
                work.reminders.withdraw(queued.id, REPLACED)


def still_true(calendar: Calendar, facts: Facts, queued: Queued) -> Mapping[str, Any] | None:
    """What a reminder's text is given, of the months it was about and that are owed now; ``None`` where that is none.

    A chase is about late months alone; a reminder is of no use without the month it reminds of.
    """
    months = [month_data(each) for each in _owed(calendar, facts, queued)]
    named = {each["period"] for each in months}
    if not months or (queued.template in _ABOUT_ONE_MONTH and queued.data["period"] not in named):
        return None
    data = {**queued.data, "months": months}
    return {**data, "earlier": months[:-1], "due": months[-1]["due"]} if "earlier" in data else data


def _owed(calendar: Calendar, facts: Facts, queued: Queued) -> Sequence[Obligation]:
    named = [Period.parse(each["period"]) for each in queued.data["months"]]
    months = owed(calendar, facts.settled(calendar.now), named)
    return [each for each in months if queued.template not in _ABOUT_LATE_MONTHS or each.state is State.OVERDUE]
