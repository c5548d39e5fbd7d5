"""Which steps are done, and when each unit was last reminded."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from tianbao.clock import TAIPEI
from tianbao.outbox import Fate, Queued
from tianbao.periods import Period
from tianbao.reminders.overtaken import REMINDERS
from tianbao.reminders.owing import Last
from tianbao.reminders.steps import Due, Step
from tianbao.storage.outbox import queued_of
from tianbao.storage.repository import Repository
from tianbao.storage.tables import Base, OutboxRow, UnitRow
from tianbao.storage.types import Word
from tianbao.units import Unit

_LOST = (Fate.REFUSED, Fate.GIVEN_UP)
_IS_LOST = text("state IN ('refused', 'given_up')")
"""Word for word the condition of the partial index `OutboxRow` has of them."""


class RunRow(Base):
    """That a step is done for a month: all there was to send is in the outbox."""

    __tablename__ = "reminder_run"

    step: Mapped[Step] = mapped_column(Word(Step), primary_key=True)
    period: Mapped[Period] = mapped_column(primary_key=True)
    done_at: Mapped[dt.datetime]
    queued: Mapped[int]


def _last(
    condition: ColumnElement[bool], over: dt.datetime
) -> Callable[[InstrumentedAttribute[Any]], ScalarSelect[Any]]:
    """A column of the last reminder of a unit that meets a condition and was queued before a moment."""
    mine = (OutboxRow.unit_id == UnitRow.id, OutboxRow.template.in_(REMINDERS), OutboxRow.created_at < over)

    def column(of: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
        return select(of).where(*mine, condition).order_by(OutboxRow.id.desc()).limit(1).scalar_subquery()

    return column


class Reminders(Repository):
    """What was sent to remind whom."""

    def last(self, units: Iterable[Unit], day: dt.date) -> Mapping[int | None, Last]:
        """When each was last reminded by the end of a day; lost and withdrawn mail does not count.

        Of each unit the last messages are looked at, however many there were before.
        """
        numbers = [unit.id for unit in units if unit.id is not None]
        over = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, TAIPEI)
        last, sent = _last(OutboxRow.state.in_((Fate.SENT, Fate.QUEUED)), over), _last(OutboxRow.sent_at < over, over)
        moments = (last(OutboxRow.created_at), last(OutboxRow.sent_at), sent(OutboxRow.sent_at))
        rows = self._connection.execute(select(UnitRow.id, *moments).where(UnitRow.id.in_(numbers)))
        return {
            unit_id: Last(sent_at, None if went_at and went_at < over else queued_at)
            for unit_id, queued_at, went_at, sent_at in rows
        }

    def waiting(self, units: Iterable[Unit]) -> Mapping[int | None, Sequence[Queued]]:
        """The reminders that wait, by unit; those leased, too, since whoever leases one may be no more."""
        numbers = [unit.id for unit in units if unit.id is not None]
        ours = (OutboxRow.unit_id.in_(numbers), OutboxRow.template.in_(REMINDERS), OutboxRow.state == Fate.QUEUED)
        found: dict[int | None, list[Queued]] = {}
        for row in self._connection.execute(select(OutboxRow).where(*ours).order_by(OutboxRow.id).with_for_update()):
            found.setdefault(row.unit_id, []).append(queued_of(row))
        return found

    def withdraw(self, message_id: int, words: str) -> None:
        """Let a message that waits not be sent any more; ``words`` say why."""
        self._change(message_id, state=Fate.WITHDRAWN, last_words=words)

    def reword(self, message_id: int, data: Mapping[str, Any]) -> None:
        """Let a message that waits say something else."""
        self._change(message_id, data=dict(data))

    def _change(self, message_id: int, **values: Any) -> None:  # noqa: ANN401 -- columns
        self._connection.execute(update(OutboxRow).where(OutboxRow.id == message_id).values(values))

    def lost(self, addresses: Collection[str]) -> Mapping[str, Queued]:
        """The addresses whose latest mail was lost, each with the first of the mails lost in a row until then."""
        some_lost = self._connection.scalars(select(OutboxRow.recipient).where(_IS_LOST).distinct())
        wanted = set(addresses).intersection(some_lost)
        settled = OutboxRow.state.in_((Fate.SENT, *_LOST))
        mails = select(OutboxRow).where(OutboxRow.recipient.in_(wanted), settled).order_by(OutboxRow.id)
        first: dict[str, Queued] = {}
        for row in self._connection.execute(mails) if wanted else ():
            if row.state in _LOST:
                first.setdefault(row.recipient, queued_of(row))
            else:
                first.pop(row.recipient, None)
        return first

    def done_at(self, dues: Iterable[Due]) -> Mapping[tuple[Step, Period], dt.datetime]:
        """Which of these steps are done, and when they were."""
        periods = {due.period for due in dues}
        if not periods:
            return {}
        rows = self._connection.execute(select(RunRow).where(RunRow.period.in_(periods)))
        return {(row.step, row.period): row.done_at for row in rows}

    def done(self, due: Due, at: dt.datetime, queued: int) -> bool:
        """Write down that a step is done; ``False`` where it was already."""
        make = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        values = {"step": due.step, "period": due.period, "done_at": at, "queued": queued}
        entry = make(RunRow).values(values).on_conflict_do_nothing().returning(RunRow.step)
        return self._connection.execute(entry).first() is not None
