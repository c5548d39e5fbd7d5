"""What was tried, and when it failed."""

from datetime import datetime, timedelta

from sqlalchemy import Index, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from tianbao.storage.repository import Repository
from tianbao.storage.tables import Base
from tianbao.storage.types import Number

_KEPT = timedelta(days=1)


class AttemptRow(Base):
    """What was tried and how often, for `tianbao.accounts.throttle`: signing in, registering, 忘記密碼."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "login_hash", "at"), Index(None, "address", "at"), Index(None, "at"))

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    at: Mapped[datetime]
    login_hash: Mapped[str]
    """Of what was tried and the name as typed: people type passwords there."""
    address: Mapped[str]
    """What was tried, and from where."""
    succeeded: Mapped[bool]


class Attempts(Repository):
    """Attempts at whatever is throttled."""

    def add(self, at: datetime, login_hash: str, address: str) -> int:
        """Count an attempt, as failed so far; drops those that are long past."""
        self._connection.execute(delete(AttemptRow).where(AttemptRow.at < at - _KEPT))
        values = {"at": at, "login_hash": login_hash, "address": address, "succeeded": False}
        return self._connection.execute(insert(AttemptRow).values(values).returning(AttemptRow.id)).scalar_one()

    def succeed(self, attempt: int) -> None:
        self._connection.execute(update(AttemptRow).where(AttemptRow.id == attempt).values(succeeded=True))

    def withdraw(self, attempt: int) -> None:
        self._connection.execute(delete(AttemptRow).where(AttemptRow.id == attempt))

    def failures(self, since: datetime, *, login_hash: str) -> list[datetime]:
        """When an account's attempts failed, since its last success."""
        mine = AttemptRow.login_hash == login_hash
        last = select(func.coalesce(func.max(AttemptRow.id), 0)).where(mine, AttemptRow.succeeded).scalar_subquery()
        statement = select(AttemptRow.at).where(
            mine, AttemptRow.at > since, ~AttemptRow.succeeded, AttemptRow.id > last
        )
        return list(self._connection.execute(statement).scalars())

    def failures_from(self, since: datetime, *, address: str) -> list[datetime]:
        """When attempts from an address failed."""
        there = AttemptRow.address == address
        statement = select(AttemptRow.at).where(there, AttemptRow.at > since, ~AttemptRow.succeeded)
        return list(self._connection.execute(statement).scalars())
