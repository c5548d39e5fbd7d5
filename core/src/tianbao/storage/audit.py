"""The audit trail.

Entries are gathered while the transaction goes on and written as its last statement: to chain them, transactions have
to take turns, and so each has the turn only for the moment of its commit.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import asdict, astuple
from sqlalchemy import JSON, ColumnElement, Connection, Index, Row, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from tianbao.audit import FIRST, Anchor, Entry, Soundness, Wanted, verify
from tianbao.storage.repository import Repository, lock
from tianbao.storage.tables import Base
from tianbao.storage.types import Number

_Draft = tuple[datetime, int | None, str, str, Mapping[str, Any]]


class AuditRow(Base):
    """The trail; triggers refuse to change or delete what stands in it."""

    __tablename__ = "audit"
    __table_args__ = (
        Index(None, "at"),
        Index(None, "actor", "id"),
        Index(None, "subject", "id"),
        Index(None, "action", "id"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[int | None] = mapped_column(Number)
    """An account. No foreign key: checking it would wait for who changes the account, while all wait for the trail."""
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    """As text on PostgreSQL, too: its hash is over every digit."""
    previous: Mapped[str]
    hash: Mapped[str]


class AnchorRow(Base):
    """Up to where the trail was shortened; entries up to the last anchor may be deleted, and no others."""

    __tablename__ = "audit_anchor"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    """Of the last entry that is gone."""
    hash: Mapped[str]


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
        return (row.id, row.hash) if row else astuple(self._anchor())

    def _anchor(self) -> Anchor:
        row = self._connection.execute(select(AnchorRow).order_by(AnchorRow.id.desc()).limit(1)).first()
        return Anchor(row.id, row.hash) if row else FIRST

    def entries(self, *, actor: int | None = None, subject: str = "", limit: int = 100) -> Sequence[Entry]:
        """The latest entries, newest first; of an actor, or of a subject and what is below it."""
        return self.search(Wanted(actor=actor, subject=subject), limit)

    def verify(self) -> Soundness:
        """Follow the whole chain."""
        statement = select(AuditRow).order_by(AuditRow.id).execution_options(yield_per=1000)
        with self._connection.execute(statement) as rows:
            return verify(map(_entry_of, rows), self._anchor())

    def search(self, wanted: Wanted, limit: int) -> Sequence[Entry]:
        """The latest entries of those wanted, newest first."""
        statement = select(AuditRow).where(*_tests(wanted)).order_by(AuditRow.id.desc()).limit(limit)
        return [_entry_of(row) for row in self._connection.execute(statement)]

    def stream(self, wanted: Wanted) -> Iterator[Entry]:
        """All entries that are wanted, oldest first, with memory that does not grow."""
        statement = select(AuditRow).where(*_tests(wanted)).order_by(AuditRow.id)
        with self._connection.execute(statement.execution_options(yield_per=1000)) as rows:
            yield from map(_entry_of, rows)

    def last_before(self, at: datetime, most: int) -> Anchor | None:
        """The last entry older than a moment, or an earlier one that has no more than so many before it."""
        older = select(AuditRow.id).where(AuditRow.at < at)
        last = self._connection.scalar(older.order_by(AuditRow.at.desc(), AuditRow.id.desc()).limit(1))
        if last is None:
            return None
        chosen = AuditRow.id == min(last, self._anchor().id + most)
        return Anchor(*self._connection.execute(select(AuditRow.id, AuditRow.hash).where(chosen)).one())

    def shorten(self, anchor: Anchor) -> int:
        """Delete the entries up to an anchor, which has to be told in the trail; gives how many they were."""
        self._connection.execute(insert(AnchorRow), asdict(anchor))
        gone = AuditRow.id <= anchor.id
        number = self._connection.execute(select(func.count()).select_from(AuditRow).where(gone)).scalar_one()
        self._connection.execute(delete(AuditRow).where(gone))
        return number


def _tests(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = []
    if wanted.since:
        tests.append(AuditRow.at >= wanted.since)
    if wanted.until:
        tests.append(AuditRow.at < wanted.until)
    if wanted.actor is not None:
        tests.append(AuditRow.actor == wanted.actor)
    if wanted.actions:
        tests.append(AuditRow.action.in_(wanted.actions))
    if wanted.subject:
        tests.append(_about(wanted.subject))
    if wanted.before is not None:
        tests.append(AuditRow.id < wanted.before)
    return tests


def _about(subject: str) -> ColumnElement[bool]:
    """Something, and what is below it."""
    return (AuditRow.subject == subject) | AuditRow.subject.startswith(f"{subject}/", autoescape=True)


def _entry_of(row: Row[Any]) -> Entry:
    return Entry(row.id, row.at, row.actor, row.action, row.subject, row.detail, row.previous, row.hash)
