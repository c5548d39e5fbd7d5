"""What is shown, as a file: the same columns, order and filters, all pages of it."""

from functools import partial
from urllib.parse import parse_qsl, urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from tianbao.bootstrap import App
from tianbao.records import KINDS, export, exporters, read_address
from tianbao_web_litestar.downloads import Downloads
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.file_names import dated
from tianbao_web_litestar.pages.downloads import TICKET, ticket_of
from tianbao_web_litestar.pages.records import SEE
from tianbao_web_litestar.visits import Visit


@get("/records/{kind:str}/download/{way:str}", opt=SEE, include_in_schema=False)
async def download(
    request: Visit,
    kind: FromPath[str],
    way: FromPath[str],
    core: NamedDependency[App],
    downloads: NamedDependency[Downloads],
) -> Stream:
    """Download in one of the exporters' formats."""
    return await sent(request, kind, way, core, downloads)


async def sent(request: Visit, kind: str, way: str, core: App, downloads: Downloads) -> Stream:
    """A download, for a page and for a program."""
    exporter = exporters(core.plugins).get(f".{way}")
    if kind not in KINDS or exporter is None:
        raise not_found()
    pairs = parse_qsl(request.url.query, keep_blank_values=True, errors="replace")
    query = read_address(kind, urlencode([pair for pair in pairs if pair[0] != TICKET]))
    name = dated(KINDS[kind], core.clock.now(), exporter.suffix)
    write = partial(export, core, request.user, query, exporter)
    return await downloads.send(request.user, write, name, exporter.media_type, ticket_of(request))
