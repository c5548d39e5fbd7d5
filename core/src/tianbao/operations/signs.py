"""Signs: what an examination says of one part of the system."""

from collections.abc import Iterable
from enum import IntEnum

from attrs import frozen


class Health(IntEnum):
    """How a part is."""

    WELL = 0
    WEAK = 1
    """It works, and somebody should see to it."""
    ILL = 2
    """It does not do its work."""


@frozen
class Sign:
    """What was found of one part.

    Attributes:
        part: which, such as ``database``.
        health: how it is.
        says: what was found, a sentence.
        remedy: what to do, a sentence; empty where there is nothing to do.
    """

    part: str
    health: Health
    says: str
    remedy: str = ""


def well(part: str, says: str) -> Sign:
    return Sign(part, Health.WELL, says)


def weak(part: str, says: str, remedy: str) -> Sign:
    return Sign(part, Health.WEAK, says, remedy)


def ill(part: str, says: str, remedy: str) -> Sign:
    return Sign(part, Health.ILL, says, remedy)


def worst(signs: Iterable[Sign]) -> Health:
    """How the whole is: as its worst part."""
    return max((sign.health for sign in signs), default=Health.WELL)
