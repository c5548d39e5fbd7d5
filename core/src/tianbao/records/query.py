"""The query: what somebody wants to see of the records, as one value.

It says nothing of who asks: what of it a person may see is decided by `tianbao.records.sight`, each time anew. So an
address can be bookmarked, and sent to a colleague.
"""

from attrs import evolve, field, frozen

from tianbao.periods import Period, PeriodRange, PeriodRanges, school_years
from tianbao.records.ops import Op
from tianbao.units import Level

KINDS = {"case": "歷史個案", "service": "歷史服務"}
"""The two kinds of rows, as the manual's menu calls them."""
SIZE = 50
"""Rows of a page, where nothing else is said."""


@frozen
class Condition:
    """One condition on a column: an operator and its values, as typed."""

    op: Op
    values: tuple[str, ...] = ()


@frozen
class Filter:
    """One or two conditions on a column.

    Attributes:
        column: its name.
        conditions: one, or two.
        either: whether one of the two will do (或), rather than both (且).
    """

    column: str
    conditions: tuple[Condition, ...]
    either: bool = False


@frozen
class Sort:
    """A column that rows are sorted by."""

    column: str
    descending: bool = False


@frozen
class UnitKey:
    """A unit as an address names it: its code, and its level where several share the code."""

    code: str
    level: Level | None = None


@frozen
class Position:
    """A place between two rows: behind, or before, the row with this number."""

    row: int
    backwards: bool = False


@frozen(kw_only=True)
class Query:
    """What somebody wants to see; an empty part restricts nothing.

    Attributes:
        kind: ``case`` or ``service``.
        columns: to be shown, in this order; the usual ones where empty.
        filters: on columns; at most one on each.
        periods: the months, both ends included.
        school_years: in ROC years; a row must be of one of them, and of ``periods``.
        units: some units.
        counties: of the units when they filed.
        levels: of the units.
        search: words that must all occur in some text, name or label of the row.
        sort: by these columns, the first first; newest months first where empty.
        size: rows of a page.
        position: where the page is; ``None`` for the first.
    """

    kind: str = "case"
    columns: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    periods: PeriodRange = field(factory=PeriodRange)
    school_years: tuple[int, ...] = ()
    units: tuple[UnitKey, ...] = ()
    counties: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    search: str = ""
    sort: tuple[Sort, ...] = ()
    size: int = SIZE
    position: Position | None = None

    def filter_of(self, column: str) -> Filter | None:
        return next((each for each in self.filters if each.column == column), None)

    def filtered(self, new: Filter) -> "Query":
        """The same query, from its first page, with this filter in place of the column's old one."""
        others = tuple(each for each in self.filters if each.column != new.column)
        return evolve(self, filters=(*others, new), position=None)

    def unfiltered(self, column: str | None = None) -> "Query":
        """Without the filter of a column; without any filter and search where none is named (清除篩選)."""
        if column is None:
            return evolve(self, filters=(), search="", position=None)
        return evolve(self, filters=tuple(each for each in self.filters if each.column != column), position=None)

    def sorted(self, *sort: Sort) -> "Query":
        return evolve(self, sort=sort, position=None)

    def showing(self, *columns: str) -> "Query":
        """With these columns; rows and position stay what they are."""
        return evolve(self, columns=columns)

    def at(self, position: Position | None) -> "Query":
        return evolve(self, position=position)

    @property
    def months(self) -> tuple[PeriodRange, ...]:
        """The chosen months as stretches in order; none where all are chosen."""
        if not self.school_years:
            return () if self.periods == PeriodRange() else (self.periods,)
        years = PeriodRanges(school_years(year, year) for year in self.school_years)
        return tuple(years.within(self.periods)) or (NEVER,)


NEVER = PeriodRange(Period(1912, 2), Period(1912, 1))
"""The months of school years that lie outside the chosen months."""
