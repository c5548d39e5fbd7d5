"""How values are said in a mail; what is put into a text is one line, and is never notation."""

import re
import unicodedata
from datetime import datetime
from functools import lru_cache

from jinja2 import StrictUndefined

from tianbao.clock import spoken_date, spoken_moment
from tianbao.mails.blocks import VALUE
from tianbao.periods import Period


def value(given: object) -> str:
    """A value as one line without anything invisible, marked as a value."""
    if isinstance(given, StrictUndefined):
        str(given)  # raises, naming what is missing
    return VALUE + _one_line(str(given))


def _one_line(text: str) -> str:
    """Without line breaks, control characters, and marks that turn the direction of writing."""
    line = " ".join(text.split())
    if not line.isprintable():  # most are, and looking at each character takes long
        line = "".join(char for char in line if unicodedata.category(char) not in _INVISIBLE)
    return line.replace(VALUE, "")


_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})


def _person(name: str) -> str:
    """A person's name for the greeting; what is no name is not repeated.

    Anyone may type anything into the registration form, with anyone's address: it must not become their mail.
    """
    plain = _one_line(name)
    return plain if plain and len(plain) <= _LONGEST_NAME and not _ADDRESS.search(plain) else "承辦人"


_LONGEST_NAME = 30
_ADDRESS = re.compile(r"[/:@：／＠\d]|[.．。]\S")


def _masked(email: str) -> str:
    """An address that its owner recognises and nobody else learns: ``wa***@school.edu.tw``."""
    local, _, domain = email.rpartition("@")
    return f"{local[: min(2, len(local) - 1)]}***@{domain}"


_often = lru_cache(maxsize=256)
"""The same days stand in thousands of reminders."""


@_often
def _moment(text: str) -> str:
    return spoken_moment(datetime.fromisoformat(text))


@_often
def _day(text: str) -> str:
    return spoken_date(datetime.fromisoformat(text).date())


@_often
def _month(text: str) -> str:
    return Period.parse(text).spoken


def _number(count: int) -> str:
    return f"{count:,}"


FILTERS = {
    "person": _person,
    "masked": _masked,
    "moment": _moment,
    "day": _day,
    "month": _month,
    "number": _number,
}
"""What can stand behind a value, as in ``{{ expires | moment }}``."""
