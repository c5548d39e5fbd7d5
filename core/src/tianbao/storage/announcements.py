"""Announcements; a withdrawn one stays."""

import datetime as dt
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnExpressionArgument, Row, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from tianbao.accounts import Role
from tianbao.announcements import Announcement
from tianbao.storage.repository import Repository
from tianbao.storage.tables import Base
from tianbao.storage.types import Number
from tianbao.units import Level

W = TypeVar("W", bound=StrEnum)


class AnnouncementRow(Base):
    """What the organiser tells; roles and levels as their words with commas, none being all."""

    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    first: Mapped[dt.date]
    last: Mapped[dt.date | None]
    public: Mapped[bool]
    roles: Mapped[str]
    levels: Mapped[str]
    changed_at: Mapped[dt.datetime]
    changed_by_name: Mapped[str]
    withdrawn_at: Mapped[dt.datetime | None]


_KEPT = ("title", "text", "first", "last", "public", "changed_at", "changed_by_name", "withdrawn_at")


class Announcements(Repository):
    """Announcements."""

    def add(self, announcement: Announcement) -> int:
        """Keep a new one; gives its number."""
        enter = insert(AnnouncementRow).values(_values(announcement)).returning(AnnouncementRow.id)
        return self._connection.execute(enter).scalar_one()

    def save(self, announcement: Announcement) -> None:
        """Keep what changed of one."""
        ours = AnnouncementRow.id == announcement.id
        self._connection.execute(update(AnnouncementRow).where(ours).values(_values(announcement)))

    def get(self, announcement_id: int) -> Announcement | None:
        return next(iter(self._many(AnnouncementRow.id == announcement_id)), None)

    def all(self) -> Sequence[Announcement]:
        """All there ever were, the latest first."""
        return self._many()

    def on(self, day: dt.date) -> Sequence[Announcement]:
        """Those that are shown on a day, the latest first."""
        lasting = or_(AnnouncementRow.last.is_(None), AnnouncementRow.last >= day)
        return self._many(AnnouncementRow.withdrawn_at.is_(None), AnnouncementRow.first <= day, lasting)

    def _many(self, *conditions: ColumnExpressionArgument[bool]) -> Sequence[Announcement]:
        latest = (AnnouncementRow.first.desc(), AnnouncementRow.id.desc())
        statement = select(AnnouncementRow).where(*conditions).order_by(*latest)
        return [_announcement_of(row) for row in self._connection.execute(statement)]


def _values(each: Announcement) -> dict[str, Any]:
    return {name: getattr(each, name) for name in _KEPT} | {"roles": _said(each.roles), "levels": _said(each.levels)}


def _announcement_of(row: Row[Any]) -> Announcement:
    kept = {name: getattr(row, name) for name in _KEPT}
    return Announcement(id=row.id, roles=_meant(row.roles, Role), levels=_meant(row.levels, Level), **kept)


def _said(words: Iterable[StrEnum]) -> str:
    return ",".join(sorted(word.value for word in words))


def _meant(text: str, words: type[W]) -> frozenset[W]:
    return frozenset(map(words, text.split(","))) if text else frozenset()
