"""A query bound: to the tables and codes there are, to the months there have been, to what the person may see.

Whatever makes no sense is refused in words, never left out: a figure that answers another question than the one that
was asked is worse than none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.accounts.policy import Action
from tianbao.errors import Refusal
from tianbao.periods import Period, PeriodRange, PeriodRanges, school_years
from tianbao.records.columns import Column, Columns, Kind, known_beside, offered
from tianbao.records.look import scope_of, units_of
from tianbao.records.looking import demand_reach
from tianbao.records.predicates import AllOf, Among, Holds, Predicate, Within
from tianbao.records.query import KINDS
from tianbao.records.sight import Person, Sight, sight_of
from tianbao.statistics.common import COMMON
from tianbao.statistics.counting import Counting
from tianbao.statistics.query import By, Query, Sex
from tianbao.statistics.result import Along
from tianbao.statistics.tallied import DIMENSIONS
from tianbao.templates.measures import Measure
from tianbao.templates.tables import Reading, Table, tables_of
from tianbao.units import Level, Unit

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork
    from tianbao.templates import Template

SERVED = {Sex.MALE: "male", Sex.FEMALE: "female", Sex.OTHER: "other"}
"""The columns in which a service holds its number for a sex."""


@frozen(kw_only=True)
class Asked:
    """A query that has been found to be allowed and to make sense.

    Attributes:
        query: what was asked.
        table: of which table.
        reading: of its rows.
        column: whose codes are the categories.
        known: the columns of the records, those of the chosen months as these have them.
        offered: only those of the chosen months.
        periods: the chosen months, as far as they have come, in order.
        units: those that the query names.
        sight: what the person may see.
    """

    query: Query
    table: Table
    reading: Reading
    column: Column
    known: Columns
    offered: Columns
    periods: tuple[Period, ...]
    units: Sequence[Unit]
    sight: Sight

    @property
    def by_sex(self) -> bool:
        """Whether the sexes stand side by side."""
        return self.query.sex is Sex.ALL and self.table.by_sex

    @property
    def along(self) -> frozenset[Along]:
        """What the figures are broken down by."""
        wanted = {
            Along.CATEGORY: True,
            Along.MONTH: self.query.monthly,
            Along.PLACE: self.query.by is not By.NOTHING,
            Along.SEX: self.by_sex,
        }
        return frozenset(along for along, is_wanted in wanted.items() if is_wanted)

    @property
    def levels(self) -> frozenset[Level]:
        """The levels of the units that are counted."""
        named = {unit.level for unit in self.units}
        return frozenset(self.query.levels or Level) & frozenset(named or Level)

    @property
    def counting(self) -> Counting:
        """What the store is asked."""
        query = self.query
        months = stretches(self.periods)
        scope = scope_of(months, self.units, query.counties, query.levels)
        return Counting(
            kind=query.kind,
            measure=query.measure,
            column=self.column,
            periods=self.periods,
            counties=query.counties or ((self.sight.county,) if self.sight.county else ()),
            levels=query.levels,
            only=self.table.only,
            scope=AllOf((self.sight.test, scope)),
            tests=AllOf(tuple(self._tests())),
            by=query.by,
            sex=query.sex if self.table.by_sex else Sex.TOTAL,
            along=self.along,
            tallied=self._tallied,
        )

    @property
    def _tallied(self) -> bool:
        query, several = self.query, self.column.kind is Kind.CODES
        return (
            self.column.name in DIMENSIONS[query.kind]
            and query.measure is not Measure.PERSONS
            and query.by is not By.UNIT
            and self.sight.unit_id is None
            and not (query.chosen or self.units or (several and self.table.only))
        )

    def _tests(self) -> Iterator[Predicate]:
        for each in self.query.chosen:
            yield _among(self.known[each.column], each.codes)
        if self.table.only:
            yield _among(self.column, sorted(self.table.only))
        if (code := self.query.sex.code) is not None:
            if self.query.kind == "case":
                yield Among(self.known["sex"], (code,))
            else:
                yield Within(self.known[SERVED[self.query.sex]], 1, None)


def _among(column: Column, codes: Iterable[int]) -> Predicate:
    return Holds(column, tuple(codes)) if column.kind is Kind.CODES else Among(column, tuple(codes))


def stretches(periods: Sequence[Period]) -> tuple[PeriodRange, ...]:
    """Months as stretches, with gaps between them."""
    return PeriodRanges(PeriodRange(period, period) for period in periods).ranges


def tables(templates: "Iterable[Template]", kind: str) -> Mapping[str, Table]:
    """All tables of a kind, by name.

    Raises:
        Refusal: there is no such kind (``no-table``).
    """
    if kind not in KINDS:
        raise Refusal("no-table", f"沒有「{kind[:40]}」這種統計。", f"可用 {'、'.join(KINDS)}。")
    return tables_of(COMMON, templates, kind)


def bind(app: "App", work: "UnitOfWork", person: Person, query: Query) -> Asked:
    """Bind a query.

    Raises:
        Refusal: the person may not see it (``not-allowed``), or it makes no sense (``no-table``, ``bad-measure``,
            ``bad-parameter``, ``no-filter``, ``bad-filter``, ``no-span``, ``no-unit``).
    """
    sight = sight_of(person, Action.SEE_STATISTICS)
    units = units_of(work, query.units)
    demand_reach(person, Action.SEE_STATISTICS, sight, units, query.counties)
    templates = app.plugins.templates.values()
    table = table_of(templates, query)
    periods = span(query, app.settings.calendar.first_month, app.settings.calendar.current_period(app.clock.now()))
    everything = offered(templates, query.kind)
    served = offered(templates, query.kind, stretches(periods))
    known = known_beside(served, everything)
    reading = _reading(table, query)
    _demand_sense(table, query, sight, everything)
    if sight.unit_id is not None and (own := work.units.get(sight.unit_id)):
        units = [own]
    column = known.get(reading.column)
    if column is None or column.kind not in {Kind.CODE, Kind.CODES}:
        raise Refusal("no-table", f"目前的填報表格沒有「{table.title}」所需的欄位。", "請洽承辦單位。")
    return Asked(
        query=query,
        table=table,
        reading=reading,
        column=column,
        known=known,
        offered=served,
        periods=periods,
        units=units,
        sight=sight,
    )


def table_of(templates: "Iterable[Template]", query: Query) -> Table:
    """The table a query names.

    Raises:
        Refusal: there is none of that name (``no-table``).
    """
    known = tables(templates, query.kind)
    if query.table not in known:
        names = "、".join(f"{name}（{table.called}）" for name, table in known.items())
        raise Refusal("no-table", f"沒有「{query.table[:40]}」這個統計資料表。", f"可用：{names}。")
    return known[query.table]


def span(query: Query, first: str, current: Period) -> tuple[Period, ...]:
    """The chosen months, in order; those that cannot be filed yet are left out.

    Args:
        query: chooses them.
        first: the first month anybody owed.
        current: the month that is being filed.

    Raises:
        Refusal: none is chosen, or none has come (``no-span``).
    """
    if not query.years and not query.school_years:
        raise Refusal("no-span", "尚未選擇時間區間。", "請選擇年（可加選月）或學年度，再送出查詢。")
    begin = min([Period.parse(first), *_first_months(query)])
    months = (begin.plus(n) for n in range((current.year - begin.year) * 12 + current.month - begin.month + 1))
    found = tuple(month for month in months if query.covers(month))
    if not found:
        raise Refusal(
            "no-span", "所選的時間區間沒有可統計的月份。", f"目前最近的填報月份是{current.spoken}，請重新選擇。"
        )
    return found


def _first_months(query: Query) -> Iterator[Period]:
    """Where the chosen years begin: months before the first that was owed may have been filed, too."""
    yield from (Period(year + 1911, 1) for year in query.years)
    yield from (first for year in query.school_years if (first := school_years(year, year).first))


def _reading(table: Table, query: Query) -> Reading:
    found = table.reading(query.reading)
    if found is None:
        names = "、".join(f"{each.key}（{each.label}）" for each in table.rows if each.key)
        remedy = f"可用：{names}。" if names else "這個統計表沒有統計類別可選。"
        raise Refusal("bad-parameter", f"「{table.called}」沒有統計類別「{query.reading[:40]}」。", remedy)
    return found


def _demand_sense(table: Table, query: Query, sight: Sight, known: Columns) -> None:
    if query.measure not in table.measures:
        names = "、".join(f"{each.value}（{each.label}）" for each in table.measures)
        raise Refusal("bad-measure", f"「{table.called}」不能以{query.measure.label}計量。", f"可用：{names}。")
    if query.sex.code is not None and not table.by_sex:
        raise Refusal("bad-parameter", f"「{table.called}」不能篩選性別。", "請將性別改為總計。")
    if query.by is not By.NOTHING and sight.unit_id is not None:
        raise Refusal("bad-parameter", "您的帳號只有一個單位，不能依單位、學制或縣市分列。", "請將分列方式改為不分列。")
    for each in query.chosen:
        _demand_filter(table, each.column, each.codes, known)


def _demand_filter(table: Table, name: str, codes: Sequence[int], known: Columns) -> None:
    if name not in table.filters or name not in known:
        usable = "、".join(f"{each}（{known[each].heading}）" for each in table.filters if each in known)
        raise Refusal(
            "no-filter",
            f"「{table.called}」不能用「{name[:40]}」篩選。",
            f"可用：{usable or '沒有'}；請移除這個條件後再查詢。",
        )
    choices = known[name].labels
    if wrong := [code for code in codes if code not in choices]:
        labels = "、".join(choice.label for choice in known[name].choices)
        raise Refusal("bad-filter", f"「{known[name].heading}」沒有代號 {wrong[0]}。", f"可以選：{labels}。")
