"""聯絡不到的單位: whom no reminder reaches, for support, the organiser and each county to work through."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from math import ceil
from typing import BinaryIO
from urllib.parse import urlencode

from attrs import frozen
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from tianbao.accounts.policy import Action, may
from tianbao.bootstrap import App
from tianbao.exporters import Exporter
from tianbao.records import exporters
from tianbao.reminders.unreachable import Unreachable, Why, table, unreachable
from tianbao.units import COUNTIES
from tianbao_web_litestar.downloads import Downloads, Progress
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.file_names import dated
from tianbao_web_litestar.forms import number_of
from tianbao_web_litestar.pages.downloads import ticket_of
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

_SEE = {"action": Action.SEE_ACCOUNTS}
_ROWS = 100
"""On a page."""


@frozen
class Asked:
    """Which part of the list the address asks for; what is not said does not matter."""

    county: str
    why: str

    @property
    def query(self) -> str:
        """As the address has it."""
        return urlencode({name: value for name, value in (("county", self.county), ("why", self.why)) if value})

    def of(self, everyone: Sequence[Unreachable]) -> Sequence[Unreachable]:
        """That part, one reason after the other."""
        part = [each for each in everyone if self.county in {"", each.county} and self.why in {"", each.why.value}]
        return sorted(part, key=lambda each: list(Why).index(each.why))


@get("/support/unreachable", opt=_SEE, include_in_schema=False, sync_to_thread=True)
def view(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """The list, or a part of it."""
    everyone, asked = unreachable(core, request.user), _asked(request)
    found = asked.of(everyone)
    last = max(ceil(len(found) / _ROWS), 1)
    page = min(max(number_of(request.query_params.get("page", "")) or 1, 1), last)
    about = {
        "counts": Counter(each.why for each in everyone),
        "counties": [name for name in COUNTIES if any(each.county == name for each in everyone)],
        "found": found,
        "shown": found[(page - 1) * _ROWS : page * _ROWS],
        "page": page,
        "last": last,
        "reasons": Why,
        "asked": asked,
        "all": len(everyone),
        "resets": may(request.user, Action.RESET_ACCOUNTS),
        "ways": exporters(core.plugins).values(),
    }
    return pages.show(request, "unreachable.html", **about)


@get("/support/unreachable/download/{way:str}", opt=_SEE, include_in_schema=False)
async def download(
    request: Visit, way: FromPath[str], core: NamedDependency[App], downloads: NamedDependency[Downloads]
) -> Stream:
    """All that the address asks for, as a file."""
    exporter = exporters(core.plugins).get(f".{way}")
    if exporter is None:
        raise not_found()
    write = partial(_write, core, request, exporter)
    name = dated("聯絡不到的單位", core.clock.now(), exporter.suffix)
    return await downloads.send(request.user, write, name, exporter.media_type, ticket_of(request))


def _write(core: App, request: Visit, exporter: Exporter, to: BinaryIO, told: Progress) -> int:
    found = _asked(request).of(unreachable(core, request.user))
    exporter.export(table(core, request.user, found), to)
    told(len(found))
    return len(found)


def _asked(request: Visit) -> Asked:
    return Asked(request.query_params.get("county", ""), request.query_params.get("why", ""))
