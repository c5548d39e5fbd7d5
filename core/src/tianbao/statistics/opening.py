"""Opening a figure: the query of records whose rows it counts, no more and no fewer.

Who may see those rows is decided when they are asked for (`tianbao.records`): statistics hold none of them.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve

from tianbao.periods import Period, PeriodRange
from tianbao.records.columns import PERIOD
from tianbao.records.ops import MOST_VALUES, Op
from tianbao.records.query import Condition, Filter, UnitKey
from tianbao.records.query import Query as Records
from tianbao.statistics.asking import SERVED, stretches
from tianbao.statistics.query import By, Query, Sex
from tianbao.statistics.result import NONE, Along, Item, Result
from tianbao.units import Level


def opening(result: Result, where: Mapping[Along, Item]) -> Records | None:
    """The records behind a figure.

    The figure is the sum of their 人次, the number of their different students (of a unit), or their number, as the
    measure says; of one sex of services, the sum of that sex's column.

    Args:
        result: the answer.
        where: the figure's item on each axis, as `Result.cells` gives them.

    Returns:
        The query; ``None`` where records cannot be asked so (a code no form knows any more, over 100 scattered months).
    """
    query = result.query
    periods = _periods(result, where)
    months = stretches(periods)
    wanted = _placed(
        result, where, Records(kind=query.kind, units=query.units, counties=query.counties, levels=query.levels)
    )
    wanted = evolve(wanted, periods=PeriodRange(periods[0], periods[-1]))
    tests = [*_chosen(query), *_category(result, where), *_sex(query, where)]
    if len(months) > 1:
        tests.append((PERIOD.name, Condition(Op.ANY, tuple(map(str, periods)))))
    filters: dict[str, list[Condition]] = {}
    for name, condition in tests:
        filters.setdefault(name, []).append(condition)
    if not _can_be_asked(result, filters):
        return None
    return evolve(wanted, filters=tuple(Filter(name, tuple(conditions)) for name, conditions in filters.items()))


def _can_be_asked(result: Result, filters: Mapping[str, Sequence[Condition]]) -> bool:
    for name, conditions in filters.items():
        column = result.known.get(name)
        if column is None or len(conditions) > 2 or any(len(each.values) > MOST_VALUES for each in conditions):  # noqa: PLR2004 -- what a filter takes
            return False
        known = {str(key) for key in column.labels}
        if known and any(value not in known for each in conditions for value in each.values):
            return False
    return True


def _periods(result: Result, where: Mapping[Along, Item]) -> Sequence[Period]:
    month = where.get(Along.MONTH)
    return [month.key] if month and isinstance(month.key, Period) else result.periods


def _placed(result: Result, where: Mapping[Along, Item], wanted: Records) -> Records:
    place = where.get(Along.PLACE)
    if place is None or place.total:
        return wanted
    match result.query.by:
        case By.UNIT if isinstance(place.key, int):
            unit = result.units[place.key]
            return evolve(wanted, units=(UnitKey(unit.code, unit.level),))
        case By.LEVEL:
            return evolve(wanted, levels=(Level(str(place.key)),))
        case _:
            return evolve(wanted, counties=(str(place.key),))


def _any(codes: Sequence[int]) -> Condition:
    return Condition(Op.ANY, tuple(map(str, codes)))


def _chosen(query: Query) -> Iterator[tuple[str, Condition]]:
    for each in query.chosen:
        yield each.column, _any(each.codes)


def _category(result: Result, where: Mapping[Along, Item]) -> Iterator[tuple[str, Condition]]:
    item, reading = where[Along.CATEGORY], result.table.reading(result.query.reading)
    if reading is None:
        return
    if item.key == NONE:
        yield reading.column, Condition(Op.BLANK)
    elif isinstance(item.key, int):
        yield reading.column, _any([item.key])
    elif result.table.only:
        yield reading.column, _any(sorted(result.table.only))


def _sex(query: Query, where: Mapping[Along, Item]) -> Iterator[tuple[str, Condition]]:
    item = where.get(Along.SEX)
    key = query.sex.value if item is None or item.total else item.key
    if key == NONE:
        yield "sex", Condition(Op.BLANK)
    elif (sex := Sex(str(key))).code is not None:
        yield (SERVED[sex], Condition(Op.MORE, ("0",))) if query.kind == "service" else ("sex", _any([sex.code or 0]))
