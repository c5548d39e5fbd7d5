"""What a page of statistics shows, as files: the table by the exporters, its charts as SVG."""

from functools import partial
from typing import BinaryIO

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from tianbao.accounts import Account
from tianbao.bootstrap import App
from tianbao.clock import spoken_moment
from tianbao.exporters import Exporter
from tianbao.records import exporters
from tianbao.statistics import export
from tianbao_web_litestar.charts import svg_file
from tianbao_web_litestar.downloads import Downloads, Progress
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.file_names import attachment, dated
from tianbao_web_litestar.pages.downloads import ticket_of
from tianbao_web_litestar.pages.statistics import SEE
from tianbao_web_litestar.statistics.pictures import pictures
from tianbao_web_litestar.statistics.views import spoken_words
from tianbao_web_litestar.statistics.wishes import KINDS, Wish, found, read_wish, year_before
from tianbao_web_litestar.visits import Visit


@get("/statistics/{kind:str}/download/{way:str}", opt=SEE, include_in_schema=False)
async def download(
    request: Visit,
    kind: FromPath[str],
    way: FromPath[str],
    core: NamedDependency[App],
    downloads: NamedDependency[Downloads],
) -> Stream:
    """The table in one of the exporters' formats, with its query and its moment on it."""
    exporter = exporters(core.plugins).get(f".{way}")
    if kind not in KINDS or exporter is None:
        raise not_found()
    write = partial(_write, core, request.user, read_wish(kind, request.url.query), exporter)
    name = dated(KINDS[kind], core.clock.now(), exporter.suffix)
    return await downloads.send(request.user, write, name, exporter.media_type, ticket_of(request))


def _write(core: App, account: Account, wish: Wish, exporter: Exporter, to: BinaryIO, _: Progress) -> int:
    return len(export(core, account, wish.query, exporter, to, wish.hide_under).lines)


@get("/statistics/{kind:str}/chart/{file_name:str}", opt=SEE, include_in_schema=False, sync_to_thread=True)
def chart(request: Visit, kind: FromPath[str], file_name: FromPath[str], core: NamedDependency[App]) -> Response[bytes]:
    """A chart as a file that says what was asked, and when."""
    if kind not in KINDS:
        raise not_found()
    wish = read_wish(kind, request.url.query)
    result = found(core, request.user, wish)
    past = year_before(core, request.user, result, public=wish.public)
    drawing = pictures(result, past).get(file_name.removesuffix(".svg"))
    if drawing is None:
        raise not_found()
    about = [
        "；".join(f"{label}：{text}" for label, text in spoken_words(result)),
        f"{result.coverage.spoken}。統計時間：{spoken_moment(result.as_of)}",
    ]
    name = dated(KINDS[kind], core.clock.now(), ".svg")
    return Response(svg_file(drawing, about), media_type="image/svg+xml", headers=attachment(name))
