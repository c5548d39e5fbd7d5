"""A line chart: figures over time. Series are told apart by dash, marker and a label of their own, then by colour."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
from math import ceil
from typing import ClassVar

from attrs import field, frozen

from tianbao_web_litestar.charts import shapes
from tianbao_web_litestar.charts.axis import ticks
from tianbao_web_litestar.charts.lettering import FINE, width_of
from tianbao_web_litestar.charts.shapes import Drawing, Shape
from tianbao_web_litestar.charts.values import Gap, Value, gaps_said, numbers, said

MARKERS = (
    "M-4.5 0A4.5 4.5 0 1 1 4.5 0A4.5 4.5 0 1 1 -4.5 0Z",
    "M-4 -4H4V4H-4Z",
    "M0 -5.2L5 3.8H-5Z",
    "M0 -5.8L5.8 0L0 5.8L-5.8 0Z",
    "M-4 -4L4 4M4 -4L-4 4",
)
"""Circle, square, triangle, diamond, cross: one for each series, then again from the first."""
_PAST = "M-3 0A3 3 0 1 1 3 0A3 3 0 1 1 -3 0Z"
_MANY = 40
"""Steps; beyond them a line without markers reads better."""
_APART = 20.0


@frozen
class Series:
    """One line.

    Attributes:
        label: stands beside it.
        values: one for each step of the chart.
        past: whether it is there for comparison (last year's, last month's): drawn lighter.
    """

    label: str
    values: Sequence[Value]
    past: bool = False


@frozen(kw_only=True)
class Line:
    """Figures over time.

    Attributes:
        title: what it shows.
        description: the same in a sentence or two, with what stands out; for those who do not see it.
        steps: along the axis, such as ``8月``.
        groups: what several steps in a row have in common, such as ``113年``; one for each step, or none at all.
        series: the lines, at least one; the most important first.
        unit: of the figures, such as ``人次``.
        percent: whether the figures are shares (0 to 1).
    """

    title: str
    description: str
    steps: Sequence[str]
    series: Sequence[Series]
    groups: Sequence[str] = ()
    unit: str = ""
    percent: bool = False

    def drawings(self) -> Sequence[Drawing]:
        """For wide and for narrow places."""
        return _Plot(self, 720, 330, labels_beside=True).drawing("wide"), _Plot(self, 320, 260).drawing("narrow")


@frozen
class _Plot:
    """A line chart of a size; places are computed from what has to stand around the lines."""

    TOP: ClassVar[float] = 34

    chart: Line
    width: float
    height: float
    labels_beside: bool = field(default=False, kw_only=True)

    def drawing(self, name: str) -> Drawing:
        if not numbers(value for each in self.chart.series for value in each.values):
            return shapes.Drawing(self.width, 90, [shapes.letters(0, 45, "沒有可以畫成圖的數字。")], name)
        parts = (self._grid(), self._axis(), self._lines(), self._gaps(), self._labels(), self._foot())
        return Drawing(self.width, self.height + self.key_height, [shape for part in parts for shape in part], name)

    # Room

    @cached_property
    def ticks(self) -> list[float]:
        greatest = max(numbers(value for each in self.chart.series for value in each.values))
        whole = all(isinstance(value, int | Gap) for each in self.chart.series for value in each.values)
        return ticks(greatest, about=5 if self.labels_beside else 4, whole=whole and not self.chart.percent)

    @cached_property
    def left(self) -> float:
        return max(width_of(self._said(tick), FINE) for tick in self.ticks) + 10

    @cached_property
    def right(self) -> float:
        """The end of the lines."""
        if not self.labels_beside:
            return self.width - 12
        return self.width - 16 - min(max(width_of(each.label) for each in self.chart.series), self.width / 3)

    @property
    def key_height(self) -> float:
        """In narrow places the labels stand above the lines."""
        return 0 if self.labels_beside else 24 * len(self.chart.series)

    @cached_property
    def top(self) -> float:
        return self.TOP + self.key_height

    @cached_property
    def bottom(self) -> float:
        feet = 28 + (20 if self.chart.groups else 0) + (22 if self._gaps_said else 0)
        return self.key_height + self.height - feet

    @cached_property
    def _gaps_said(self) -> str:
        return gaps_said(gap for _, gap in self._broken())

    def x(self, step: int) -> float:
        count = len(self.chart.steps)
        room = self.right - self.left - 20
        return self.left + 10 + (room / 2 if count == 1 else room * step / (count - 1))

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.ticks[-1]

    # Parts

    def _grid(self) -> Iterator[Shape]:
        if self.chart.unit:
            yield shapes.letters(0, self.key_height + 10, f"單位：{self.chart.unit}", size=FINE)
        for tick in self.ticks:
            yield shapes.rule(self.left, self.y(tick), self.right, self.y(tick), "axis" if tick == 0 else "rule")
            yield shapes.letters(self.left - 8, self.y(tick), self._said(tick), "end", FINE)

    def _axis(self) -> Iterator[Shape]:
        """The names of the steps, as many as there is room for; those of groups below the first of each."""
        names, every = self.chart.steps, self._every(self.chart.steps)
        if not (self.chart.groups and every > 6):  # noqa: PLR2004 -- months fewer than two a year say nothing
            for step in range(0, len(names), every):
                yield shapes.letters(self.x(step), self.bottom + 18, names[step], "middle", FINE)
        end = -1.0
        for group, first in self._firsts():
            if (place := self.x(first)) >= end:
                yield shapes.letters(place, self.bottom + 38, group, "middle", FINE)
                end = place + width_of(group, FINE) + 8

    def _every(self, names: Sequence[str]) -> int:
        """Every how many-th name there is room for."""
        widest = max(width_of(name, FINE) for name in names) + 10
        return max(1, ceil(widest * len(names) / (self.right - self.left + widest)))

    def _firsts(self) -> Iterator[tuple[str, int]]:
        for group, steps in groupby(enumerate(self.chart.groups), key=lambda pair: pair[1]):
            yield group, next(steps)[0]

    def _lines(self) -> Iterator[Shape]:
        """The lines for comparison lie behind the others."""
        for n, each in sorted(enumerate(self.chart.series), key=lambda pair: not pair[1].past):
            yield from self._line(each, _look(n, each), _form(n, each))

    def _line(self, each: Series, look: str, form: str) -> Iterator[Shape]:
        runs = [list(run) for known, run in groupby(enumerate(each.values), key=_is_known) if known]
        for run in runs:
            points = [(self.x(step), self.y(value)) for step, value in run if not isinstance(value, Gap)]
            if len(points) > 1:
                yield shapes.path(points, f"{look} line")
            if len(each.values) <= _MANY or len(points) == 1:
                for (x, y), (step, value) in zip(points, run, strict=True):
                    yield shapes.sign(form, x, y, f"{look} mark", self._tip(each, step, value))

    def _tip(self, each: Series, step: int, value: Value) -> str:
        when = f"{self.chart.groups[step] if self.chart.groups else ''}{self.chart.steps[step]}"
        return shapes.harmless(f"{each.label}　{when}：{self._said(value)} {self.chart.unit}".rstrip())

    def _gaps(self) -> Iterator[Shape]:
        """Where a line is broken, the reason stands on the axis."""
        for step, gap in sorted(self._broken(), key=lambda pair: (pair[0], pair[1].name)):
            yield shapes.letters(self.x(step), self.bottom - 12, gap.value, "middle", FINE)

    def _broken(self) -> set[tuple[int, Gap]]:
        """The steps without a figure. A line that ends for want of data is not broken: those months are to come."""
        found = set()
        for each in self.chart.series:
            known = [step for step, value in enumerate(each.values) if value is not Gap.MISSING]
            inner = enumerate(each.values[: known[-1] + 1 if known and not each.past else 0])
            found |= {(step, value) for step, value in inner if isinstance(value, Gap)}
        return found

    def _labels(self) -> Iterator[Shape]:
        if self.labels_beside:
            yield from self._labels_beside()
            return
        for n, each in enumerate(self.chart.series):
            y, look = 12 + 24 * n, _look(n, each)
            yield shapes.path([(0, y), (36, y)], f"{look} line")
            yield shapes.sign(_form(n, each), 18, y, f"{look} mark")
            yield shapes.letters(46, y, each.label, look)

    def _labels_beside(self) -> Iterator[Shape]:
        """Each label beside the end of its line, moved apart where they would touch."""
        ends = [(self._end(each), n, each) for n, each in enumerate(self.chart.series) if numbers(each.values)]
        place = self.top - _APART
        found = []
        for y, n, each in sorted(ends, key=lambda end: end[:2]):
            place = max(y, place + _APART)
            found.append((place, n, each))
        over = max(place - self.bottom, 0)
        for y, n, each in found:
            yield shapes.letters(self.right + 8, y - over, each.label, _look(n, each))

    def _end(self, each: Series) -> float:
        return self.y(numbers(each.values)[-1])

    def _foot(self) -> Iterator[Shape]:
        if self._gaps_said:
            yield shapes.letters(0, self.height + self.key_height - 10, self._gaps_said, size=FINE)

    def _said(self, value: Value) -> str:
        return said(value, percent=self.chart.percent)


def _is_known(pair: tuple[int, Value]) -> bool:
    return not isinstance(pair[1], Gap)


def _look(n: int, each: Series) -> str:
    return "past" if each.past else f"series-{n % len(MARKERS) + 1}"


def _form(n: int, each: Series) -> str:
    return _PAST if each.past else MARKERS[n % len(MARKERS)]
