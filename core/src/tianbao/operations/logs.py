"""Logs: to standard error, a line for people or an object for programs, without anybody's personal data.

Nothing of ours writes personal data into a log. What others write (a mail server's words, a library's error) may hold
an address or a number, so each line is looked over once more before it leaves, wherever it comes from.
"""

import logging
import re
import sys
from typing import Literal

from attrs import frozen

from tianbao.personal import without_numbers

_ADDRESS = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+")
_HIDDEN = "…"
_TIME = "%Y-%m-%dT%H:%M:%S%z"
"""With its offset: whoever compares logs of several machines need not guess (ASVS 16.2.2)."""


@frozen
class LogSettings:
    """How logs are written: ``[tianbao.logs]``."""

    format: Literal["text", "json"] = "text"
    """``text`` is a line for people, ``json`` an object a line."""
    level: Literal["debug", "info", "warning", "error"] = "info"
    """What is less than that is left out."""


def set_up(settings: LogSettings) -> None:
    """Let all logs of this process go to standard error in one form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(_formatter(settings.format)))
    logging.basicConfig(level=settings.level.upper(), handlers=[handler], force=True)


def _formatter(form: str) -> logging.Formatter:
    if form == "text":
        return logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s", _TIME)
    from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415 -- only for those who want it

    return JsonFormatter(
        ["asctime", "levelname", "name", "message"],
        rename_fields={"asctime": "at", "levelname": "level", "name": "from", "message": "event"},
        json_ensure_ascii=False,
        datefmt=_TIME,
    )


class Discreet(logging.Formatter):
    """Another formatter, with what looks like an address, a national ID or a telephone number left out."""

    def __init__(self, other: logging.Formatter) -> None:
        super().__init__()
        self._other = other

    def format(self, record: logging.LogRecord) -> str:
        return discreet(self._other.format(record))


def discreet(text: str) -> str:
    """A text without addresses, national IDs and telephone numbers."""
    return without_numbers(_ADDRESS.sub(_HIDDEN, text), _HIDDEN)
