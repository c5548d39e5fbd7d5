"""A heat map: figures by two dimensions. Each stands in its cell; the darker the cell, the greater it is."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from math import ceil, sqrt

from attrs import frozen

from tianbao_web_litestar.charts import shapes
from tianbao_web_litestar.charts.lettering import FINE, LEADING, lines_of, width_of
from tianbao_web_litestar.charts.shapes import Drawing, Shape
from tianbao_web_litestar.charts.values import Gap, Value, gaps_said, numbers, said

SHADES = 5
MOST = 40
"""Rows; what is left over is counted below them, and stands in the table."""
_ROOM = 180
_LEAST = 46.0
_HEAD = 74.0
"""What a word of a column's name may need before it is broken into lines."""


@frozen(kw_only=True)
class HeatMap:
    """Figures by two dimensions.

    Attributes:
        title: what it shows.
        description: the same in a sentence or two, with what stands out; for those who do not see it.
        rows: their names.
        columns: their names.
        values: a row of figures for each row.
        unit: of the figures, such as ``人次``.
        percent: whether the figures are shares (0 to 1).
    """

    title: str
    description: str
    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[Value]]
    unit: str = ""
    percent: bool = False

    def drawings(self) -> Sequence[Drawing]:
        """One, as wide as it must be; a narrow place lets it be moved."""
        return (_Plot(self).drawing(),)


@frozen
class _Plot:
    chart: HeatMap

    @cached_property
    def rows(self) -> Sequence[tuple[str, Sequence[Value]]]:
        """Those that are drawn."""
        return list(zip(self.chart.rows, self.chart.values, strict=True))[:MOST]

    @cached_property
    def greatest(self) -> float:
        return max(numbers(value for _, values in self.rows for value in values), default=0)

    def drawing(self) -> Drawing:
        found, y = [*self._heads()], self.top
        for name, values in self.rows:
            height = self._height(name)
            found += self._row(name, values, y, height)
            y += height + 2
        for line in self._foot():
            found.append(shapes.letters(0, y + 16, line, size=FINE))
            y += 22
        width = max(self.left + len(self.chart.columns) * self.cell, 320)
        return Drawing(width, y + 4, found, "whole")

    @cached_property
    def left(self) -> float:
        longest = max((width_of(name, FINE) for name, _ in self.rows), default=0)
        return min(longest, _ROOM) + 12

    @cached_property
    def cell(self) -> float:
        """The width of a column, with the gap behind it."""
        figures = [said(value, percent=self.chart.percent) for _, row in self.rows for value in row]
        widest = max((width_of(figure, FINE) for figure in figures), default=0) + 14
        words = (word for name in self.chart.columns for word in name.split())
        names = max((min(width_of(word, FINE), _HEAD) for word in words), default=0) + 8
        return max(_LEAST, widest, names) + 2

    @cached_property
    def top(self) -> float:
        return max((len(self._head(name)) for name in self.chart.columns), default=1) * FINE * LEADING + 8

    def _head(self, name: str) -> Sequence[str]:
        return lines_of(name, self.cell - 6, FINE)

    def _name(self, name: str) -> Sequence[str]:
        return lines_of(name, self.left - 12, FINE)

    def _height(self, name: str) -> float:
        return max(30, len(self._name(name)) * FINE * LEADING + 8)

    def _heads(self) -> Iterator[Shape]:
        """The columns' names, the last line of each right above the cells."""
        for n, name in enumerate(self.chart.columns):
            lines = self._head(name)
            middle = self.top - 6 - len(lines) * FINE * LEADING / 2
            yield from shapes.paragraph(self._x(n) + self.cell / 2 - 1, middle, lines, "middle", FINE)

    def _row(self, name: str, values: Sequence[Value], y: float, height: float) -> Iterator[Shape]:
        yield from shapes.paragraph(self.left - 10, y + height / 2, self._name(name), "end", FINE)
        for n, (column, value) in enumerate(zip(self.chart.columns, values, strict=True)):
            text = said(value, percent=self.chart.percent)
            shade = "gap" if isinstance(value, Gap) else f"shade-{self._shade(value)}"
            yield shapes.box(self._x(n), y, self.cell - 2, height, shade, tip=f"{name}　{column}：{text}")
            yield shapes.letters(self._x(n) + self.cell / 2 - 1, y + height / 2, text, f"middle on-{shade}", FINE)

    def _x(self, column: int) -> float:
        return self.left + column * self.cell

    def _shade(self, value: float) -> int:
        """0 for nothing, else 1 to 5. The root keeps small figures apart, which most are."""
        return ceil(SHADES * sqrt(value / self.greatest) - 1e-9) if value else 0

    def _foot(self) -> Iterator[str]:
        if len(self.chart.rows) > MOST:
            yield f"圖上是前 {MOST} 列，另有 {len(self.chart.rows) - MOST:,} 列，見表格。"
        signs = gaps_said(value for _, row in self.rows for value in row)
        unit = f"單位：{self.chart.unit}。" if self.chart.unit else ""
        yield f"{unit}顏色愈深，數字愈大。{signs}"
