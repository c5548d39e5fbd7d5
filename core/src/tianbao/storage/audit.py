"""The audit trail.

Entries are gathered while the transaction goes on and written as its last statement: to chain them, transactions have
to take turns, and so each has the turn only for the moment of its commit.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import asdict
from sqlalchemy import ColumnElement, Connection, Row, insert, select

from tianbao.audit import GENESIS, Entry, Soundness, verify
from tianbao.storage.repository import Repository, lock
from tianbao.storage.tables import AuditRow

_Draft = tuple[datetime, int | None, str, str, Mapping[str, Any]]


class Audit(Repository):
    """The audit trail."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._drafts: list[_Draft] = []

    def append(
        self, at: datetime, actor: int | None, action: str, subject: str, detail: Mapping[str, Any] | None = None
    ) -> None:
        """Add an entry to the trail; it gets its place in the chain when the transaction is committed."""
        self._drafts.append((at, actor, str(action), subject, dict(detail or {})))

    def write(self) -> None:
        """Chain what was gathered to the trail."""
        if not self._drafts:
            return
        lock(self._connection, "audit")
        entries: list[Entry] = []
        last = self._last()
        for draft in self._drafts:
            entries.append(Entry.after(last, *draft))
            last = entries[-1].id, entries[-1].hash
        self._drafts.clear()
        self._connection.execute(insert(AuditRow), [asdict(entry) for entry in entries])

    def _last(self) -> tuple[int, str]:
        statement = select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)
        row = self._connection.execute(statement).first()
        return (row.id, row.hash) if row else (0, GENESIS)

    def entries(self, *, actor: int | None = None, subject: str = "", limit: int = 100) -> Sequence[Entry]:
        """The latest entries, newest first; of an actor, or of a subject and what is below it."""
        wanted: list[ColumnElement[bool]] = []
        if actor is not None:
            wanted.append(AuditRow.actor == actor)
        if subject:
            below = AuditRow.subject.startswith(f"{subject}/", autoescape=True)
            wanted.append((AuditRow.subject == subject) | below)
        statement = select(AuditRow).where(*wanted).order_by(AuditRow.id.desc()).limit(limit)
        return [_entry_of(row) for row in self._connection.execute(statement)]

    def verify(self) -> Soundness:
        """Follow the whole chain."""
        statement = select(AuditRow).order_by(AuditRow.id).execution_options(yield_per=1000)
        with self._connection.execute(statement) as rows:
            return verify(map(_entry_of, rows))


def _entry_of(row: Row[Any]) -> Entry:
    return Entry(row.id, row.at, row.actor, row.action, row.subject, row.detail, row.previous, row.hash)
