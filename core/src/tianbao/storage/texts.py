"""The texts of mails that the organiser edited; every edition stays."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ForeignKey, Index, Row, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from tianbao.mails.texts import SHIPPED, TextVersion
from tianbao.storage.repository import Repository
from tianbao.storage.tables import Base
from tianbao.storage.types import Number


class TextRow(Base):
    """Editions of texts; the latest of a name counts, and where its source is null, the shipped text."""

    __tablename__ = "message_text"
    __table_args__ = (Index(None, "name", "id"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    name: Mapped[str]
    source: Mapped[str | None]
    at: Mapped[dt.datetime]
    by: Mapped[int] = mapped_column(Number, ForeignKey("account.id"))
    by_name: Mapped[str]


class Texts(Repository):
    """The texts of mails."""

    def sources(self) -> Mapping[str, str]:
        """All texts as they count now: the edited over the shipped."""
        return {**SHIPPED, **{each.name: each.source for each in self.latest().values() if each.source is not None}}

    def latest(self) -> Mapping[str, TextVersion]:
        """The latest edition of each text that was ever edited, by its name."""
        newest = select(func.max(TextRow.id)).group_by(TextRow.name)
        rows = self._connection.execute(select(TextRow).where(TextRow.id.in_(newest)))
        return {row.name: _version_of(row) for row in rows}

    def versions(self, name: str) -> Sequence[TextVersion]:
        """All editions of a text, the latest first."""
        statement = select(TextRow).where(TextRow.name == name).order_by(TextRow.id.desc())
        return [_version_of(row) for row in self._connection.execute(statement)]

    def add(self, version: TextVersion) -> int:
        """Keep an edition; gives its number."""
        values = {name: getattr(version, name) for name in ("name", "source", "at", "by", "by_name")}
        number: int = self._connection.execute(insert(TextRow).values(values).returning(TextRow.id)).scalar_one()
        return number


def _version_of(row: Row[Any]) -> TextVersion:
    return TextVersion(row.id, row.name, row.source, row.at, row.by, row.by_name)
