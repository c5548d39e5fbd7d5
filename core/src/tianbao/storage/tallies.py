"""Tallies and their marks; see `tianbao.statistics.tallied` for the law they keep."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from attrs import frozen
from sqlalchemy import Index, Select, Text, case, delete, func, insert, literal, select, type_coerce
from sqlalchemy.orm import Mapped, mapped_column

from tianbao.periods import Period
from tianbao.records.columns import ISSUES
from tianbao.statistics.counting import ORDER, Counting, Key
from tianbao.statistics.query import By
from tianbao.statistics.result import NONE, Along
from tianbao.statistics.tallied import COUNTRY, WHOLE, Partition, Sources, sources
from tianbao.storage.record_tests import TABLES
from tianbao.storage.repository import Repository
from tianbao.storage.tables import Base, CaseRow, FilingRow, ServiceRow, UnitRow
from tianbao.storage.types import Number
from tianbao.templates.measures import Measure
from tianbao.units import COUNTIES, Level

_SEVERAL = ("sources", "secondary_issues")
_NO_CODE = -1
_FILING = "filing"
"""The kind of the tallies of filings themselves; the code is whether they are nil."""
_ALL_SEXES = 0
"""Of services, whose rows are of several sexes at once; the total stands beside the parts."""


class TallyRow(Base):
    """Person-times and rows of a place and month, by one column's codes, by level and by sex."""

    __tablename__ = "tally"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 -- SQLAlchemy's way

    place: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[Period] = mapped_column(primary_key=True)
    level: Mapped[Level] = mapped_column(primary_key=True)
    code: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sex: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    times: Mapped[int] = mapped_column(Number)
    rows: Mapped[int]


