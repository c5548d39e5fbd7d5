"""Charts, drawn on the server as SVG of plain data; no script, and every figure also stands in a table beside it.

A chart is a value: `Line`, `Bars`, `HeatMap` or `TileMap`. In a page's template ``{{ chart | chart }}`` draws it;
`svg_file` makes a file of it that looks right by itself. What is told by a colour is told by a form, a sign or a
number as well, so that charts can be read in black and white, by everybody, and on paper.
"""

from tianbao_web_litestar.charts.bars import Bar, Bars
from tianbao_web_litestar.charts.drawing import Chart, drawn, svg_file
from tianbao_web_litestar.charts.heat import HeatMap
from tianbao_web_litestar.charts.line import Line, Series
from tianbao_web_litestar.charts.tiles import Tile, TileMap
from tianbao_web_litestar.charts.values import Gap, Value

__all__ = [
    "Bar",
    "Bars",
    "Chart",
    "Gap",
    "HeatMap",
    "Line",
    "Series",
    "Tile",
    "TileMap",
    "Value",
    "drawn",
    "svg_file",
]
