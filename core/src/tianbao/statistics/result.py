"""What an answer is: a table of figures with all that must stand beside it, and nothing of how it is drawn."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from attrs import frozen

from tianbao.periods import Period
from tianbao.records.columns import Columns
from tianbao.statistics.coverage import Coverage
from tianbao.statistics.query import Query
from tianbao.templates.tables import Table
from tianbao.units import Unit

HIDDEN = None
"""Stands for a figure that is not to be published; see `tianbao.statistics.publishing`."""
NONE = ""
"""The key of the item for rows that have no code at all, such as no secondary issue."""

Figure = int | None
Code = int | str | Period


class Along(StrEnum):
    """What a table can be broken down by."""

    PLACE = "place"
    CATEGORY = "category"
    SEX = "sex"
    MONTH = "month"


@frozen
class Item:
    """One entry of an axis: a code, a sex, a month, a place, or their total.

    Attributes:
        key: the code's number (`NONE` where a row has none), ``male`` …, a `Period`, a county, a level's word, a unit's
            number; ``total``.
        label: what it is shown as: 情緒困擾, 113年9月.
        total: whether it is all of the axis together.
    """

    key: Code
    label: str
    total: bool = False


@frozen
class Axis:
    """What stands along one side of the table.

    Attributes:
        along: what it breaks down by.
        heading: what it is called: 個案類別(主), 月份.
        items: in order; the total, where there is one, is the last.
    """

    along: Along
    heading: str
    items: tuple[Item, ...]

    @property
    def parts(self) -> tuple[Item, ...]:
        """The items without the total: what a chart draws."""
        return tuple(item for item in self.items if not item.total)

    @property
    def whole(self) -> Item | None:
        """The total, if there is one."""
        return next((item for item in self.items if item.total), None)


@frozen
class Line:
    """A row of the table.

    Attributes:
        items: one for each of the row axes.
        figures: one for each item of the column axis; `HIDDEN` where it is not to be published.
    """

    items: tuple[Item, ...]
    figures: tuple[Figure, ...]

    @property
    def total(self) -> bool:
        """Whether it adds up others."""
        return any(item.total for item in self.items)


@frozen(kw_only=True)
class Result:
    """An answer.

    Attributes:
        query: what was asked.
        table: of which declared table.
        title: 表i－學校輔導議題人次.
        rows: the row axes, one or several; each line has an item of each.
        columns: the column axis.
        lines: in order; totals behind what they add up.
        definition: of the figures.
        notes: what a reader must know: what counts twice, where categories changed; sentences in 繁體中文.
        words: the query, as pairs of a label and a text.
        coverage: what the figures stand on.
        by_month: likewise of each month, where months stand side by side.
        by_place: likewise of each place, by its item's key, where places have rows of their own.
        as_of: the moment of the answer: whatever was filed before it is in.
        periods: the months that are counted, in order.
        known: the columns of the records behind the figures.
        units: by number, where they have rows of their own.
    """

    query: Query
    table: Table
    title: str
    rows: tuple[Axis, ...]
    columns: Axis
    lines: tuple[Line, ...]
    definition: str
    notes: Sequence[str]
    words: Sequence[tuple[str, str]]
    coverage: Coverage
    by_month: Mapping[Period, Coverage]
    by_place: Mapping[Code, Coverage]
    as_of: dt.datetime
    periods: tuple[Period, ...]
    known: Columns
    units: Mapping[int, Unit]

    @property
    def headings(self) -> Sequence[str]:
        """Of the row axes, then of the columns."""
        return [*(axis.heading for axis in self.rows), *(item.label for item in self.columns.items)]

    def axis(self, along: Along) -> Axis | None:
        """The axis of a breakdown, wherever it stands."""
        return next((axis for axis in (*self.rows, self.columns) if axis.along is along), None)

    def cells(self) -> Iterator[tuple[Mapping[Along, Item], Figure]]:
        """Every figure with its item on each axis."""
        for line in self.lines:
            where = {axis.along: item for axis, item in zip(self.rows, line.items, strict=True)}
            for item, figure in zip(self.columns.items, line.figures, strict=True):
                yield {**where, self.columns.along: item}, figure

    @property
    def empty(self) -> bool:
        """Whether there is nothing but zeros; what is hidden is none."""
        return all(figure == 0 for _, figure in self.cells())
