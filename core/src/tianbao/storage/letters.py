"""Templates of letters that were put in use, and zips of letters that were made."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Row, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from tianbao.letters.packs import Pack, Progress
from tianbao.letters.templates import Template
from tianbao.periods import Period
from tianbao.storage.repository import Repository
from tianbao.storage.tables import Base
from tianbao.storage.types import Number, Word


class LetterTemplateRow(Base):
    """A template that was put in use; of each format the last one is. Without data it is the shipped one."""

    __tablename__ = "letter_template"
    __table_args__ = (Index(None, "suffix"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    suffix: Mapped[str]
    name: Mapped[str]
    data: Mapped[bytes | None] = mapped_column(LargeBinary)
    set_at: Mapped[dt.datetime]
    set_by: Mapped[int] = mapped_column(Number, ForeignKey("account.id"))
    set_by_name: Mapped[str]


class LetterPackRow(Base):
    """A zip of letters, made or being made."""

    __tablename__ = "letter_pack"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    period: Mapped[Period]
    begun_at: Mapped[dt.datetime]
    begun_by: Mapped[int] = mapped_column(Number, ForeignKey("account.id"))
    begun_by_name: Mapped[str]
    heard_at: Mapped[dt.datetime]
    progress: Mapped[Progress] = mapped_column(Word(Progress))
    done: Mapped[int]
    total: Mapped[int]
    units: Mapped[int]
    message: Mapped[str]
    data: Mapped[bytes | None] = mapped_column(LargeBinary)


_TEMPLATE = ("suffix", "name", "data", "set_at", "set_by", "set_by_name")
_PACK = (
    "period", "begun_at", "begun_by", "begun_by_name", "heard_at", "progress", "done", "total", "units", "message",
)  # fmt: skip
_PACK_COLUMNS = (LetterPackRow.id, *(getattr(LetterPackRow, name) for name in _PACK))


class Letters(Repository):
    """Templates and zips of letters."""

    def template(self, suffix: str) -> Template | None:
        """The one that was put in use last; ``None`` where none ever was."""
        newest = (
            select(LetterTemplateRow).where(LetterTemplateRow.suffix == suffix).order_by(LetterTemplateRow.id.desc())
        )
        row = self._connection.execute(newest.limit(1)).first()
        return Template(**{name: getattr(row, name) for name in _TEMPLATE}) if row else None

    def keep_template(self, template: Template) -> None:
        """Put one in use."""
        self._connection.execute(
            insert(LetterTemplateRow).values({name: getattr(template, name) for name in _TEMPLATE})
        )

    def add_pack(self, pack: Pack) -> int:
        """Enter a zip to be made; gives its number."""
        values = {name: getattr(pack, name) for name in _PACK}
        return self._connection.execute(insert(LetterPackRow).values(values).returning(LetterPackRow.id)).scalar_one()

    def change_pack(self, number: int, **changed: Any) -> None:  # noqa: ANN401 -- a row's columns
        """Write down how far it is."""
        self._connection.execute(update(LetterPackRow).where(LetterPackRow.id == number).values(changed))

    def packs(self, limit: int) -> Sequence[Pack]:
        """The newest first, without their files."""
        newest = select(*_PACK_COLUMNS).order_by(LetterPackRow.id.desc()).limit(limit)
        return [_pack(row) for row in self._connection.execute(newest)]

    def pack(self, number: int) -> Pack | None:
        row = self._connection.execute(select(*_PACK_COLUMNS).where(LetterPackRow.id == number)).first()
        return _pack(row) if row else None

    def pack_file(self, number: int) -> bytes | None:
        """The zip, where it is done."""
        return self._connection.execute(select(LetterPackRow.data).where(LetterPackRow.id == number)).scalar()


def _pack(row: Row[*tuple[Any, ...]]) -> Pack:
    return Pack(id=row.id, **{name: getattr(row, name) for name in _PACK})
