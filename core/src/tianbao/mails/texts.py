"""The texts: as shipped, and as the organiser edited them; and how values get into them."""

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from attrs import frozen

from tianbao.errors import TianbaoError
from tianbao.mails import language
from tianbao.mails.faults import TextFault
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


@frozen
class TextVersion:
    """One edition of a text; nothing is deleted, the latest counts.

    Attributes:
        id: its number.
        name: of the text.
        source: what it says; ``None`` where the organiser went back to the shipped text.
        at: when it was written.
        by: the account that wrote it.
        by_name: the name of its holder then.
    """

    id: int
    name: str
    source: str | None
    at: datetime
    by: int
    by_name: str


def fill(name: str, data: Mapping[str, Any], settings: Settings, sources: Mapping[str, str]) -> str:
    """Put the values into a text.

    Raises:
        TianbaoError: there is no such text.
        TextFault: it says what texts may not say, or names what the data lack.
    """
    if name not in sources:
        raise TianbaoError(f"there is no mail text {name!r}; there is: {', '.join(sorted(sources))}.")
    try:
        return language.filled(sources[name], given(data, settings))
    except TextFault as fault:
        raise TextFault(
            f"the mail text {name!r} cannot be filled: {fault}. "
            f"Look at the text, and at what it is given: {', '.join(sorted(data))}.",
            fault.says,
            fault.remedy,
            fault.line,
        ) from fault


def given(data: Mapping[str, Any], settings: Settings) -> Mapping[str, Any]:
    """What a text can name: its own data, and what all texts are given."""
    return {**data, "site": SITE, "address": settings.base_url.rstrip("/"), "contacts": settings.contacts}
