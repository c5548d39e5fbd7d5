"""What was sent to remind whom, and which steps are done."""

import datetime as dt
from collections.abc import Iterable, Mapping

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, mapped_column

from tianbao.outbox import Fate
from tianbao.periods import Period
from tianbao.storage.repository import Repository
from tianbao.storage.tables import Base, OutboxRow
from tianbao.storage.types import Number
from tianbao.units import Unit


class ReminderRow(Base):
    """That a unit was reminded; the message itself is in the outbox, under the same key."""

    __tablename__ = "reminder"
    __table_args__ = (Index(None, "unit_id", "queued_at"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(Number, ForeignKey("unit.id"))
    period: Mapped[Period]
    step: Mapped[str]
    queued_at: Mapped[dt.datetime]


class RunRow(Base):
    """That a step is done for a month: all there was to send is in the outbox."""

    __tablename__ = "reminder_run"

    step: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[Period] = mapped_column(primary_key=True)
    done_at: Mapped[dt.datetime]
    queued: Mapped[int]


class Reminders(Repository):
    """What was sent to remind whom."""

    def last_sent(self, units: Iterable[Unit]) -> Mapping[int | None, dt.datetime]:
        """When each was last reminded; who never was, or whose mail was refused each time, is not named."""
        numbers = [unit.id for unit in units if unit.id is not None]
        lost = (Fate.REFUSED, Fate.GIVEN_UP)
        statement = (
            select(ReminderRow.unit_id, func.max(ReminderRow.queued_at))
            .join(OutboxRow, OutboxRow.key == ReminderRow.key)
            .where(ReminderRow.unit_id.in_(numbers), OutboxRow.state.not_in(lost))
            .group_by(ReminderRow.unit_id)
        )
        return {row[0]: row[1] for row in self._connection.execute(statement)}
