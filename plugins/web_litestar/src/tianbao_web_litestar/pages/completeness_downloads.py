"""The tables of 填報情形 as files, in every format there is an exporter for."""

from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from tianbao.bootstrap import App
from tianbao.completeness import grid, latest_over, overview, tables
from tianbao.exporters import Exporter, Table
from tianbao.periods import Period
from tianbao.records import exporters
from tianbao_web_litestar.completeness.asking import asked, period_of
from tianbao_web_litestar.downloads import Downloads, Progress
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.file_names import dated
from tianbao_web_litestar.pages.completeness import SEE
from tianbao_web_litestar.pages.downloads import ticket_of
from tianbao_web_litestar.visits import Visit


@get("/completeness/download/{way:str}", opt=SEE, include_in_schema=False)
async def of_units(
    request: Visit, way: FromPath[str], core: NamedDependency[App], downloads: NamedDependency[Downloads]
) -> Stream:
    """The grid, all pages of it."""
    wish = asked(request, core).wish
    return await _sent(
        request, core, downloads, way, lambda: tables(core, request.user, grid(core, request.user, wish))
    )


@get("/completeness/overview/{way:str}", opt=SEE, include_in_schema=False)
async def of_counties(
    request: Visit, way: FromPath[str], core: NamedDependency[App], downloads: NamedDependency[Downloads]
) -> Stream:
    """A month by county and level."""
    given = request.query_params.get("month", "")
    month = period_of(given) if given else latest_over(Period.of(core.clock.now().date()))
    return await _sent(
        request, core, downloads, way, lambda: tables(core, request.user, overview(core, request.user, month))
    )


async def _sent(request: Visit, core: App, downloads: Downloads, way: str, make: Callable[[], Table]) -> Stream:
    exporter = exporters(core.plugins).get(f".{way}")
    if exporter is None:
        raise not_found()
    name = dated("填報情形", core.clock.now(), exporter.suffix)
    write = partial(_write, exporter, make)
    return await downloads.send(request.user, write, name, exporter.media_type, ticket_of(request))


def _write(exporter: Exporter, make: Callable[[], Table], to: BinaryIO, told: Progress) -> int:
    exporter.export(make(), to)
    told(0)
    return 0
