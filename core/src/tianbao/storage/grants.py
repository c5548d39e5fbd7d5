"""What the organiser granted, and what is open to be amended; nothing is deleted, the end of it is written down."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnExpressionArgument, ForeignKey, Index, Row, insert, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from tianbao.calendar import Amendment
from tianbao.filings.grants import Grant, Kind
from tianbao.periods import Period
from tianbao.storage.repository import Repository
from tianbao.storage.tables import Base, UnitRow
from tianbao.storage.types import Number, Word
from tianbao.storage.units import OF_UNIT, unit_of
from tianbao.units import Unit

_IN_FORCE = text("revoked_at IS NULL")
_OPEN = text("withdrawn_at IS NULL AND accepted_at IS NULL")


class GrantRow(Base):
    """Months put off (展延) and months let off (免填); one of a kind is in force for a unit and period."""

    __tablename__ = "grant"
    __table_args__ = (
        Index(
            "uq_grant_in_force",
            "unit_id",
            "period",
            "kind",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
        Index(None, "unit_id", "period"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    unit_id: Mapped[int] = mapped_column(Number, ForeignKey("unit.id"))
    period: Mapped[Period]
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    due: Mapped[dt.date | None]
    reason: Mapped[str]
    granted_at: Mapped[dt.datetime]
    granted_by: Mapped[int] = mapped_column(Number, ForeignKey("account.id"))
    granted_by_name: Mapped[str]
    revoked_at: Mapped[dt.datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(Number, ForeignKey("account.id"))


class AmendmentRow(Base):
    """Months opened to be corrected (申請修改); one is open for a unit and period."""

    __tablename__ = "amendment"
    __table_args__ = (
        Index("uq_amendment_open", "unit_id", "period", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "unit_id", "period"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    unit_id: Mapped[int] = mapped_column(Number, ForeignKey("unit.id"))
    period: Mapped[Period]
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[int] = mapped_column(Number, ForeignKey("account.id"))
    opened_by_name: Mapped[str]
    reason: Mapped[str]
    caller: Mapped[str]
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(Number, ForeignKey("account.id"))
    accepted_at: Mapped[dt.datetime | None]
    filing_id: Mapped[int | None] = mapped_column(Number, ForeignKey("filing.id"))


_GRANTED = ("period", "kind", "due", "reason", "granted_at", "granted_by", "granted_by_name")
_REVOKED = ("revoked_at", "revoked_by")


class Grants(Repository):
    """What the organiser granted."""

    def add(self, grants: Sequence[Grant]) -> None:
        """Grant to many units, in place of what of that kind is in force there; the units must be locked.

        Args:
            grants: all of one kind and one month.
        """
        first, ids = grants[0], [grant.unit.id for grant in grants]
        same = (GrantRow.period == first.period, GrantRow.kind == first.kind, GrantRow.unit_id.in_(ids))
        self._revoke(first.granted_at, first.granted_by, *same)
        values = [{"unit_id": grant.unit.id, **{name: getattr(grant, name) for name in _GRANTED}} for grant in grants]
        self._connection.execute(insert(GrantRow), values)

    def revoke(self, grant_id: int, at: dt.datetime, by: int) -> bool:
        """Take a grant back; whether it was in force."""
        return self._revoke(at, by, GrantRow.id == grant_id)

    def _revoke(self, at: dt.datetime, by: int, *conditions: ColumnExpressionArgument[bool]) -> bool:
        wanted = update(GrantRow).where(GrantRow.revoked_at.is_(None), *conditions)
        done = wanted.values(revoked_at=at, revoked_by=by).returning(GrantRow.id)
        return bool(self._connection.execute(done).scalars().all())

    def get(self, grant_id: int) -> Grant | None:
        return next(iter(self._many(GrantRow.id == grant_id)), None)

    def of_unit(self, unit: Unit) -> Sequence[Grant]:
        """All that was ever granted to a unit, by period; the revoked, too."""
        return self._many(GrantRow.unit_id == unit.id)

    def of_period(self, period: Period) -> Sequence[Grant]:
        """What is in force for a month, by unit."""
        return self._many(GrantRow.period == period, GrantRow.revoked_at.is_(None))

    def _many(self, *conditions: ColumnExpressionArgument[bool]) -> Sequence[Grant]:
        statement = (
            select(GrantRow, *OF_UNIT)
            .join(UnitRow, UnitRow.id == GrantRow.unit_id)
            .where(*conditions)
            .order_by(GrantRow.period, UnitRow.code, UnitRow.level, GrantRow.id)
        )
        return [_grant_of(row) for row in self._connection.execute(statement)]


def _grant_of(row: Row[*tuple[Any, ...]]) -> Grant:
    kept = {name: getattr(row, name) for name in (*_GRANTED, *_REVOKED)}
    return Grant(id=row.id, unit=unit_of(row, row.unit_id), **kept)


_ASKED = ("period", "opened_at", "opened_by", "opened_by_name", "reason", "caller")
_ENDED = ("withdrawn_at", "accepted_at", "filing_id")


class Amendments(Repository):
    """Months that are, or were, open to be amended."""

    def add(self, unit: Unit, amendment: Amendment) -> int:
        """Open a month; gives the number. The unit must be locked."""
        values = {"unit_id": unit.id, **{name: getattr(amendment, name) for name in _ASKED}}
        return self._connection.execute(insert(AmendmentRow).values(values).returning(AmendmentRow.id)).scalar_one()

    def withdraw(self, amendment_id: int, at: dt.datetime, by: int) -> bool:
        """Take a request back; whether it was open."""
        return self._end(AmendmentRow.id == amendment_id, withdrawn_at=at, withdrawn_by=by) is not None

    def accept(self, unit: Unit, period: Period, at: dt.datetime, filing_id: int) -> int | None:
        """Close the request for a month with the filing that answers it; gives its number."""
        ours = (AmendmentRow.unit_id == unit.id) & (AmendmentRow.period == period)
        return self._end(ours, accepted_at=at, filing_id=filing_id)

    def _end(self, condition: ColumnExpressionArgument[bool], **values: object) -> int | None:
        still = update(AmendmentRow).where(
            condition, AmendmentRow.withdrawn_at.is_(None), AmendmentRow.accepted_at.is_(None)
        )
        ended: int | None = self._connection.execute(still.values(values).returning(AmendmentRow.id)).scalar()
        return ended

    def of_unit(self, unit: Unit) -> Sequence[Amendment]:
        """All of a unit, in the order in which they were opened."""
        wanted = select(AmendmentRow).where(AmendmentRow.unit_id == unit.id).order_by(AmendmentRow.id)
        return [amendment_of(row) for row in self._connection.execute(wanted)]

    def open(self) -> Sequence[tuple[Unit, Amendment]]:
        """Those of all units that wait for a corrected workbook, the oldest first."""
        statement = (
            select(AmendmentRow, *OF_UNIT)
            .join(UnitRow, UnitRow.id == AmendmentRow.unit_id)
            .where(AmendmentRow.withdrawn_at.is_(None), AmendmentRow.accepted_at.is_(None))
            .order_by(AmendmentRow.id)
        )
        return [(unit_of(row, row.unit_id), amendment_of(row)) for row in self._connection.execute(statement)]


def amendment_of(row: Row[*tuple[Any, ...]]) -> Amendment:
    return Amendment(id=row.id, **{name: getattr(row, name) for name in (*_ASKED, *_ENDED)})
