"""The rehearsal (稽催預演): for any day, who would get what, why, and when exactly; it sends nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.calendar import Calendar
from tianbao.mails import Mail, render
from tianbao.periods import Period
from tianbao.records.sight import Person
from tianbao.reminders import gathering
from tianbao.reminders.plan import Planned
from tianbao.reminders.settings import SECTION, RemindersSettings
from tianbao.reminders.steps import Due, Step

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork


@frozen
class Fall:
    """When a step falls, and whether it is done."""

    due: Due
    done_at: datetime | None = None


@frozen
class Scene:
    """A step of the day, and all it has for whom.

    Attributes:
        fall: the step.
        at: the moment it was played for: its own, or now where it was missed and will be made up for.
        messages: in order; those that can go to nobody, too.
    """

    fall: Fall
    at: datetime
    messages: Sequence[Planned]

    @property
    def reached(self) -> Sequence[Planned]:
        """What goes out."""
        return [each for each in self.messages if each.person]

    @property
    def unreached(self) -> Sequence[Planned]:
        """What has nobody to go to; support has the list of them."""
        return [each for each in self.messages if each.person is None]


@frozen
class Rehearsal:
    """A day, played through.

    Attributes:
        day: which.
        month: the steps of that month, wherever they fall.
        scenes: the steps that fall on the day; today also those that were missed and will be made up for.
        next: the first step after the day.
    """

    day: date
    month: Sequence[Fall]
    scenes: Sequence[Scene]
    next: Due | None


def rehearse(app: "App", person: Person, day: date) -> Rehearsal:
    """Play a day through, with what is known now: for a day to come, as if nobody filed until then.

    Raises:
        Refusal: the person may not (``not-allowed``).
        TianbaoError: the settings contradict one another.
    """
    if isinstance(person, Account):
        demand(person, Action.SET_CALENDAR)
    now, options = app.clock.now(), app.settings.section(SECTION, RemindersSettings)
    with app.store.read() as work:
        schedule = gathering.schedule(work, options, app.settings.calendar, day)
        month = Period.of(day)
        dues = [*schedule.in_month(month), *schedule.in_month(month.next)]
        missed = [due for due in schedule.open_at(now) if due.day < day] if day == now.date() else []
        done = work.reminders.done_at([*dues, *missed, *schedule.on(day)])

        def fall(due: Due) -> Fall:
            return Fall(due, done.get((due.step, due.period)))

        falls = [*filter(lambda each: not each.done_at, map(fall, missed)), *map(fall, schedule.on(day))]
        return Rehearsal(
            day,
            [fall(due) for due in dues[: len(Step)]],
            [_scene(work, app, each, now) for each in falls],
            min((due for due in dues if due.day > day), key=lambda due: due.opens_at, default=None),
        )


def _scene(work: "UnitOfWork", app: "App", fall: Fall, now: datetime) -> Scene:
    at = now if fall.done_at is None and fall.due.open_at(now) else fall.due.opens_at
    owing = gathering.owing_at(work, Calendar(at, app.settings.calendar), fall.due, work.units.all())
    messages = [*gathering.unit_messages(work, fall.due, owing), *gathering.list_messages(work, fall.due, owing)]
    return Scene(fall, at, messages)


def text_of(app: "App", message: Planned) -> Mail:
    """What a message would say, in the organiser's words where the text was edited."""
    with app.store.read() as work:
        sources = work.texts.sources()
    return render(message.template, message.data, app.settings, sources)
