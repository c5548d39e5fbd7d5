"""What is known of a unit: what it filed, what the organiser granted, what is open to be corrected."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from attrs import Factory, evolve, frozen

from tianbao.periods import Period, PeriodRange
from tianbao.units import Unit


@frozen
class Filed:
    """That a month is filed.

    Attributes:
        first_at: when it first was; amending keeps it.
        nil: whether what is in force declares no cases and no services (當月無個案及服務).
    """

    first_at: datetime
    nil: bool = False


@frozen
class Extension:
    """The organiser lets a unit file a month later (展延).

    Attributes:
        due: the last day; of no effect where that is before the regular one.
        reason: why, as the officer reads it.
    """

    due: date
    reason: str


@frozen
class Exemption:
    """The organiser lets a unit off a month (免填)."""

    reason: str


@frozen
class Amendment:
    """A month that was filed is opened to be corrected (申請修改).

    Attributes:
        period: the month.
        opened_at: when it was asked for, or opened by the organiser.
        opened_by: the account.
        reason: why.
        caller: who telephoned, where the organiser opened it.
        withdrawn_at: when the request was taken back.
        accepted_at: when the corrected workbook was accepted.
        opened_by_name: the person's name at that time.
        filing_id: the filing that was accepted.
        id: its number in the store; ``None`` for one that is not there (yet).
    """

    period: Period
    opened_at: datetime
    opened_by: int
    reason: str
    caller: str = ""
    withdrawn_at: datetime | None = None
    accepted_at: datetime | None = None
    opened_by_name: str = ""
    filing_id: int | None = None
    id: int | None = None

    def open_at(self, now: datetime) -> bool:
        """Whether the corrected workbook is awaited at a moment."""
        ends = (self.withdrawn_at, self.accepted_at)
        return self.opened_at <= now and not any(end is not None and end <= now for end in ends)

    def settled(self, now: datetime) -> "Amendment":
        """The same, all of it by ``now``; see `Facts.settled`."""
        return evolve(
            self,
            opened_at=min(self.opened_at, now),
            withdrawn_at=self.withdrawn_at and min(self.withdrawn_at, now),
            accepted_at=self.accepted_at and min(self.accepted_at, now),
        )


@frozen
class Span:
    """How much a unit has filed: so many months, from one to another, perhaps not all between.

    Attributes:
        months: how many.
        first: the first of them.
        last: the last of them.
    """

    months: int
    first: Period
    last: Period

    def holds(self, months: PeriodRange) -> bool:
        """Whether they are exactly the months of a range."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return self.months == count and PeriodRange(self.first, self.last) == months


@frozen
class Facts:
    """What is known of a unit; everything else follows.

    What carries a moment counts from that moment on, so the same facts answer for any day.
    """

    unit: Unit
    filed: Mapping[Period, Filed] = Factory(dict)
    extensions: Mapping[Period, Extension] = Factory(dict)
    exemptions: Mapping[Period, Exemption] = Factory(dict)
    amendments: Sequence[Amendment] = ()

    def settled(self, now: datetime) -> "Facts":
        """The same, all of it by ``now``: what is in the store has happened.

        Of two uploads that arrive within a second, the later one may be stored first; for the earlier one it is a fact
        all the same, and not one of its future.
        """
        return evolve(
            self,
            filed={period: evolve(each, first_at=min(each.first_at, now)) for period, each in self.filed.items()},
            amendments=tuple(each.settled(now) for each in self.amendments),
        )
