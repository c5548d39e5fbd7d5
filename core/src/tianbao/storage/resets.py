"""Requests for 帳號重置."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnExpressionArgument, Row, insert, select, update

from tianbao.accounts.resets import Reset
from tianbao.storage.accounts import account_of
from tianbao.storage.repository import Repository
from tianbao.storage.tables import AccountRow, ResetRow

_KEPT = (
    "reason", "caller", "note", "requested_at", "requested_by", "closed_at", "closed_by", "carried_out", "scheduled_on",
    "scheduled_by",
)  # fmt: skip


class Resets(Repository):
    """Requests for 帳號重置."""

    def add(self, reset: Reset) -> int:
        """Register a request; gives its number."""
        values = {"account_id": reset.account.id, **{name: getattr(reset, name) for name in _KEPT}}
        return self._connection.execute(insert(ResetRow).values(values).returning(ResetRow.id)).scalar_one()

    def waiting(self) -> Sequence[Reset]:
        """Those to be carried out, the oldest first."""
        return self._many(ResetRow.closed_at.is_(None))

    def waiting_of(self, account_id: int) -> Reset | None:
        return next(iter(self._many(ResetRow.closed_at.is_(None), ResetRow.account_id == account_id)), None)

    def done_since(self, at: datetime) -> Sequence[Reset]:
        """Those carried out since then, the latest first."""
        done = self._many(ResetRow.carried_out, ResetRow.closed_at >= at)
        return sorted(done, key=lambda each: each.closed_at or at, reverse=True)

    def schedule(self, reset_id: int, day: date, by: int) -> Reset | None:
        """Arrange a request that waits for a day; ``None`` where it does not wait any more."""
        open_ = update(ResetRow).where(ResetRow.id == reset_id, ResetRow.closed_at.is_(None))
        arranging = open_.values(scheduled_on=day, scheduled_by=by).returning(ResetRow.id)
        if self._connection.execute(arranging).first() is None:
            return None
        return self._many(ResetRow.id == reset_id)[0]

    def close(self, reset_id: int, at: datetime, by: int, *, carried_out: bool) -> Reset | None:
        """Close a request that waits; ``None`` where it does not wait any more."""
        open_ = update(ResetRow).where(ResetRow.id == reset_id, ResetRow.closed_at.is_(None))
        closing = open_.values(closed_at=at, closed_by=by, carried_out=carried_out).returning(ResetRow.id)
        if self._connection.execute(closing).first() is None:
            return None
        return self._many(ResetRow.id == reset_id)[0]

    def _many(self, *conditions: ColumnExpressionArgument[bool]) -> Sequence[Reset]:
        statement = select(ResetRow).where(*conditions).order_by(ResetRow.id)
        rows = self._connection.execute(statement).all()
        accounts = select(AccountRow).where(AccountRow.id.in_({row.account_id for row in rows}))
        of = {row.id: account_of(row) for row in self._connection.execute(accounts)} if rows else {}
        return [_reset_of(row, of) for row in rows]


def _reset_of(row: Row[Any], accounts: dict[int, Any]) -> Reset:
    return Reset(id=row.id, account=accounts[row.account_id], **{name: getattr(row, name) for name in _KEPT})
