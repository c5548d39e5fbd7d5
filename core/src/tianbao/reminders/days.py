"""Days off and working days as the organiser keeps them: single days, and a year's official calendar."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from tianbao.accounts import Account
from tianbao.accounts.forms import demand_words, look_over, typed_words
from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act
from tianbao.calendar.published import Published
from tianbao.calendar.workdays import Day, Source, Workdays
from tianbao.clock import spoken_date
from tianbao.errors import Refusal
from tianbao.records.sight import Person, named

if TYPE_CHECKING:
    from tianbao.bootstrap import App

_FARTHEST = timedelta(days=3 * 366)


@frozen
class Year:
    """A year of the official calendar, as far as it is worth a look.

    Attributes:
        year: of the common era.
        days: those that are other than their day of the week, and those that were entered; in order.
        set_days: those the organiser set; they go before the others.
    """

    year: int
    days: Sequence[Day]
    set_days: Sequence[Day]


def year_of(app: "App", person: Person, year: int) -> Year:
    """A year's days off on weekdays, make-up Saturdays, and what was entered.

    Raises:
        Refusal: the person may not (``not-allowed``).
    """
    _demand(person)
    first, last = date(year, 1, 1), date(year, 12, 31)
    with app.store.read() as work:
        entered = work.days.between(first, last)
    workdays, named = Workdays(entered), {each.day for each in entered}
    every = [workdays.of(first + timedelta(n)) for n in range((last - first).days + 1)]
    weekend = 5
    worth = [each for each in every if each.day in named or each.working == (each.day.weekday() >= weekend)]
    return Year(year, worth, [each for each in entered if each.source is Source.ORGANISER])


def set_day(app: "App", person: Person, day: date, note: str, *, working: bool) -> Day:
    """Say of a day that it is a working day, or that it is none; it goes before all else that is known of it.

    Args:
        app: the application.
        person: who says so.
        day: which.
        note: why, such as 山陀兒颱風停班停課.
        working: whether it is one.

    Raises:
        Refusal: the person may not (``not-allowed``), or the day is as good as never (``too-far``).
        FormRefusal: there is no reason, or too long a one.
    """
    _demand(person)
    note, now = typed_words(note), app.clock.now()
    look_over(note=lambda: demand_words(note, "原因"))
    if abs(day - now.date()) > _FARTHEST:
        raise Refusal("too-far", f"{spoken_date(day)}離今天超過三年。", "請確認年份是否正確。")
    entered = Day(day, working, note, Source.ORGANISER, now, person.id, person.name)
    with app.store.work() as work:
        work.days.set([entered])
        work.audit.append(now, person.id, Act.DAY_SET, f"day/{day}", {"working": working, **named(person)})
    return entered


def unset_day(app: "App", person: Person, day: date) -> None:
    """Take back what was said of a day.

    Raises:
        Refusal: the person may not (``not-allowed``), or nothing was said of it (``not-set``).
    """
    _demand(person)
    with app.store.work() as work:
        if not work.days.remove(day, Source.ORGANISER):
            raise Refusal("not-set", f"{spoken_date(day)}沒有設定，或已經取消。", "請重新整理頁面。")
        work.audit.append(app.clock.now(), person.id, Act.DAY_UNSET, f"day/{day}", named(person))


def import_published(app: "App", person: Person, published: Published) -> Sequence[Day]:
    """Take a year's official calendar, in place of what was taken for that year; gives the days it changes.

    Only what differs from the calculated calendar is kept; days the organiser set stay as they are, and go first.

    Raises:
        Refusal: the person may not (``not-allowed``).
    """
    _demand(person)
    now = app.clock.now()
    days = [evolve(day, set_at=now, set_by=person.id, set_by_name=person.name) for day in published.other]
    with app.store.work() as work:
        before = work.days.between(date(published.year, 1, 1), date(published.year, 12, 31))
        for day in before:
            if day.source is Source.PUBLISHED:
                work.days.remove(day.day, day.source)
        work.days.set(days)
        told = {"other": len(days), **named(person)}
        work.audit.append(now, person.id, Act.DAYS_IMPORTED, f"days/{published.year}", told)
    return days


def _demand(person: Person) -> None:
    if isinstance(person, Account):
        demand(person, Action.SET_CALENDAR)
