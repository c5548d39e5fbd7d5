"""How wide a text is, and how it is broken into lines, without a browser to ask.

A Chinese sign takes one em, everything else a little more than half: close enough to leave room for it.
"""

import unicodedata
from collections.abc import Sequence

TEXT, FINE = 15, 13
"""The two sizes of a chart's letters, in its units; the style sheet's section on charts has them, too."""
LEADING = 1.3
_FULL, _HALF = 1.0, 0.58
_NOT_FIRST = frozenset("，。、；：？！）」』】》〉)-－…")


def width_of(text: str, size: float = TEXT) -> float:
    """The width of a text."""
    return size * sum(map(_em, text))


def lines_of(text: str, room: float, size: float = TEXT) -> Sequence[str]:
    """A text in lines no wider than the room, where a sign is not wider than that by itself.

    A line begins with no closing bracket or comma, and a word or number is not broken where it fits on a line.
    """
    lines = [""]
    for piece in _pieces(text, room, size):
        if lines[-1] and width_of(lines[-1] + piece.rstrip(), size) > room and piece not in _NOT_FIRST:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return lines


def _pieces(text: str, room: float, size: float) -> Sequence[str]:
    """What is not to be broken: one Chinese sign, or a word."""
    pieces: list[str] = []
    for sign in text:
        joins = pieces and _em(sign) == _em(pieces[-1][-1]) == _HALF and not pieces[-1].endswith(" ")
        if joins and width_of(pieces[-1] + sign, size) <= room:
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def _em(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    return _FULL if unicodedata.east_asian_width(sign) in "WFA" else _HALF
