"""A tile map: Taiwan's 22 counties as tiles of one size, each where people look for it."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from attrs import field, frozen

from tianbao_web_litestar.charts import shapes
from tianbao_web_litestar.charts.lettering import FINE
from tianbao_web_litestar.charts.shapes import Drawing, Shape
from tianbao_web_litestar.charts.values import Gap, Value, gaps_said, said

PLACES = {
    "連江縣": (0, 0), "臺北市": (3, 0), "基隆市": (4, 0),
    "桃園市": (2, 1), "新北市": (3, 1), "宜蘭縣": (4, 1.5),
    "金門縣": (0, 2), "新竹市": (2, 2), "新竹縣": (3, 2),
    "苗栗縣": (2, 3), "臺中市": (3, 3), "花蓮縣": (4, 3.5),
    "彰化縣": (2, 4), "南投縣": (3, 4),
    "澎湖縣": (0, 5), "雲林縣": (1, 5), "嘉義縣": (2, 5), "嘉義市": (3, 5), "臺東縣": (4, 5.5),
    "臺南市": (2, 6), "高雄市": (3, 6),
    "屏東縣": (3, 7),
}  # fmt: skip
"""Column and row of each county; north is up. The three long counties of the east stand between rows."""
BOUNDS = (0.5, 0.7, 0.8, 0.9)
"""Of rates that are mostly high, as those of completeness are."""
_WIDTH, _HEIGHT, _GAP = 62, 58, 4


@frozen
class Tile:
    """A county.

    Attributes:
        county: its full name.
        value: its figure.
        sign: stands behind the figure; a share of all has ``✓`` unless told otherwise.
    """

    county: str = field()
    value: Value
    sign: str = ""

    @county.validator
    def _known(self, _: object, county: str) -> None:
        if county not in PLACES:
            raise ValueError(f"{county!r} is none of the 22 counties; see tianbao.units.COUNTIES")


@frozen(kw_only=True)
class TileMap:
    """Figures by county.

    Attributes:
        title: what it shows.
        description: the same in a sentence or two, with what stands out; for those who do not see it.
        tiles: a county that has none is shown as one without data.
        bounds: the four figures at which a darker shade begins.
        unit: of the figures, such as ``人次``.
        percent: whether the figures are shares (0 to 1), as they are in most maps.
    """

    title: str
    description: str
    tiles: Sequence[Tile]
    bounds: Sequence[float] = BOUNDS
    unit: str = ""
    percent: bool = True

    def drawings(self) -> Sequence[Drawing]:
        """One; it fits the smallest screen."""
        known = {tile.county: tile for tile in self.tiles}
        tiles = [known.get(county) or Tile(county, Gap.MISSING) for county in PLACES]
        found = [shape for tile in tiles for shape in self._tile(tile)]
        found += self._key(gaps_said(tile.value for tile in tiles))
        return (Drawing(5 * (_WIDTH + _GAP) - _GAP, 8 * (_HEIGHT + _GAP) + 20, found, "map"),)

    def _tile(self, tile: Tile) -> Iterator[Shape]:
        column, row = PLACES[tile.county]
        x, y = column * (_WIDTH + _GAP), row * (_HEIGHT + _GAP)
        text, shade = f"{self._said(tile.value)}{self._sign(tile)}", self._shade(tile.value)
        tip = f"{tile.county}：{text} {self.unit}".rstrip()
        yield shapes.box(x, y, _WIDTH, _HEIGHT, shade, tip=tip, round_by=4)
        yield shapes.letters(x + _WIDTH / 2, y + 19, tile.county, f"middle on-{shade}")
        yield shapes.letters(x + _WIDTH / 2, y + 40, text, f"middle strong on-{shade}", FINE)
        if self.percent and not isinstance(tile.value, Gap):  # as long as the share: to be seen in any light
            yield shapes.box(x + 6, y + _HEIGHT - 7, (_WIDTH - 12) * tile.value, 3, f"share on-{shade}")

    def _sign(self, tile: Tile) -> str:
        return tile.sign or ("✓" if self.percent and tile.value == 1 else "")

    def _said(self, value: Value) -> str:
        return said(value, percent=self.percent)

    def _shade(self, value: Value) -> str:
        if isinstance(value, Gap):
            return "gap"
        return f"shade-{1 + bisect_right(self.bounds, value)}"

    def _key(self, signs: str) -> Iterator[Shape]:
        """What shades and signs mean, in the sea to the south-west."""
        top = 6 * (_HEIGHT + _GAP) + 10
        for n, bound in enumerate((0, *self.bounds)):
            y = top + n * 21
            yield shapes.box(0, y, 20, 17, f"shade-{n + 1}", round_by=3)
            text = f"{self._said(bound)} 以上" if n else f"未達 {self._said(self.bounds[0])}"
            yield shapes.letters(28, y + 8.5, text, size=FINE)
        if signs:
            yield shapes.letters(0, top + 5 * 21 + 10, signs, size=FINE)
