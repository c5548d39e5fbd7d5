"""A bar chart: categories, the greatest first, each with its name in full and its figure at the end."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from attrs import field, frozen

from tianbao_web_litestar.charts import shapes
from tianbao_web_litestar.charts.lettering import FINE, LEADING, TEXT, lines_of, width_of
from tianbao_web_litestar.charts.shapes import Drawing, Shape
from tianbao_web_litestar.charts.values import Gap, Value, gaps_said, numbers, said

MOST = 30
"""Bars; what is left over is counted below them, and stands in the table."""
_THICK, _THIN = 18, 6
_KEY = 30


@frozen
class Bar:
    """A category.

    Attributes:
        label: its name.
        value: its figure.
        past: the figure it is compared with; ``None`` where there is nothing to compare.
    """

    label: str
    value: Value
    past: Value | None = None


def _greatest_first(bars: Sequence[Bar]) -> Sequence[Bar]:
    return sorted(bars, key=lambda bar: (isinstance(bar.value, Gap), *(-value for value in numbers([bar.value]))))


@frozen(kw_only=True)
class Bars:
    """Figures by category.

    Attributes:
        title: what it shows.
        description: the same in a sentence or two, with what stands out; for those who do not see it.
        bars: in any order.
        unit: of the figures, such as ``人次``.
        percent: whether the figures are shares (0 to 1).
        now: what the figures are, such as ``113學年度``; said where there is a comparison.
        past: what they are compared with, such as ``112學年度同月份``.
    """

    title: str
    description: str
    bars: Sequence[Bar] = field(converter=_greatest_first)
    unit: str = ""
    percent: bool = False
    now: str = "本期"
    past: str = "去年同月份"

    def drawings(self) -> Sequence[Drawing]:
        """For wide and for narrow places."""
        longest = max((width_of(bar.label) for bar in self.bars[:MOST]), default=0)
        return (
            _Plot(self, 720, min(longest, 230)).drawing("wide"),
            _Plot(self, 320, 320, above=True).drawing("narrow"),
        )


@frozen
class _Plot:
    """A bar chart of a width.

    Attributes:
        chart: what is drawn.
        width: of all of it.
        room: for the names, beside the bars or above them.
        above: whether names stand above their bars.
    """

    chart: Bars
    width: float
    room: float
    above: bool = field(default=False, kw_only=True)

    def drawing(self, name: str) -> Drawing:
        found = [*self._key()]
        y = _KEY if found else 0.0
        for bar in self.chart.bars[:MOST]:
            lines = lines_of(bar.label, self.room)
            found += self._bar(bar, lines, y)
            y += self._height(lines)
        for line in self._foot():
            found.append(shapes.letters(0, y + 14, line, size=FINE))
            y += 24
        return Drawing(self.width, y, found, name)

    @cached_property
    def left(self) -> float:
        return 0 if self.above else self.room + 12

    @cached_property
    def longest(self) -> float:
        """The length of the longest bar: what the figures leave."""
        figures = max((self._figures_width(bar) for bar in self.chart.bars[:MOST]), default=0)
        return self.width - self.left - figures - 10

    @cached_property
    def compared(self) -> bool:
        return any(bar.past is not None for bar in self.chart.bars)

    def _height(self, lines: Sequence[str]) -> float:
        text, bars = len(lines) * TEXT * LEADING, _THICK + (_THIN + 2 if self.compared else 0)
        return text + bars + 16 if self.above else max(text, bars) + 11

    def _key(self) -> Iterator[Shape]:
        """What the two kinds of bars are."""
        if not self.compared:
            return
        yield shapes.box(0, 4, 28, 14, "bar")
        yield shapes.letters(36, 11, self.chart.now, size=FINE)
        x = 36 + width_of(self.chart.now, FINE) + 22
        yield shapes.box(x, 8, 28, _THIN, "past-bar")
        yield shapes.letters(x + 36, 11, self.chart.past, size=FINE)

    def _bar(self, bar: Bar, lines: Sequence[str], y: float) -> Iterator[Shape]:
        text = len(lines) * TEXT * LEADING
        if self.above:
            yield from shapes.paragraph(0, y + text / 2, lines)
            middle = y + text + 2 + _THICK / 2
        else:
            middle = y + self._height(lines) / 2 - (_THIN / 2 + 1 if self.compared else 0)
            yield from shapes.paragraph(self.room, middle, lines, "end")
        length, past = self._length(bar.value), self._length(bar.past)
        if length:
            yield shapes.box(self.left, middle - _THICK / 2, length, _THICK, "bar", tip=self._tip(bar))
        if past:
            yield shapes.box(self.left, middle + _THICK / 2 + 2, past, _THIN, "past-bar", tip=self._tip(bar))
        yield shapes.rule(self.left, middle - _THICK / 2 - 3, self.left, middle + _THICK / 2 + 3, "axis")
        x = self.left + max(length, past) + 8
        yield shapes.letters(x, middle, said(bar.value, percent=self.chart.percent), "strong")
        if compared := self._past(bar):
            yield shapes.letters(x + width_of(self._now(bar)) + 3, middle, compared, size=FINE)

    def _length(self, value: Value | None) -> float:
        if value is None or isinstance(value, Gap):
            return 0
        return max(self.longest * value / (self.greatest or 1), 1.5 if value else 0)

    @cached_property
    def greatest(self) -> float:
        values = [each for bar in self.chart.bars for each in (bar.value, bar.past) if each is not None]
        return max(numbers(values), default=0)

    def _now(self, bar: Bar) -> str:
        return said(bar.value, percent=self.chart.percent)

    def _past(self, bar: Bar) -> str:
        return "" if bar.past is None else f"（{said(bar.past, percent=self.chart.percent)}）"

    def _figures_width(self, bar: Bar) -> float:
        return width_of(self._now(bar)) + 3 + width_of(self._past(bar), FINE)

    def _tip(self, bar: Bar) -> str:
        compared = "" if bar.past is None else f"；{self.chart.past} {said(bar.past, percent=self.chart.percent)}"
        return f"{bar.label}：{self._now(bar)} {self.chart.unit}{compared}"

    def _foot(self) -> Iterator[str]:
        if len(self.chart.bars) > MOST:
            yield f"圖上是最多的 {MOST} 項，另有 {len(self.chart.bars) - MOST:,} 項，見表格。"
        if not numbers(bar.value for bar in self.chart.bars):
            yield "沒有可以畫成圖的數字。"
        values = [each for bar in self.chart.bars for each in (bar.value, bar.past) if each is not None]
        if signs := gaps_said(values):
            yield signs
