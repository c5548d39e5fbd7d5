"""How far a download is, for the page that waits for it."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from tianbao_web_litestar.downloads import Downloads
from tianbao_web_litestar.visits import Visit

TICKET = "ticket"
"""The parameter by which a page names a download; no part of what is asked for."""


@get("/downloads/{ticket:str}", include_in_schema=False, sync_to_thread=False)
def progress(request: Visit, ticket: FromPath[str], downloads: NamedDependency[Downloads]) -> dict[str, int | bool]:
    """How far an own download is."""
    rows, done = downloads.progress(request.user, ticket)
    return {"rows": rows, "done": done}


def ticket_of(request: Visit) -> str:
    """What the page calls the download it asks for."""
    return str(request.query_params.get(TICKET, ""))[:64]
