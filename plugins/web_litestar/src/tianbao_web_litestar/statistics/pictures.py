"""The charts of a result: by month a line, by category sorted bars, by two dimensions a heat map."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import field, frozen

from tianbao.periods import Period
from tianbao.statistics import HIDDEN, Along, Axis, Coverage, Figure, Item, Result
from tianbao_web_litestar.charts import Bar, Bars, Chart, Gap, HeatMap, Line, Series, Value
from tianbao_web_litestar.charts.values import numbers

_NOTHING = Coverage()
_NAMED = 3
"""What stands out is named: so many."""


def pictures(result: Result, past: Result | None = None) -> Mapping[str, Chart]:
    """The charts that fit a result, by the name that stands in their addresses.

    Args:
        result: may be a published one.
        past: the same a year before.
    """
    if result.empty:
        return {}
    before = _Figures(past) if past else None
    return {name: chart for name, chart in _charts(_Figures(result), before) if chart}


@frozen
class _Figures:
    """A result by its axes; an axis that is not named is summed up."""

    result: Result
    _axes: Mapping[Along, Axis] = field(init=False)
    _found: Mapping[tuple[object, ...], Figure] = field(init=False)

    @_axes.default
    def _by_along(self) -> Mapping[Along, Axis]:
        return {axis.along: axis for axis in (*self.result.rows, self.result.columns)}

    @_found.default
    def _by_items(self) -> Mapping[tuple[object, ...], Figure]:
        cells = self.result.cells()
        return {tuple(where[along].key for along in self._axes): figure for where, figure in cells}

    def parts(self, along: Along) -> Sequence[Item]:
        """What an axis breaks down into; nothing where there is no such axis."""
        return self._axes[along].parts if along in self._axes else ()

    def at(self, where: Mapping[Along, Item]) -> Value | None:
        """A figure as a chart draws it; ``None`` where there is none of that name."""
        keys = tuple((where.get(along) or _summed(axis)).key for along, axis in self._axes.items())
        if keys not in self._found:
            return None
        figure = self._found[keys]
        if figure is HIDDEN:
            return Gap.SUPPRESSED
        return figure if figure or self._is_known(where) else Gap.MISSING

    def value(self, where: Mapping[Along, Item]) -> Value:
        """The same of items of its own."""
        found = self.at(where)
        return Gap.MISSING if found is None else found

    def _is_known(self, where: Mapping[Along, Item]) -> bool:
        """Whether anything was filed for it, so that a zero is a count."""
        covered = [self.result.coverage]
        if month := where.get(Along.MONTH):
            covered.append(self.result.by_month.get(month.key, _NOTHING) if isinstance(month.key, Period) else _NOTHING)
        if place := where.get(Along.PLACE):
            covered.append(self.result.by_place.get(place.key, _NOTHING))
        return all(each.filed or each.nil for each in covered)


def _summed(axis: Axis) -> Item:
    return axis.whole or axis.items[0]


def _charts(figures: _Figures, past: _Figures | None) -> Iterator[tuple[str, Chart | None]]:
    months, places = figures.parts(Along.MONTH), figures.parts(Along.PLACE)
    if months:
        yield "month", _by_month(figures, past)
    elif not places:
        yield "category", _bars(figures, past, Along.CATEGORY, "各類")
    else:
        yield "place", _bars(figures, past, Along.PLACE, f"各{figures.result.query.by.label}")
    if months or places:
        yield (
            "map",
            _heat(figures, Along.PLACE if places else Along.CATEGORY, Along.MONTH if months else Along.CATEGORY),
        )


def _by_month(figures: _Figures, past: _Figures | None) -> Chart:
    months = figures.parts(Along.MONTH)
    sexes = figures.parts(Along.SEX) if len(figures.parts(Along.SEX)) > 1 else ()
    total = Series("總計" if sexes else "本期", [figures.value({Along.MONTH: month}) for month in months])
    lines = [total]
    lines += [Series(sex.label, [figures.value({Along.MONTH: it, Along.SEX: sex}) for it in months]) for sex in sexes]
    if past:
        before = [past.value({Along.MONTH: month}) for month in past.parts(Along.MONTH)]
        lines.append(Series(f"去年{'總計' if sexes else '同月份'}", before, past=True))
    periods = [month.key for month in months if isinstance(month.key, Period)]
    result = figures.result
    return Line(
        title=f"{result.title}：逐月",
        description=_most(zip((month.label for month in months), total.values, strict=True), result),
        steps=[f"{period.month}月" for period in periods],
        groups=[f"{period.year - 1911}年" for period in periods],
        series=lines,
        unit=result.query.measure.label,
    )


def _bars(figures: _Figures, past: _Figures | None, along: Along, called: str) -> Chart | None:
    result, items = figures.result, figures.parts(along)
    if not items:
        return None
    bars = [Bar(it.label, figures.value({along: it}), past.at({along: it}) if past else None) for it in items]
    return Bars(
        title=f"{result.title}：{called}",
        description=_most(((bar.label, bar.value) for bar in bars), result),
        bars=bars,
        unit=result.query.measure.label,
    )


def _heat(figures: _Figures, down: Along, across: Along) -> Chart | None:
    result, rows, columns = figures.result, figures.parts(down), figures.parts(across)
    if len(rows) < 2 or len(columns) < 2:  # noqa: PLR2004 -- one line is no map
        return None
    values = [[figures.value({down: row, across: column}) for column in columns] for row in rows]
    if sum(any(numbers(column)) for column in zip(*values, strict=True)) < 2:  # noqa: PLR2004 -- nor is one column
        return None
    names = [_short(column) for column in columns]
    cells = (
        (f"{row.label}{name}", value)
        for row, line in zip(rows, values, strict=True)
        for name, value in zip(names, line, strict=True)
    )
    axes = {axis.along: axis.heading for axis in (*result.rows, result.columns)}
    return HeatMap(
        title=f"{result.title}：{axes[down]}與{axes[across]}",
        description=_most(cells, result),
        rows=[row.label for row in rows],
        columns=names,
        values=values,
        unit=result.query.measure.label,
    )


def _short(item: Item) -> str:
    return f"{item.key.year - 1911}年 {item.key.month}月" if isinstance(item.key, Period) else item.label


def _most(named: Iterable[tuple[str, Value]], result: Result) -> str:
    """What stands out, in a sentence."""
    known = [(label, value) for label, value in named if not isinstance(value, Gap) and value]
    unit = result.query.measure.label
    first = [f"{label} {value:,} {unit}" for label, value in sorted(known, key=lambda pair: -pair[1])[:_NAMED]]
    return f"最多的是{'、'.join(first)}；所有數字見表格。" if first else ""
