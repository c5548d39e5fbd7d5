"""A table of statistics (統計資料表) as data: what it counts, by what, and which filters make sense on it.

Core declares the common ones in `tianbao.statistics.common`; a template declares its own beside the columns they draw
on (``Template(..., tables=[…])``). Codes and their labels come from the templates' code lists, never from here.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from attrs import field, frozen

from tianbao.templates.measures import MEASURES, Measure

if TYPE_CHECKING:
    from tianbao.templates.template import Template


@frozen
class Reading:
    """One of several ways to read a table's rows (統計類別), such as 主類別.

    Attributes:
        key: stands in addresses.
        label: what people call it.
        column: the column of the records whose codes are the rows.
    """

    key: str
    label: str
    column: str


def _codes(codes: Iterable[int]) -> frozenset[int]:
    return frozenset(codes)


def _readings(rows: "str | Iterable[Reading]") -> tuple[Reading, ...]:
    return (Reading("", "", rows),) if isinstance(rows, str) else tuple(rows)


@frozen(kw_only=True)
class Table:
    """A table of statistics.

    Attributes:
        name: stands in addresses; unique among the tables of its kind.
        numeral: a Roman numeral. The table by month (逐月彙整) is called 表 with it in small letters, the merged one
            (合併彙整) 表 with capitals.
        title: without the measure: 學校輔導議題.
        kind: of the rows that are counted, ``case`` or ``service``.
        rows: the column whose codes are the rows of the table, or several `Reading` of it, the usual one first.
        filters: the coded columns it can be filtered by.
        by_sex: whether it can be broken down by sex.
        only: the codes it is about; all where empty.
        measures: that make sense; those of its kind unless told otherwise.
        note: what a reader must know about it, in 繁體中文.
    """

    name: str
    numeral: str
    title: str
    kind: str
    rows: tuple[Reading, ...] = field(converter=_readings)
    filters: Sequence[str] = ()
    by_sex: bool = True
    only: frozenset[int] = field(default=frozenset(), converter=_codes)
    measures: Sequence[Measure] = field()
    note: str = ""

    @measures.default
    def _usual_measures(self) -> Sequence[Measure]:
        return MEASURES[self.kind]

    def reading(self, key: str) -> Reading | None:
        """The reading of a key; the usual one where it is empty."""
        return next((each for each in self.rows if not key or each.key == key), None)

    def number(self, *, monthly: bool) -> str:
        """表i by month, 表I merged."""
        return f"表{self.numeral.lower() if monthly else self.numeral.upper()}"

    @property
    def called(self) -> str:
        """As the manual lists it: 表i/I－學校輔導議題."""
        return f"表{self.numeral.lower()}/{self.numeral.upper()}－{self.title}"


def tables_of(common: Iterable[Table], templates: "Iterable[Template]", kind: str) -> dict[str, Table]:
    """All tables of a kind by name: the common ones, then the templates'; of two of a name, the newest template's."""
    declared = sorted(templates, key=lambda each: (each.serves.first is not None, each.serves.first, each.key))
    found = [*common, *(table for template in declared for table in template.tables)]
    return {table.name: table for table in found if table.kind == kind}
