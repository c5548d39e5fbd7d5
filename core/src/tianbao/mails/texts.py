"""The texts, and how values get into them: Jinja in a sandbox, since the organiser may edit them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tianbao.clock import spoken_date, spoken_moment
from tianbao.errors import TianbaoError
from tianbao.mails.blocks import VALUE
from tianbao.periods import Period
from tianbao.settings import Settings

SITE = "輔導工作成果填報系統"
"""What the system calls itself to people."""

SHIPPED: Mapping[str, str] = MappingProxyType(
    {
        text.name.removesuffix(".txt"): text.read_text("utf-8")
        for text in files(__package__).joinpath("texts").iterdir()
        if text.name.endswith(".txt")
    }
)
"""The texts as shipped, by name."""


def fill(name: str, data: Mapping[str, Any], settings: Settings, sources: Mapping[str, str]) -> str:
    """Put the values into a text.

    Raises:
        TianbaoError: there is no such text, its Jinja is wrong, or it names what the data lack.
    """
    if name not in sources:
        raise TianbaoError(f"there is no mail text {name!r}; there is: {', '.join(sorted(sources))}.")
    given = {**data, "site": SITE, "address": settings.base_url.rstrip("/"), "contacts": settings.contacts}
    try:
        return _compiled(sources[name]).render(given)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise TianbaoError(
            f"the mail text {name!r} cannot be filled: {type(error).__name__}: {error}. "
            f"Look at the text, and at what it is given: {', '.join(sorted(data))}."
        ) from error


@lru_cache(maxsize=64)
def _compiled(source: str) -> Template:
    """Compiling takes far longer than filling in, and a reminder goes to thousands."""
    return _ENVIRONMENT.from_string(source)


def _value(value: object) -> str:
    """A value as one line without anything invisible, marked as a value."""
    if isinstance(value, StrictUndefined):
        str(value)  # raises, naming what is missing
    return VALUE + _one_line(str(value))


def _one_line(text: str) -> str:
    """Without line breaks, control characters, and marks that turn the direction of writing."""
    shown = "".join(char for char in " ".join(text.split()) if unicodedata.category(char) not in {"Cc", "Cf", "Cs"})
    return shown.replace(VALUE, "")


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


def _moment(text: str) -> str:
    return spoken_moment(datetime.fromisoformat(text))


def _day(text: str) -> str:
    return spoken_date(datetime.fromisoformat(text).date())


def _month(text: str) -> str:
    return Period.parse(text).spoken


def _number(value: int) -> str:
    return f"{value:,}"


def _make_environment() -> ImmutableSandboxedEnvironment:
    # The source is plain text; it is escaped once it is taken apart, where it becomes HTML.
    environment = ImmutableSandboxedEnvironment(
        autoescape=False,
        undefined=StrictUndefined,
        finalize=_value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "person": _person,
        "masked": _masked,
        "moment": _moment,
        "day": _day,
        "month": _month,
        "number": _number,
    }
    return environment


_ENVIRONMENT = _make_environment()
