"""Who owes what: units with the months they have not filed, by the calendar's own rules and nothing else."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.calendar import Calendar, Facts, Obligation, State
from tianbao.clock import TAIPEI, spoken_moment
from tianbao.periods import Period, PeriodRange
from tianbao.units import Unit

if TYPE_CHECKING:
    from tianbao.storage import UnitOfWork


@frozen
class Last:
    """When a unit was last reminded.

    Attributes:
        sent_at: when the mail server took the last reminder; ``None`` where it never took one.
        waits_since: since when a newer one has been in the outbox; ``None`` where none waits.
    """

    sent_at: datetime | None = None
    waits_since: datetime | None = None

    def spoken(self, moment: Callable[[datetime], str] = spoken_moment, never: str = "無") -> str:
        """As a list says it: 114年3月11日（星期二）08:00, 等待寄送."""
        sent = moment(self.sent_at) if self.sent_at else ""
        waits = ("另一封等待寄送" if sent else "等待寄送") if self.waits_since else ""
        return "，".join(filter(None, (sent, waits))) or never

    def on(self, day: date) -> bool:
        """Whether it was reminded on a day, or a message was made for it that waits."""
        return any(at.astimezone(TAIPEI).date() == day for at in (self.sent_at, self.waits_since) if at)


@frozen
class Owing:
    """A unit and what it owes.

    Attributes:
        unit: who.
        periods: the months, the oldest first; at least one.
        reminded: when it was last sent a reminder that was not lost.
        months: how each of `periods` stands: until when, how late.
    """

    unit: Unit
    periods: Sequence[Period]
    reminded: Last = Last()
    months: Sequence[Obligation] = ()


def unfinished(
    work: "UnitOfWork", calendar: Calendar, units: Iterable[Unit], until: Period | None = None
) -> Sequence[Owing]:
    """The units with overdue months, in the order given; who is exempt, put off or closed is not among them.

    Args:
        work: a transaction.
        calendar: at the moment of interest; a past one answers as it was then.
        units: of the register.
        until: leaves out the months after it.
    """
    until = min(until or calendar.current, calendar.current.previous)

    def late(months: Sequence[Obligation]) -> Sequence[Obligation]:
        return [each for each in months if each.state is State.OVERDUE]

    return _owing(work, calendar, units, until, late)


def unfiled(work: "UnitOfWork", calendar: Calendar, units: Iterable[Unit], period: Period) -> Sequence[Owing]:
    """The units that have yet to file a month, with all they owe until then; arguments as of `unfinished`."""

    def with_it(months: Sequence[Obligation]) -> Sequence[Obligation]:
        return months if months and months[-1].period == period else ()

    return _owing(work, calendar, units, period, with_it)


def owed(calendar: Calendar, facts: Facts, periods: Iterable[Period]) -> Sequence[Obligation]:
    """Those of some months that a unit has to file and has not: overdue, or open now."""
    return [each for each in calendar.obligations(facts, periods) if each.state.unfinished]


def _owing(
    work: "UnitOfWork",
    calendar: Calendar,
    units: Iterable[Unit],
    until: Period,
    wanted: Callable[[Sequence[Obligation]], Sequence[Obligation]],
) -> Sequence[Owing]:
    missing = _missing(work, calendar, units, until)
    facts = work.calendar.granted_of(unit for unit, _ in missing)
    standing = [(of.unit, wanted(owed(calendar, of, months))) for of, (_, months) in zip(facts, missing, strict=True)]
    found = [(unit, months) for unit, months in standing if months]
    last = work.reminders.last([unit for unit, _ in found], calendar.today)
    return [Owing(unit, [each.period for each in months], last[unit.id], months) for unit, months in found]


def _missing(
    work: "UnitOfWork", calendar: Calendar, units: Iterable[Unit], until: Period
) -> Sequence[tuple[Unit, Sequence[Period]]]:
    """The units that have not simply filed all there is until a month, and the months they left out.

    It takes as long as there are such months, and hardly longer with ten years of others: of most of 4,000 units
    nothing but a count is asked, and of the rest only between which months there are gaps.
    """
    units, until = list(units), min(until, calendar.current)
    spans, since = work.calendar.filed_spans(units, until), work.calendar.filed_after(calendar.now, until)
    behind = [unit for unit in units if unit.id in since or not calendar.all_filed(unit, spans.get(unit.id), until)]
    runs = work.calendar.filed_runs(behind, until) if behind else {}
    return [
        (unit, sorted({*_gaps(calendar.first, runs.get(unit.id, ()), until), *since.get(unit.id, ())}))
        for unit in behind
    ]


def _gaps(first: Period, runs: Iterable[PeriodRange], last: Period) -> Iterator[Period]:
    """The months from one to another that are in none of the runs, which are in order."""
    for run in [*runs, PeriodRange(last.next, None)]:
        while run.first and first < run.first:
            yield first
            first = first.next
        first = max(first, run.last.next) if run.last else first
