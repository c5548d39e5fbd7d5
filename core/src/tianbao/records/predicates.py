"""What a query comes down to: tests of a row's columns, which `tianbao.storage.records` turns into SQL.

Their meaning is the same on every database. A text is compared without regard to the case of A-Z, and ordered by its
characters' numbers; nothing else is folded. A blank (no value, the empty text, no codes) passes `Blank` only; so `Not`
of any other test holds for blanks, as people expect of 不包含.
"""

import datetime as dt

from attrs import frozen

from tianbao.periods import Period
from tianbao.records.columns import Column

Value = str | int | Period | dt.date | dt.datetime


@frozen
class Blank:
    """Nothing stands in the column."""

    column: Column


@frozen
class Has:
    """The text holds one of the needles, which are folded."""

    column: Column
    needles: tuple[str, ...]


@frozen
class Starts:
    """The text begins with one of the needles, which are folded."""

    column: Column
    needles: tuple[str, ...]


@frozen
class Among:
    """The value is one of these; texts are folded."""

    column: Column
    values: tuple[Value, ...]


@frozen
class Within:
    """The value is at least ``least`` and less than ``below``; an end that is ``None`` is open."""

    column: Column
    least: Value | None
    below: Value | None


@frozen
class Holds:
    """Of several codes, one is among these."""

    column: Column
    codes: tuple[int, ...]


@frozen
class Exactly:
    """The several codes are these and no others, in whatever order."""

    column: Column
    codes: frozenset[int]


@frozen
class Not:
    """The test fails."""

    test: "Predicate"


@frozen
class AllOf:
    """All tests hold; none is no restriction."""

    tests: tuple["Predicate", ...]


@frozen
class AnyOf:
    """One of the tests holds; of none, none does."""

    tests: tuple["Predicate", ...]


Predicate = Blank | Has | Starts | Among | Within | Holds | Exactly | Not | AllOf | AnyOf

NOBODY = AnyOf(())
"""No row passes."""

_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def fold(text: str) -> str:
    """A text as it is compared: A-Z in lower case."""
    return text.translate(_LOWER)
