"""Days of the official calendar that are other than the calculated one says."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import ForeignKey, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from tianbao.calendar.workdays import Day, Source
from tianbao.storage.repository import Repository
from tianbao.storage.tables import Base
from tianbao.storage.types import Number, Word


class OfficialDayRow(Base):
    """A day by itself: as published for its year, or as the organiser set it, which goes first."""

    __tablename__ = "official_day"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    source: Mapped[Source] = mapped_column(Word(Source), primary_key=True)
    working: Mapped[bool]
    note: Mapped[str]
    set_at: Mapped[dt.datetime]
    set_by: Mapped[int | None] = mapped_column(Number, ForeignKey("account.id"))
    set_by_name: Mapped[str]


_KEPT = ("day", "source", "working", "note", "set_at", "set_by", "set_by_name")


class OfficialDays(Repository):
    """Days that were published or set."""

    def between(self, first: dt.date, last: dt.date) -> Sequence[Day]:
        """Those from a day to another, both included, by day."""
        wanted = OfficialDayRow.day.between(first, last)
        rows = self._connection.execute(select(OfficialDayRow).where(wanted).order_by(OfficialDayRow.day))
        return [Day(**{name: getattr(row, name) for name in _KEPT}) for row in rows]

    def set(self, days: Iterable[Day]) -> None:
        """Enter days, each in place of what the same source said of it."""
        for day in days:
            self.remove(day.day, day.source)
            self._connection.execute(insert(OfficialDayRow).values({name: getattr(day, name) for name in _KEPT}))

    def remove(self, day: dt.date, source: Source) -> bool:
        """Take a day out; ``False`` where it is not in."""
        ours = (OfficialDayRow.day == day, OfficialDayRow.source == source)
        gone = delete(OfficialDayRow).where(*ours).returning(OfficialDayRow.day)
        return self._connection.execute(gone).first() is not None
