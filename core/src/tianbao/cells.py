"""Raw cells, compared normalised: full width and half width, blanks around, numbers as text.

Nothing here changes what a user wrote; it only says what a cell unambiguously means.
"""

import datetime as dt
import re
import unicodedata
from functools import lru_cache

from tianbao.periods import ROC
from tianbao.workbooks import Broken, Cell

_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_INVISIBLE = dict.fromkeys(map(ord, _UNSEEN))
_BLANK = "".join(map(chr, filter(lambda code: chr(code).isspace(), range(0x3001)))) + _UNSEEN
_NOT_WORD = re.compile(r"[\W_]+")
_WHOLE = re.compile(r"[+-]?\d{1,15}(\.0*)?")
_DATES = (
    re.compile(r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?(?: 0{1,2}:00(?::00)?)?"),
    re.compile(r"(?:民國)?(?P<roc>\d{2,3})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"),
    re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"),
    re.compile(r"(?P<roc>\d{2,3})(?P<month>\d{2})(?P<day>\d{2})"),
)


def text_of(raw: Cell) -> str:
    """The text of a cell as a person would read it aloud: NFKC, trimmed, ``5.0`` as ``5``."""
    if isinstance(raw, str):
        plain = raw if raw.isascii() else unicodedata.normalize("NFKC", raw).translate(_INVISIBLE)
        return " ".join(plain.split())
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:  # noqa: PLR2004 -- beyond it floats skip numbers
        return str(int(raw))
    if isinstance(raw, dt.datetime) and raw.time() == dt.time():
        return raw.date().isoformat()
    return str(raw)


def is_blank(raw: Cell) -> bool:
    """Whether a cell holds nothing a person would see."""
    return raw is None or (isinstance(raw, str) and not raw.strip(_BLANK))


@lru_cache(maxsize=4096)
def squash(text: str) -> str:
    """A text without blanks and punctuation, for comparing headings and labels."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text).translate(_INVISIBLE)).casefold()


def whole_of(raw: Cell) -> int | None:
    """The whole number a cell means, or ``None``: ``5``, ``5.0``, ``"５"`` and ``" 05"`` are 5."""
    if isinstance(raw, bool | Broken):
        return None
    if isinstance(raw, int):
        return raw
    if isinstance(raw, float):
        return int(raw) if raw.is_integer() else None
    text = text_of(raw)
    return int(text.split(".")[0]) if isinstance(raw, str) and _WHOLE.fullmatch(text) else None


def date_of(raw: Cell) -> dt.date | None:
    """The day a cell means, or ``None``: a date of the file, 2024-09-05, 113/9/5, 113年9月5日, 1130905.

    Two-digit years are ROC years (85/9/5 is 1996), since no official form counts in two digits of the common era.
    """
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    text = text_of(raw)
    for pattern in _DATES:
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            year = int(parts["year"]) if parts.get("year") else int(parts["roc"]) + ROC
            try:
                return dt.date(year, int(parts["month"]), int(parts["day"]))
            except ValueError:
                return None
    return None
