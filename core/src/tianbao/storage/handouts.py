"""Files beside templates; one that was taken back stays, with its content."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnExpressionArgument, LargeBinary, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from tianbao.handouts.handout import Handout, Kind
from tianbao.storage.repository import Repository
from tianbao.storage.tables import Base
from tianbao.storage.types import Number, Word


class HandoutRow(Base):
    """A file beside a template."""

    __tablename__ = "handout"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    template_key: Mapped[str]
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    title: Mapped[str]
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    hash: Mapped[str]
    added_at: Mapped[dt.datetime]
    added_by_name: Mapped[str]
    withdrawn_at: Mapped[dt.datetime | None]
    content: Mapped[bytes] = mapped_column(LargeBinary)


_KEPT = (
    "template_key", "kind", "title", "file_name", "media_type", "size", "hash", "added_at", "added_by_name",
    "withdrawn_at",
)  # fmt: skip
_COLUMNS = [HandoutRow.id, *(getattr(HandoutRow, name) for name in _KEPT)]
"""All but the content: a list of files does not read them."""


class Handouts(Repository):
    """Files beside templates."""

    def add(self, handout: Handout, content: bytes) -> int:
        """Keep a file; gives its number."""
        values = {**{name: getattr(handout, name) for name in _KEPT}, "content": content}
        return self._connection.execute(insert(HandoutRow).values(values).returning(HandoutRow.id)).scalar_one()

    def withdraw(self, handout_id: int, at: dt.datetime) -> None:
        """Take a file back."""
        self._connection.execute(update(HandoutRow).where(HandoutRow.id == handout_id).values(withdrawn_at=at))

    def get(self, handout_id: int) -> Handout | None:
        return next(iter(self._many(HandoutRow.id == handout_id)), None)

    def content(self, handout_id: int) -> bytes:
        """What is in it."""
        return self._connection.execute(select(HandoutRow.content).where(HandoutRow.id == handout_id)).scalar_one()

    def of_template(self, key: str) -> Sequence[Handout]:
        """Those handed out beside a template, the latest first."""
        return self._many(HandoutRow.template_key == key, HandoutRow.withdrawn_at.is_(None))

    def all(self) -> Sequence[Handout]:
        """All there ever were, by template, the latest first."""
        return self._many()

    def _many(self, *conditions: ColumnExpressionArgument[bool]) -> Sequence[Handout]:
        order = (HandoutRow.template_key.desc(), HandoutRow.id.desc())
        rows = self._connection.execute(select(*_COLUMNS).where(*conditions).order_by(*order))
        return [Handout(id=row.id, **{name: getattr(row, name) for name in _KEPT}) for row in rows]
