"""Names of files that came from or go to a person's computer."""

import re
import unicodedata
from datetime import datetime
from urllib.parse import quote

from tianbao.clock import TAIPEI

_LONGEST = 120
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')


def harmless(name: str) -> str:
    """The last part of a path, without characters that are not seen; ``檔案`` where nothing is left."""
    last = re.split(r"[\\/]", name)[-1]
    seen = "".join(sign for sign in last if not unicodedata.category(sign).startswith(("C", "Z")) or sign == " ")
    return _FORBIDDEN.sub("_", seen).strip(" .")[-_LONGEST:] or "檔案"


def dated(title: str, at: datetime, suffix: str) -> str:
    """The name of a download, with the minute it was asked for: 歷史個案_20250305_1000.xlsx."""
    return f"{title}_{at.astimezone(TAIPEI):%Y%m%d_%H%M}{suffix}"


def attachment(name: str) -> dict[str, str]:
    """The header that has a browser save an answer under a name, Chinese included."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(harmless(name), safe='')}"}
