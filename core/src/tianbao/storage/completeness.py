"""What the grid of units and months needs to know: plain values, since a year of the country has 48,000 of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, literal, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, aliased

from tianbao.periods import Period, PeriodRange
from tianbao.storage.grants import AmendmentRow, GrantRow
from tianbao.storage.repository import Repository
from tianbao.storage.tables import FilingRow, UnitRow

_Earlier = aliased(FilingRow)
_FirstAt = case(
    (FilingRow.version == 1, FilingRow.filed_at),
    else_=select(func.min(_Earlier.filed_at))
    .where(_Earlier.unit_id == FilingRow.unit_id, _Earlier.period == FilingRow.period)
    .scalar_subquery(),
)
"""When a month was first filed; nine in ten have one version, whose moment it is."""


class Completeness(Repository):
    """What the grid of units and months needs to know."""

    def filed(
        self, due: Mapping[Period, datetime], now: datetime, county: str | None = None
    ) -> Iterable[tuple[int, Period, bool, bool]]:
        """The months filed by now: the unit, the month, whether it came at or after its due moment, whether it is nil.

        Args:
            due: by month, the moment from which a filing is late where nothing was granted.
            now: what was filed after it is left out.
            county: of the units; all where it is not given.
        """
        late = _FirstAt >= case(
            *((FilingRow.period == period, literal(at, FilingRow.filed_at.type)) for period, at in due.items())
        )
        statement = select(FilingRow.unit_id, FilingRow.period, late, FilingRow.nil).where(
            FilingRow.in_force, FilingRow.period.between(min(due), max(due)), _FirstAt <= now
        )
        if county is not None:
            statement = statement.join(UnitRow, UnitRow.id == FilingRow.unit_id).where(UnitRow.county == county)
        yield from self._connection.execute(statement)

    def special(self, months: PeriodRange, now: datetime) -> Mapping[Period, Sequence[int]]:
        """By month, the units to which something is granted in it, or which are to correct it."""
        granted = select(GrantRow.period, GrantRow.unit_id).where(
            GrantRow.period.between(months.first, months.last), GrantRow.revoked_at.is_(None)
        )
        amending = select(AmendmentRow.period, AmendmentRow.unit_id).where(
            AmendmentRow.period.between(months.first, months.last),
            AmendmentRow.opened_at <= now,
            _not_by(AmendmentRow.withdrawn_at, now),
            _not_by(AmendmentRow.accepted_at, now),
        )
        found: dict[Period, list[int]] = defaultdict(list)
        for period, unit_id in self._connection.execute(union(granted, amending)):
            found[period].append(unit_id)
        return found

    def first_filed(self, period: Period, county: str | None = None) -> Mapping[int, datetime]:
        """By unit, when it first filed a month."""
        statement = select(FilingRow.unit_id, _FirstAt).where(FilingRow.in_force, FilingRow.period == period)
        if county is not None:
            statement = statement.join(UnitRow, UnitRow.id == FilingRow.unit_id).where(UnitRow.county == county)
        return {unit_id: first_at for unit_id, first_at in self._connection.execute(statement)}  # noqa: C416


def _not_by(end: InstrumentedAttribute[datetime | None], now: datetime) -> ColumnElement[bool]:
    return or_(end.is_(None), end > now)
