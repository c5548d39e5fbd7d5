"""A look: a query bound to the columns there are, and to what the person who asks may see."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.cells import squash
from tianbao.errors import Refusal
from tianbao.periods import PeriodRange
from tianbao.records.columns import COUNTY, ISSUES, LEVEL, PERIOD, UNIT_ID, Column, Columns, Kind, offered
from tianbao.records.conditions import sounding_like, spellings, test_of_filter
from tianbao.records.predicates import AllOf, Among, AnyOf, Has, Holds, Predicate, Within
from tianbao.records.query import Query, UnitKey
from tianbao.records.sight import Sight
from tianbao.templates import Template
from tianbao.units import Level, Unit

if TYPE_CHECKING:
    from tianbao.storage import UnitOfWork


@frozen
class Order:
    """A column that rows are ordered by."""

    column: Column
    descending: bool = False


@frozen
class Look:
    """What the store is asked.

    Attributes:
        kind: ``case`` or ``service``.
        columns: whose values are wanted, in order.
        sight: what the person may see.
        scope: months, units, counties, levels: what indexes narrow down.
        tests: filters and search.
        order: of the rows; those that are equal in it come in the order of filing, see ``newest_first``.
        newest_first: whether what was filed last comes first among equals.
    """

    kind: str
    columns: tuple[Column, ...]
    sight: Sight
    scope: Predicate
    tests: AllOf
    order: tuple[Order, ...]
    newest_first: bool


def columns_of(templates: Mapping[str, Template], query: Query) -> Columns:
    """The columns a query may show: those of the templates that served its months."""
    return offered(templates.values(), query.kind, query.months)


def shown(query: Query, columns: Columns, sight: Sight, known: Columns) -> tuple[Column, ...]:
    """The columns a query does show: those it names, as far as its months have them, else the usual ones.

    Raises:
        Refusal: it names one that no template has (``no-column``).
    """
    for name in query.columns:
        _known(name, known)
    chosen = tuple(columns[name] for name in query.columns if name in columns)
    return chosen or tuple(columns[name] for name in usual(columns, sight))


def usual(columns: Columns, sight: Sight) -> tuple[str, ...]:
    """The names of the columns that are shown where nothing is chosen: the form's own, and of which unit and month."""
    left_out = {"school_year", "level", "unit_code", "filed_at", "issues"}
    left_out |= {"county", "unit"} if sight.unit_id is not None else {"county"} if sight.county is not None else set()
    return tuple(name for name in columns if name not in left_out)


def look_of(query: Query, sight: Sight, units: Sequence[Unit], columns: tuple[Column, ...], known: Columns) -> Look:
    """Bind a query.

    Args:
        query: what is wanted.
        sight: what the person may see.
        units: those that the query names.
        columns: to be shown.
        known: all columns there are, which may be filtered and sorted by.

    Raises:
        Refusal: a filter or a sort makes no sense (``no-column``, ``bad-filter``).
    """
    filters = tuple(test_of_filter(_known(each.column, known), each) for each in query.filters)
    order = tuple(Order(_known(each.column, known), each.descending) for each in query.sort)
    order = order or (Order(PERIOD, descending=True),)
    narrow = sight.unit_id is not None or len(units) == 1
    return Look(
        query.kind,
        columns,
        sight,
        scope_of(query.months, units, query.counties, query.levels),
        AllOf((*filters, *(_found(word, known) for word in query.search.split()))),
        order,
        order[0].descending and not narrow,
    )


def _known(name: str, known: Columns) -> Column:
    if name not in known:
        names = "、".join(f"{column.name}（{column.heading}）" for column in known.values())
        raise Refusal("no-column", f"沒有「{name[:40]}」這個欄位。", f"可用的欄位：{names}。")
    return known[name]


def scope_of(
    months: Sequence[PeriodRange], units: Sequence[Unit], counties: Sequence[str], levels: Sequence[Level]
) -> Predicate:
    """What indexes narrow down; an empty part restricts nothing.

    Args:
        months: stretches in order.
        units: of the register.
        counties: of the units when they filed.
        levels: of the units.
    """
    parts: list[Predicate] = []
    if months:
        stretches = tuple(Within(PERIOD, part.first, part.last and part.last.next) for part in months)
        ends = Within(PERIOD, stretches[0].least, stretches[-1].below)  # one stretch that an index can walk
        parts += [ends] if len(stretches) == 1 else [ends, AnyOf(stretches)]
    if units:
        parts.append(Among(UNIT_ID, tuple(unit.id for unit in units if unit.id is not None)))
    if counties:
        parts.append(Among(COUNTY, tuple(counties)))
    if levels:
        parts.append(Among(LEVEL, tuple(levels)))
    return AllOf(tuple(parts))


def _found(word: str, columns: Columns) -> Predicate:
    """A word of the search stands in some text, or in some name of a code; a number is looked for in texts only."""
    tests: list[Predicate] = []
    for column in columns.values():
        if column.name == ISSUES.name:
            continue  # both of its parts are looked into
        if column.kind is Kind.TEXT:
            tests.append(Has(column, spellings(word)))
        elif column.choices and not squash(word).isdigit() and (keys := sounding_like(column, word)):
            several = column.kind is Kind.CODES
            codes = tuple(key for key in keys if isinstance(key, int))
            tests.append(Holds(column, codes) if several else Among(column, keys))
    return AnyOf(tuple(tests))


def units_of(work: "UnitOfWork", keys: Sequence[UnitKey]) -> Sequence[Unit]:
    """The units that an address names.

    Raises:
        Refusal: there is none of that code (``no-unit``).
    """
    found: list[Unit] = []
    for key in keys:
        units = work.units.of_code(key.code)
        named = [unit for unit in units if key.level in {None, unit.level}]
        if not named:
            raise Refusal("no-unit", f"沒有代碼「{key.code[:40]}」的單位。", "請用單位名稱搜尋正確的代碼。")
        found += named
    return found
