"""What a drawing consists of: shapes with a class, which the style sheet gives its looks."""

import re
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from tianbao_web_litestar.charts.lettering import FINE, LEADING, TEXT

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What may not stand in XML, however it is written."""


def harmless(text: str) -> str:
    """A text without the signs that would break the file."""
    return _FORBIDDEN.sub("", text)


@frozen
class Shape:
    """One element of an SVG.

    Attributes:
        tag: its name.
        look: its classes.
        places: its attributes.
        text: what is written in it.
        tip: what is shown to a pointer that rests on it.
    """

    tag: str
    look: str
    places: Mapping[str, str]
    text: str = ""
    tip: str = ""


@frozen
class Drawing:
    """A chart laid out.

    Attributes:
        width: in units; a unit is a pixel where there is room.
        height: likewise.
        shapes: from back to front.
        name: the class of its size: ``wide`` and ``narrow`` take turns, ``whole`` keeps its width and is scrolled.
    """

    width: float
    height: float
    shapes: Sequence[Shape]
    name: str


def box(x: float, y: float, width: float, height: float, look: str, *, tip: str = "", round_by: float = 0) -> Shape:
    """A rectangle."""
    corners = {"rx": round_by} if round_by else {}
    return _shape("rect", look, tip=tip, x=x, y=y, width=max(width, 0), height=height, **corners)


def rule(x1: float, y1: float, x2: float, y2: float, look: str) -> Shape:
    """A straight line."""
    return _shape("line", look, x1=x1, y1=y1, x2=x2, y2=y2)


def path(points: Sequence[tuple[float, float]], look: str) -> Shape:
    """A line through points."""
    way = "M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in points)
    return Shape("path", look, {"d": way})


def sign(form: str, x: float, y: float, look: str, tip: str = "") -> Shape:
    """A marker around a point; ``form`` is drawn around 0, 0."""
    return Shape("path", look, {"d": form, "transform": f"translate({_short(x)} {_short(y)})"}, tip=tip)


def letters(x: float, y: float, text: str, look: str = "", size: float = TEXT) -> Shape:
    """A line of text, its middle at the height ``y``."""
    look = f"{look} fine".strip() if size == FINE else look
    return Shape("text", look, {"x": _short(x), "y": _short(y + 0.36 * size)}, harmless(text))


def paragraph(x: float, y: float, lines: Sequence[str], look: str = "", size: float = TEXT) -> Iterator[Shape]:
    """Some lines of text, the middle of the whole at the height ``y``."""
    first = y - (len(lines) - 1) / 2 * size * LEADING
    for n, line in enumerate(lines):
        yield letters(x, first + n * size * LEADING, line, look, size)


def _shape(tag: str, look: str, *, tip: str = "", **places: float) -> Shape:
    return Shape(tag, look, {name: _short(place) for name, place in places.items()}, tip=harmless(tip))


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
