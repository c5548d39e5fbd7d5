"""Tallies and their marks; see `tianbao.statistics.tallied` for the law they keep."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from attrs import frozen
from sqlalchemy import Index, Select, Text, delete, func, insert, literal, select, type_coerce
from sqlalchemy.orm import Mapped, mapped_column

from tianbao.periods import Period
from tianbao.statistics.counting import ORDER, Counting, Key
from tianbao.statistics.measures import Measure
from tianbao.statistics.query import By
from tianbao.statistics.result import NONE, Along
from tianbao.statistics.tallied import COUNTRY, DIMENSIONS, WHOLE, Partition, Sources, sources
from tianbao.storage.repository import Repository
from tianbao.storage.tables import Base, CaseRow, ServiceRow, UnitRow
from tianbao.storage.types import Number
from tianbao.units import COUNTIES, Level

_SEVERAL = ("sources", "secondary_issues", "issues")
_NO_CODE = -1
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
    times: Mapped[int]
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
        """Trust no tally any more: every month of every county in which there is a row."""
        for table in (CaseRow, ServiceRow):
            found = select(table.county, table.period).where(table.in_force).distinct()
            self._connection.execute(insert(StaleRow).from_select(["place", "period"], found))
            country = select(literal(COUNTRY), table.period).where(table.in_force).distinct()
            self._connection.execute(insert(StaleRow).from_select(["place", "period"], country))

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
        for *parts, number in self._connection.execute(statement):
            if number:
                known = {each: NONE if part == _NO_CODE else part for each, part in zip(along, parts, strict=True)}
                yield tuple(known.get(each) for each in ORDER), int(number)  # type: ignore[misc]

    def recount(self, partition: Partition) -> Recount:
        """Count a partition anew, from its rows; the country's, from its counties, which must not be stale."""
        here = (StaleRow.place == partition.place, StaleRow.period == partition.period)
        marks = frozenset(self._connection.execute(select(StaleRow.id).where(*here)).scalars())
        added = self._added_up(partition.period) if partition.place == COUNTRY else self._tallied(partition)
        return Recount(partition, marks, added)

    def _added_up(self, period: Period) -> Mapping[Cell, tuple[int, int]]:
        keys = (TallyRow.kind, TallyRow.dimension, TallyRow.level, TallyRow.code, TallyRow.sex)
        sums = select(*keys, func.sum(TallyRow.times), func.sum(TallyRow.rows))
        statement = sums.where(TallyRow.period == period, TallyRow.place.in_(self._counties())).group_by(*keys)
        return {tuple(key): (int(times), int(rows)) for *key, times, rows in self._connection.execute(statement)}  # type: ignore[misc]

    def _tallied(self, partition: Partition) -> Mapping[Cell, tuple[int, int]]:
        found: dict[Cell, list[int]] = {}
        for rows, read in ((_case_rows, _case_cells), (_service_rows, _service_cells)):
            for row in self._connection.execute(rows(partition)):
                for cell, times in read(row):
                    amount = found.setdefault(cell, [0, 0])
                    amount[0] += times
                    amount[1] += 1
        return {cell: (times, rows) for cell, (times, rows) in found.items()}

    def replace(self, recount: Recount) -> bool:
        """Put a recount in place of what was, and take its marks away.

        Returns:
            Whether it was done; it was not where another recount has taken one of the marks meanwhile.
        """
        taken = delete(StaleRow).where(StaleRow.id.in_(recount.marks)).returning(StaleRow.id)
        if frozenset(self._connection.execute(taken).scalars()) != recount.marks or not recount.marks:
            return False
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


_SEXES = (ServiceRow.male, ServiceRow.female, ServiceRow.other)
_SINGLE = {kind: tuple(name for name in names if name not in _SEVERAL) for kind, names in DIMENSIONS.items()}


def _case_rows(partition: Partition) -> Select[Any]:
    codes = [getattr(CaseRow, name) for name in _SINGLE["case"]]
    several = [type_coerce(column, Text) for column in (CaseRow.sources, CaseRow.secondary_issues)]
    return _of(CaseRow, partition, [CaseRow.sex, CaseRow.sessions, CaseRow.main_issue, *several, *codes])


def _service_rows(partition: Partition) -> Select[Any]:
    return _of(ServiceRow, partition, [*_SEXES, *(getattr(ServiceRow, name) for name in _SINGLE["service"])])


def _of(table: type[CaseRow | ServiceRow], partition: Partition, columns: Sequence[Any]) -> Select[Any]:
    here = (table.county == partition.place, table.period == partition.period, table.in_force)
    return select(type_coerce(table.level, Text), *columns).where(*here)


def _case_cells(row: Sequence[Any]) -> Iterator[tuple[Cell, int]]:
    """The cells in which a case counts, once in each, and its person-times."""
    level, sex, sessions, main, sources_text, others_text, *codes = row
    sex = _NO_CODE if sex is None else sex
    yield ("case", WHOLE, level, _NO_CODE, sex), sessions
    for name, code in zip(_SINGLE["case"], codes, strict=True):
        yield ("case", name, level, _NO_CODE if code is None else code, sex), sessions
    others = _listed(others_text)
    issues = dict.fromkeys(others if main is None else (main, *others))
    for name, several in (("sources", _listed(sources_text)), ("secondary_issues", others), ("issues", issues)):
        for code in several or (_NO_CODE,):
            yield ("case", name, level, code, sex), sessions


def _service_cells(row: Sequence[Any]) -> Iterator[tuple[Cell, int]]:
    """The cells in which a service counts: those of its sexes, and those of all of them."""
    level, male, female, other, *codes = row
    named = [(WHOLE, _NO_CODE), *zip(_SINGLE["service"], codes, strict=True)]
    for name, code in named:
        key = ("service", name, level, _NO_CODE if code is None else code)
        yield (*key, _ALL_SEXES), male + female + other
        for sex, times in ((1, male), (2, female), (3, other)):
            if times > 0:
                yield (*key, sex), times


@lru_cache(4096)
def _listed(text: str | None) -> tuple[int, ...]:
    return tuple(dict.fromkeys(map(int, text.split(",")))) if text else ()
