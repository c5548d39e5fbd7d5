"""Open sessions."""

from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Row, delete, insert, select, update

from tianbao.storage.repository import Repository
from tianbao.storage.tables import SessionRow


@frozen
class KeptSession:
    """What is kept of a session."""

    account_id: int
    started_at: datetime
    seen_at: datetime
    address: str
    awaits_code: bool


class Sessions(Repository):
    """Open sessions, by the hash of their id."""

    def add(self, name: str, account_id: int, at: datetime, address: str, *, awaits_code: bool) -> None:
        values = {
            "id_hash": name,
            "account_id": account_id,
            "started_at": at,
            "seen_at": at,
            "address": address,
            "awaits_code": awaits_code,
        }
        self._connection.execute(insert(SessionRow).values(values))

    def get(self, name: str) -> KeptSession | None:
        row: Row[Any] | None = self._connection.execute(select(SessionRow).where(SessionRow.id_hash == name)).first()
        return row and KeptSession(row.account_id, row.started_at, row.seen_at, row.address, row.awaits_code)

    def seen(self, name: str, at: datetime) -> None:
        self._connection.execute(update(SessionRow).where(SessionRow.id_hash == name).values(seen_at=at))

    def end(self, name: str) -> None:
        self._connection.execute(delete(SessionRow).where(SessionRow.id_hash == name))

    def end_all(self, account_id: int, keep: str | None = None) -> int:
        """End the sessions of an account but for one; gives how many."""
        ended = delete(SessionRow).where(SessionRow.account_id == account_id, SessionRow.id_hash != (keep or ""))
        return len(self._connection.execute(ended.returning(SessionRow.id_hash)).all())

    def drop_older(self, than: datetime) -> None:
        """Forget sessions that nobody can use any more."""
        self._connection.execute(delete(SessionRow).where(SessionRow.started_at < than))