class StaleRow(Base):
    """Marks: the tally of a place and month may not be what its rows say; only ever put in and taken out.

    A number is never used again, or a recount could take away a mark that it has not seen.
    """

    __tablename__ = "stale_tally"
    __table_args__ = (Index(None, "period", "place"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Number, primary_key=True)
    place: Mapped[str]
    period: Mapped[Period]


Cell = tuple[str, str, Level, int, int]
"""Kind, dimension, level, code, sex."""


@frozen
class Recount:
    """A partition counted anew.

    Attributes:
        partition: which.
        marks: the numbers of the marks it answers.
        cells: person-times and rows; what is not there is zero.
    """

    partition: Partition
    marks: frozenset[int]
    cells: Mapping[Cell, tuple[int, int]]


class Tallies(Repository):
    """Tallies of what is in force."""

    def mark(self, changed: Iterable[Partition]) -> None:
        """Say that rows of some counties' months change, and with them the country's; nobody waits for anybody here."""
        marks = {(place, each.period) for each in changed for place in (each.place, COUNTRY)}
        if marks:
            values = [{"place": place, "period": period} for place, period in sorted(marks)]
            self._connection.execute(insert(StaleRow), values)

    def mark_all(self) -> None:
        """Trust no tally any more: of every month of every county in which something was filed."""
        filed = select(UnitRow.county, FilingRow.period).join_from(FilingRow, UnitRow, UnitRow.id == FilingRow.unit_id)
        counties = [filed, *(select(table.county, table.period) for table in (CaseRow, ServiceRow))]
        for found in (*counties, select(literal(COUNTRY), FilingRow.period)):
            self._connection.execute(insert(StaleRow).from_select(["place", "period"], found.distinct()))

    def stale(self, periods: Sequence[Period] = ()) -> Mapping[Period, frozenset[str]]:
        """The places with marks, by month; of all months where none are named."""
        wanted = select(StaleRow.period, StaleRow.place).distinct()
        if periods:
            wanted = wanted.where(StaleRow.period.between(periods[0], periods[-1]))
        found: dict[Period, set[str]] = {}
        for period, place in self._connection.execute(wanted):
            found.setdefault(period, set()).add(place)
        return {period: frozenset(places) for period, places in sorted(found.items())}

    def sources(self, counting: Counting) -> Sources:
        """Where each month of what is counted comes from."""
        stale = self.stale(counting.periods)
        country = not counting.counties and counting.by is not By.COUNTY
        counties = counting.counties or self._counties()
        return sources(counting.periods, counties, stale, country=country)

    def _counties(self) -> Sequence[str]:
        registered = self._connection.execute(select(UnitRow.county).distinct()).scalars()
        return sorted({*COUNTIES, *registered})

    def counts(self, counting: Counting, places: Sequence[str], periods: Sequence[Period]) -> Iterator[tuple[Key, int]]:
        """What is counted, from the tallies of some places."""
        along = [each for each in ORDER if each in counting.along]
        keys = [_KEYS[each] if each is not Along.PLACE else _PLACES[counting.by] for each in along]
        value = TallyRow.times if counting.measure is Measure.PERSON_TIMES else TallyRow.rows
        statement = _within(select(*keys, func.sum(value)), counting, places, periods).group_by(*keys)
        places_of = [along.index(each) if each in along else None for each in ORDER]
        coded = {along.index(each) for each in (Along.CATEGORY, Along.SEX) if each in along}
        for row in self._connection.execute(statement).all():
            if number := row[-1]:
                parts = [NONE if at in coded and part == _NO_CODE else part for at, part in enumerate(row)]
                yield tuple([None if at is None else parts[at] for at in places_of]), int(number)  # type: ignore[misc]

    def recount(self, partition: Partition) -> Recount:
        """Count a partition anew, from its rows; the country's, from its counties, which must not be stale."""
        here = (StaleRow.place == partition.place, StaleRow.period == partition.period)
        marks = frozenset(self._connection.execute(select(StaleRow.id).where(*here)).scalars())
        if partition.place == COUNTRY:
            cells: Mapping[Cell, tuple[int, int]] = {
                **self._added_up(partition.period),
                **self._filings(partition.period),
            }
        else:
            cells = self._tallied(partition)
        return Recount(partition, marks, cells)

    def _added_up(self, period: Period) -> Mapping[Cell, tuple[int, int]]:
        keys = (TallyRow.kind, TallyRow.dimension, TallyRow.level, TallyRow.code, TallyRow.sex)
        sums = select(*keys, func.sum(TallyRow.times), func.sum(TallyRow.rows))
        statement = sums.where(TallyRow.period == period, TallyRow.place.in_(self._counties())).group_by(*keys)
        return {tuple(key): (int(times), int(rows)) for *key, times, rows in self._connection.execute(statement)}  # type: ignore[misc]

    def _tallied(self, partition: Partition) -> Mapping[Cell, tuple[int, int]]:
        found: dict[Cell, tuple[int, int]] = {}
        for kind, names in _TOGETHER:
            for level, *row in self._connection.execute(_groups(kind, names, partition)):
                codes = tuple(zip(names, row, strict=False))
                for sex, times, number in _amounts(kind, row[len(names) :]):
                    for dimension, code in _dimensions(codes):
                        cell = (kind, dimension, level, code, sex)
                        before = found.get(cell, (0, 0))
                        found[cell] = (before[0] + times, before[1] + number)
        return found

    def _filings(self, period: Period) -> dict[Cell, tuple[int, int]]:
        """How many filings there are, nil ones apart; only of the country."""
        here = (FilingRow.in_force, FilingRow.period == period)
        joined = select(UnitRow.level, FilingRow.nil, func.count())
        groups = joined.join_from(FilingRow, UnitRow, UnitRow.id == FilingRow.unit_id).where(*here)
        found = self._connection.execute(groups.group_by(UnitRow.level, FilingRow.nil))
        return {(_FILING, WHOLE, level, int(nil), _ALL_SEXES): (0, count) for level, nil, count in found}

    def filings(
        self, levels: Sequence[Level], periods: Sequence[Period]
    ) -> tuple[Sequence[tuple[Period, Level, bool, int]], Sequence[Period]]:
        """How many filings the country has of some months, by level and whether they are nil.

        Returns:
            The counts, and the months whose tallies are stale: those are not in them.
        """
        marked = self.stale(periods)
        stale = [period for period in periods if COUNTRY in marked.get(period, ())]
        keys = (TallyRow.period, TallyRow.level, TallyRow.code)
        wanted = select(*keys, TallyRow.rows).where(
            TallyRow.place == COUNTRY,
            TallyRow.kind == _FILING,
            TallyRow.dimension == WHOLE,
            TallyRow.period.between(periods[0], periods[-1]),
        )
        fresh = set(periods) - set(stale)
        found = [
            (period, level, bool(code), count)
            for period, level, code, count in self._connection.execute(wanted)
            if period in fresh and (not levels or level in levels)
        ]
        return found, stale

    def replace(self, recount: Recount) -> bool:
        """Put a recount in place of what was, and take its marks away.

        Returns:
            Whether it was done; it was not where another recount has taken one of the marks meanwhile. What the other
            had not seen keeps its mark then.
        """
        ours = StaleRow.id.in_(recount.marks)
        there = self._connection.execute(select(StaleRow.id).where(ours).order_by(StaleRow.id).with_for_update())
        if frozenset(there.scalars()) != recount.marks or not recount.marks:
            return False
        self._connection.execute(delete(StaleRow).where(ours))
        place, period = recount.partition.place, recount.partition.period
        self._connection.execute(delete(TallyRow).where(TallyRow.place == place, TallyRow.period == period))
        names = ("kind", "dimension", "level", "code", "sex")
        rows = [
            {"place": place, "period": period, **dict(zip(names, cell, strict=True)), "times": times, "rows": number}
            for cell, (times, number) in recount.cells.items()
        ]
        if rows:
            self._connection.execute(insert(TallyRow), rows)
        return True


_KEYS: Mapping[Along, Any] = {
    Along.CATEGORY: TallyRow.code,
    Along.MONTH: TallyRow.period,
    Along.SEX: TallyRow.sex,
}
_PLACES: Mapping[By, Any] = {By.LEVEL: TallyRow.level, By.COUNTY: TallyRow.place}


def _within(
    statement: Select[Any], counting: Counting, places: Sequence[str], periods: Sequence[Period]
) -> Select[Any]:
    dimension = counting.column.name if Along.CATEGORY in counting.along else WHOLE
    here = (TallyRow.place.in_(places), TallyRow.kind == counting.kind, TallyRow.dimension == dimension)
    statement = statement.where(*here, TallyRow.period.between(periods[0], periods[-1]))
    if len(periods) <= (periods[-1].year - periods[0].year) * 12 + periods[-1].month - periods[0].month:
        statement = statement.where(TallyRow.period.in_(periods))
    if counting.levels:
        statement = statement.where(TallyRow.level.in_(counting.levels))
    if counting.only:
        statement = statement.where(TallyRow.code.in_(counting.only))
    if (code := counting.sex.code) is not None:
        return statement.where(TallyRow.sex == code)
    if counting.kind == "service":
        apart = Along.SEX in counting.along
        return statement.where(TallyRow.sex > _ALL_SEXES if apart else TallyRow.sex == _ALL_SEXES)
    return statement


_TOGETHER = (
    ("case", ("counsellor_type", "grade", "sex", "status", "referral")),
    ("case", ("identity", "sources")),
    ("case", ("main_issue", "secondary_issues")),
    ("service", ("counsellor_type", "item", "audience")),
)
"""The columns that are grouped by at once: of so few different values that there are far fewer groups than rows."""


def _groups(kind: str, names: Sequence[str], partition: Partition) -> Select[Any]:
    """Level, codes, numbers; several codes as text."""
    table = TABLES[kind]
    codes = [_stored(table, name).label(f"c{n}") for n, name in enumerate(names)]
    level = type_coerce(table.level, Text)
    keys: list[Any] = [level, *codes]
    if kind == "case":
        keys.append(CaseRow.sex.label("of_sex"))
        numbers: list[Any] = [func.sum(CaseRow.sessions), func.count()]
    else:
        sexes = (ServiceRow.male, ServiceRow.female, ServiceRow.other)
        served = [func.sum(case((each > 0, 1), else_=0)) for each in sexes]
        numbers = [func.count(), *(func.sum(each) for each in sexes), *served]
    here = (table.county == partition.place, table.period == partition.period, table.in_force)
    return select(*keys, *numbers).where(*here).group_by(*keys)


def _stored(table: type[CaseRow | ServiceRow], name: str) -> Any:  # noqa: ANN401 -- a column's expression
    column = getattr(table, name)
    return type_coerce(column, Text) if name in _SEVERAL else column


def _amounts(kind: str, numbers: Sequence[Any]) -> Iterator[tuple[int, int, int]]:
    """Sex, person-times, rows; of services, those of all sexes first."""
    if kind == "case":
        sex, times, rows = numbers
        yield _NO_CODE if sex is None else sex, int(times), rows
        return
    rows, *amounts = map(int, numbers)
    yield _ALL_SEXES, sum(amounts[:3]), rows
    for sex, (times, served) in enumerate(zip(amounts[:3], amounts[3:], strict=True), start=1):
        if served:
            yield sex, times, served


@lru_cache(16_384)
def _dimensions(codes: tuple[tuple[str, Any], ...]) -> Sequence[tuple[str, int]]:
    """The categories in which a group counts: once in each."""
    found: list[tuple[str, int]] = []
    for name, value in codes:
        several = _listed(value) if name in _SEVERAL else () if value is None else (value,)
        found += [(name, code) for code in several or (_NO_CODE,)]
    known = dict(codes)
    if "counsellor_type" in known:
        found.append((WHOLE, _NO_CODE))
    if "main_issue" in known:
        main = () if known["main_issue"] is None else (known["main_issue"],)
        issues = dict.fromkeys((*main, *_listed(known["secondary_issues"])))
        found += [(ISSUES.name, code) for code in issues or (_NO_CODE,)]
    return found


def _listed(text: str | None) -> tuple[int, ...]:
    return tuple(dict.fromkeys(map(int, text.split(",")))) if text else ()
