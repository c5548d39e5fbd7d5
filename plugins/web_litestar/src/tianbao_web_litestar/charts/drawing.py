"""Charts as SVG: in a page, and as a file of its own.

In a page the one stylesheet gives shapes their looks. A file takes the sheet's section on charts along, with the light
tokens put in: programs that draw SVG on paper and slides know neither tokens nor dark pages.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tianbao_web_litestar.charts import shapes
from tianbao_web_litestar.charts.lettering import FINE, LEADING, TEXT, lines_of
from tianbao_web_litestar.charts.shapes import Drawing, Shape

_MARGIN = 24


class Chart(Protocol):
    """What can be drawn."""

    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...

    def drawings(self) -> Sequence[Drawing]:
        """The chart laid out: the widest first, then for narrow places."""
        ...


_ENVIRONMENT = Environment(
    loader=PackageLoader("tianbao_web_litestar", "templates/charts"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["harmless"] = shapes.harmless


def drawn(chart: Chart) -> Markup:
    """A chart for a page: for wide and for narrow places, of which one is shown."""
    return Markup(_ENVIRONMENT.get_template("page.html").render(chart=chart))  # noqa: S704 -- it escapes by itself


def svg_file(chart: Chart, about: Sequence[str] = ()) -> bytes:
    """A chart as a file: its title above, what belongs with it (the query, as of when) below."""
    drawing = chart.drawings()[0]
    width = max(drawing.width, 480)
    title = lines_of(chart.title, width, 20)
    top = _MARGIN + len(title) * 20 * LEADING + 14
    notes = [line for text in about for line in lines_of(text, width, FINE)]
    below = top + drawing.height + 14
    words: list[Shape] = [
        *(_line(line, _MARGIN + n * 20 * LEADING + 10, "title") for n, line in enumerate(title)),
        *(shapes.letters(_MARGIN, below + (n + 0.5) * FINE * LEADING, note, size=FINE) for n, note in enumerate(notes)),
    ]
    text = _ENVIRONMENT.get_template("file.svg").render(
        chart=chart,
        drawing=drawing,
        width=width + 2 * _MARGIN,
        height=below + len(notes) * FINE * LEADING + _MARGIN,
        left=_MARGIN,
        top=top,
        words=words,
        style=Markup(_own_style()),  # noqa: S704 -- our own style sheet
    )
    return text.encode()


def _line(text: str, y: float, look: str) -> Shape:
    return shapes.letters(_MARGIN, y, text, look, TEXT)


@cache
def _own_style() -> str:
    """The style sheet's section on charts: tokens become their values in the light, selectors as plain as can be."""
    sheet = (files("tianbao_web_litestar") / "static" / "tianbao.css").read_text()
    tokens = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", _section(sheet, "Tokens").partition("@media")[0]))
    rules = re.sub(r"var\((--[\w-]+)\)", lambda found: tokens[found[1]], _section(sheet, "Charts"))
    return rules.replace(".chart ", "")


def _section(sheet: str, name: str) -> str:
    """What stands below a section's heading, up to the next."""
    return re.split(r"/\* ── ", sheet.partition(f"/* ── {name}")[2])[0].partition("*/")[2].strip()
