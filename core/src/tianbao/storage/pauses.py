"""Which messages are held back."""

import datetime as dt
from collections.abc import Sequence

from attrs import asdict
from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from tianbao.post.pausing import Pause
from tianbao.storage.repository import Repository
from tianbao.storage.tables import Base
from tianbao.storage.types import Number


class PauseRow(Base):
    """Messages held back: those of a text, or all where the kind is empty."""

    __tablename__ = "pause"

    kind: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[dt.datetime]
    by: Mapped[int | None] = mapped_column(Number, ForeignKey("account.id"))
    by_name: Mapped[str]


class Pauses(Repository):
    """Which messages are held back."""

    def all(self) -> Sequence[Pause]:
        """What is held back; everything first."""
        rows = self._connection.execute(select(PauseRow).order_by(PauseRow.kind))
        return [Pause(row.kind, row.since, row.by, row.by_name) for row in rows]

    def kinds(self) -> frozenset[str]:
        """What is held back, for whoever sends."""
        return frozenset(self._connection.scalars(select(PauseRow.kind)))

    def add(self, pause: Pause) -> bool:
        """Hold back; whether it was not held back before."""
        insert = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        hold = insert(PauseRow).values(asdict(pause)).on_conflict_do_nothing(index_elements=["kind"])
        return self._connection.execute(hold.returning(PauseRow.kind)).first() is not None

    def end(self, kind: str) -> bool:
        """Let go on; whether it was held back."""
        ended = delete(PauseRow).where(PauseRow.kind == kind).returning(PauseRow.kind)
        return self._connection.execute(ended).first() is not None
