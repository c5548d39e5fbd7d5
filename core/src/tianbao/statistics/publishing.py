"""Figures for publication: small counts are hidden, and with them whatever they could be computed from.

A single mark stands for everything hidden. A count under the limit is hidden together with a *box*: for each axis of
the table another place on it is chosen, and all the corners that come of it are hidden, too. Adding one to a corner and
taking one from its neighbours (adding one to a total, too) changes no sum along any axis; so whoever knows all the
figures that are left, and all that adds up to what, cannot tell what a hidden one is. (The method of hypercubes.) Zeros
are never hidden, and everybody can see that: so no corner is zero, and one from which one is taken is two at least.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from attrs import evolve

from tianbao.statistics.result import HIDDEN, Line, Result

UNDER = 3
"""Counts under this are small, where nothing else is said; zero is no count of anybody."""
MARK = "※"
"""Stands for a hidden figure. It is the same for small ones and for those hidden beside them: two marks would tell."""

Place = tuple[int, ...]


def published(result: Result, under: int = UNDER) -> Result:
    """The same result with its small counts hidden.

    Args:
        result: as it is.
        under: counts from 1 to this, exclusive, are hidden.
    """
    axes = (*result.rows, result.columns)
    figures = dict(zip(product(*(range(len(axis.items)) for axis in axes)), _figures(result), strict=True))
    gone = hidden(figures, [len(axis.items) for axis in axes], under)
    shown = [HIDDEN if place in gone else figure for place, figure in figures.items()]
    wide = len(result.columns.items)
    lines = [Line(line.items, tuple(shown[n * wide : (n + 1) * wide])) for n, line in enumerate(result.lines)]
    note = f"為保護個人資料，小於 {under} 的數字，以及可據以推算的其他數字，以「{MARK}」表示。"
    return evolve(result, lines=tuple(lines), notes=[*result.notes, note])


def _figures(result: Result) -> Iterator[int]:
    for line in result.lines:
        yield from (figure or 0 for figure in line.figures)


def hidden(figures: Mapping[Place, int], sizes: Sequence[int], under: int) -> frozenset[Place]:
    """The places of the figures that must be hidden.

    Args:
        figures: by place, one index for each axis; the last of an axis with several may be its total.
        sizes: how many places each axis has.
        under: counts from 1 to this, exclusive, are small.
    """
    small = sorted((figure, place) for place, figure in figures.items() if 0 < figure < under)
    gone: set[Place] = set()
    boxed: set[Place] = set()
    for _, place in small:
        if place not in boxed:
            box = _box(figures, sizes, place, gone)
            gone |= box
            boxed |= box
    return frozenset(gone)


def _box(figures: Mapping[Place, int], sizes: Sequence[int], place: Place, gone: set[Place]) -> frozenset[Place]:
    """The corners to hide with a place: axis after axis, the other place that costs least.

    An axis with one place only adds nothing up, and needs no other. There always is a box: of a total that is not zero
    some part is not zero, so axes on which the place is a total come first; and of what is not zero no total is zero.
    """
    corners = {place: True}
    for axis in sorted(range(len(sizes)), key=lambda axis: place[axis] != sizes[axis] - 1):
        corners |= _cheapest(figures, sizes[axis], axis, corners, gone)
    return frozenset(corners)


def _cheapest(
    figures: Mapping[Place, int], size: int, axis: int, corners: Mapping[Place, bool], gone: set[Place]
) -> Mapping[Place, bool]:
    """The same corners at another place on an axis, where what is not hidden yet is least; whether each grows."""
    best: Mapping[Place, bool] = {}
    least: int | None = None
    here = next(iter(corners))[axis]
    for other in range(size):
        flips = size - 1 not in {other, here}
        moved = {(*at[:axis], other, *at[axis + 1 :]): grows != flips for at, grows in corners.items()}
        if other != here and all(figures[corner] >= (1 if grows else 2) for corner, grows in moved.items()):
            cost = sum(figures[corner] for corner in moved if corner not in gone)
            if least is None or cost < least:
                best, least = moved, cost
            if not cost:
                break  # nothing costs less
    return best
