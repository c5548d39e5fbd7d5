"""What is shown, as a file: the same columns, order and filters, all pages of it."""

from urllib.parse import parse_qsl, urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from tianbao.bootstrap import App
from tianbao.records import KINDS, exporters, read_address
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.pages.records import SEE
from tianbao_web_litestar.records.downloads import Downloads
from tianbao_web_litestar.visits import Visit

TICKET = "ticket"
"""By which a page asks how far its download is; no part of the query."""


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


@get("/records/downloads/{ticket:str}", opt=SEE, include_in_schema=False, sync_to_thread=False)
def progress(request: Visit, ticket: FromPath[str], downloads: NamedDependency[Downloads]) -> dict[str, int | bool]:
    """How far an own download is."""
    rows, done = downloads.progress(request.user, ticket)
    return {"rows": rows, "done": done}


async def sent(request: Visit, kind: str, way: str, core: App, downloads: Downloads) -> Stream:
    """A download, for a page and for a program."""
    exporter = exporters(core.plugins).get(f".{way}")
    if kind not in KINDS or exporter is None:
        raise not_found()
    pairs = parse_qsl(request.url.query, keep_blank_values=True, errors="replace")
    ticket = next((value for name, value in pairs if name == TICKET), "")[:64]
    query = read_address(kind, urlencode([pair for pair in pairs if pair[0] != TICKET]))
    return await downloads.send(core, request.user, query, exporter, ticket)
