"""Figures about the system itself: numbers only, nobody's data."""

from collections.abc import Mapping
from datetime import datetime

from attrs import frozen
from sqlalchemy import func, select

from tianbao.accounts import Role, Standing
from tianbao.filings import Way
from tianbao.outbox import Fate
from tianbao.periods import Period
from tianbao.storage.repository import Repository
from tianbao.storage.tables import AccountRow, FilingRow, OutboxRow, SessionRow


@frozen
class Waiting:
    """Messages that wait in the outbox.

    Attributes:
        due: how many could leave now.
        later: how many are put off, or not due yet.
        oldest: since when the oldest of those due is due.
    """

    due: int
    later: int
    oldest: datetime | None

    @property
    def some(self) -> bool:
        """Whether any wait."""
        return bool(self.due or self.later)


class Figures(Repository):
    """Figures about the system itself."""

    def waiting(self, now: datetime) -> Waiting:
        due = OutboxRow.due_at <= now
        number, all_due, oldest = func.count(), func.count().filter(due), func.min(OutboxRow.due_at).filter(due)
        statement = select(number, all_due, oldest).where(OutboxRow.state == Fate.QUEUED)
        waiting, ready, since = self._connection.execute(statement).one()
        return Waiting(ready, waiting - ready, since)

    def lost_since(self, at: datetime) -> int:
        """Messages queued since then that were refused or given up."""
        lost = OutboxRow.state.in_([Fate.REFUSED, Fate.GIVEN_UP])
        return self._connection.execute(select(func.count()).where(lost, OutboxRow.created_at >= at)).scalar_one()

    def filed(self, period: Period) -> Mapping[tuple[Way, bool], int]:
        """Filings in force of a month, by the way they came and whether they are nil."""
        columns = (FilingRow.way, FilingRow.nil)
        mine = (FilingRow.period == period, FilingRow.in_force)
        statement = select(*columns, func.count()).where(*mine).group_by(*columns)
        return {(way, nil): number for way, nil, number in self._connection.execute(statement)}

    def signed_in(self, since: datetime) -> int:
        """Sessions used since then."""
        recent = (SessionRow.seen_at >= since, SessionRow.awaits_code.is_(False))
        return self._connection.execute(select(func.count()).select_from(SessionRow).where(*recent)).scalar_one()

    def active_accounts(self) -> Mapping[Role, int]:
        statement = select(AccountRow.role, func.count()).where(AccountRow.standing == Standing.ACTIVE)
        rows = self._connection.execute(statement.group_by(AccountRow.role))
        return {row.role: row[1] for row in rows}
