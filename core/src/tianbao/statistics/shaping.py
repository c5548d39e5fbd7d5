"""From counts to a table: its axes, their items in order, its lines."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from math import prod

from attrs import frozen

from tianbao.canon import GRADES, OTHER_SEX
from tianbao.errors import Refusal
from tianbao.statistics.asking import Asked
from tianbao.statistics.counting import ORDER, Counts
from tianbao.statistics.query import By, Sex
from tianbao.statistics.result import NONE, Along, Axis, Code, Item, Line
from tianbao.units import COUNTIES, Level, Unit

MOST_FIGURES = 200_000
"""Of one table; more are nobody's to read."""
TOTAL = "total"
_SEXES = (Sex.MALE, Sex.FEMALE, Sex.OTHER)
_BY_GRADE = ("grade", "audience")
"""Columns whose first codes are grades, of which each level has its own."""


@frozen
class Shape:
    """A table without its frame: axes and lines."""

    rows: tuple[Axis, ...]
    columns: Axis
    lines: tuple[Line, ...]


def shaped(asked: Asked, counts: Counts, units: Sequence[Unit]) -> Shape:
    """Lay out counts as a table.

    By month, the months are the columns. Merged, the columns are the sexes, or the categories where places have rows of
    their own. Everything else stands in rows.

    Args:
        asked: the query.
        counts: with all the sums.
        units: those that have rows of their own.

    Raises:
        Refusal: it would have too many figures (``too-large``).
    """
    axes = {axis.along: axis for axis in _axes(asked, counts, units)}
    _demand_room(axes.values())
    last = Along.MONTH if asked.query.monthly else Along.CATEGORY if Along.PLACE in axes else Along.SEX
    columns = axes.pop(last)
    if not asked.by_sex:
        axes.pop(Along.SEX, None)
    rows = tuple(axes.values())
    return Shape(rows, columns, tuple(_lines(asked, rows, columns, counts)))


def demand_room(asked: Asked, units: Sequence[Unit]) -> None:
    """Refuse a table that will have too many figures before anything of it is counted.

    Args:
        asked: the query.
        units: of the register, that will have rows of their own.

    Raises:
        Refusal: it has too many whatever is counted (``too-large``).
    """
    _demand_room(_axes(asked, {}, units))


def _demand_room(axes: Iterable[Axis]) -> None:
    if (figures := prod(len(axis.items) for axis in axes)) > MOST_FIGURES:
        raise Refusal(
            "too-large",
            f"這張表有 {figures:,} 格，超過上限 {MOST_FIGURES:,} 格。",
            "請縮小時間區間、改為合併彙整，或減少分列。",
        )


def _lines(asked: Asked, rows: Sequence[Axis], columns: Axis, counts: Counts) -> Iterator[Line]:
    where = [axis.along for axis in (*rows, columns)]
    places = [where.index(along) if along in where and along in asked.along else None for along in ORDER]
    across = [_part(item) for item in columns.items]
    for items in product(*(axis.items for axis in rows)):
        down = [_part(item) for item in items]
        keys = ([None if place is None else [*down, part][place] for place in places] for part in across)
        yield Line(items, tuple(counts.get(tuple(key), 0) for key in keys))  # type: ignore[arg-type]


def _part(item: Item) -> Code | None:
    """What an item is in a key of counts."""
    if item.total:
        return None
    return Sex(item.key).code if item.key in set(_SEXES) else item.key


def _axes(asked: Asked, counts: Counts, units: Sequence[Unit]) -> Iterator[Axis]:
    found = {along: {key[n] for key in counts} - {None} for n, along in enumerate(ORDER)}
    if asked.query.by is not By.NOTHING:
        yield _places(asked, found[Along.PLACE], units)
    yield Axis(Along.CATEGORY, asked.column.heading, _categories(asked, found[Along.CATEGORY]))
    yield Axis(Along.SEX, "性別", _sexes(asked, found[Along.SEX]))
    if asked.query.monthly:
        months = (Item(period, period.spoken) for period in asked.periods)
        yield Axis(Along.MONTH, "月份", _with_total(months, "合計"))


def _places(asked: Asked, found: set[Code | None], units: Sequence[Unit]) -> Axis:
    match asked.query.by:
        case By.UNIT:
            names = Counter(unit.name for unit in units)
            items = [Item(unit.id or 0, _name(unit, shared=names[unit.name] > 1)) for unit in units]
        case By.LEVEL:
            items = [Item(level.value, level.label) for level in Level if level in asked.levels]
        case _:
            wanted = {unit.county for unit in units} | found
            items = [Item(name, name) for name in COUNTIES if name in wanted]
    return Axis(Along.PLACE, asked.query.by.label, _with_total(items, "合計"))


def _name(unit: Unit, *, shared: bool) -> str:
    """A unit's name; its code and level tell apart those that share one."""
    return f"{unit.name}（{unit.code} {unit.level.label}）" if shared else unit.name


def _with_total(items: Iterable[Item], label: str) -> tuple[Item, ...]:
    """The items, and their total where there are several."""
    each = tuple(items)
    return (*each, Item(TOTAL, label, total=True)) if len(each) != 1 else each


def _categories(asked: Asked, found: set[Code | None]) -> tuple[Item, ...]:
    """The codes of the list in its order, codes no list knows any more, and, where there is such, none at all."""
    served = asked.offered.get(asked.column.name, asked.column)
    known = {key: label for key, label in served.labels.items() if isinstance(key, int)}
    grades = set().union(*(level.grades for level in asked.levels))
    strange = set() if asked.column.name not in _BY_GRADE else set(GRADES.by_number) - grades
    wanted = [code for code in known if not asked.table.only or code in asked.table.only]
    items = [Item(code, _plain(code, known[code])) for code in wanted if code not in strange or code in found]
    gone = {code for code in found if isinstance(code, int) and code not in known}
    wanted_gone = sorted(gone & asked.table.only if asked.table.only else gone)
    items += [Item(code, _plain(code, asked.column.labels.get(code, f"代號 {code}"))) for code in wanted_gone]
    if NONE in found:
        items.append(Item(NONE, "無"))
    return (*items, Item(TOTAL, "合計", total=True))


def _plain(code: int, label: str) -> str:
    """A label without its number: ``5 情緒困擾`` is 情緒困擾."""
    return label.removeprefix(f"{code} ")


def _sexes(asked: Asked, found: set[Code | None]) -> tuple[Item, ...]:
    total = Item(TOTAL, Sex.TOTAL.label, total=True)
    if not asked.by_sex:
        return (
            (total,)
            if asked.query.sex in {Sex.ALL, Sex.TOTAL}
            else (Item(asked.query.sex.value, asked.query.sex.label),)
        )
    has_other = OTHER_SEX in found or _knows_other(asked)
    items = [Item(sex.value, sex.label) for sex in _SEXES if sex is not Sex.OTHER or has_other]
    return (*items, *([Item(NONE, "未填")] if NONE in found else []), total)


def _knows_other(asked: Asked) -> bool:
    """Whether the form of some chosen month asks for a third sex."""
    if asked.query.kind == "service":
        return "other" in asked.offered
    return "sex" in asked.offered and OTHER_SEX in asked.offered["sex"].labels
