"""當期填報: the two ways, with the result at the foot of the same page. Clean means filed."""

from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from tianbao import filings
from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.checking.marking import marked as marked_document
from tianbao.errors import Refusal
from tianbao_web_litestar.receiving import Checks, receive
from tianbao_web_litestar.recent import Recent, Upload
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.submitting import Counter
from tianbao_web_litestar.visits import Visit
from tianbao_web_litestar.workbooks_out import download

FILE = {"action": Action.FILE}


@get("/filing/current", opt=FILE, include_in_schema=False, sync_to_thread=True)
def with_cases(
    request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages], recent: NamedDependency[Recent]
) -> Response[Any]:
    """有個案及服務: the form for the workbook."""
    return Counter(request, core, pages, recent).page()


@get("/filing/current/nil", opt=FILE, include_in_schema=False, sync_to_thread=True)
def without_cases(
    request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages], recent: NamedDependency[Recent]
) -> Response[Any]:
    """無個案及服務: one confirmed click."""
    return Counter(request, core, pages, recent).page(nil=True)


@post("/filing/current/nil", opt=FILE, include_in_schema=False, sync_to_thread=True)
def file_nil(
    request: Visit,
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    recent: NamedDependency[Recent],
) -> Response[Any]:
    """File that there was nothing, if that was confirmed."""
    return Counter(request, core, pages, recent).file_nil(data)


@post("/filing/current", opt=FILE, include_in_schema=False)
async def file_workbook(
    request: Visit,
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    recent: NamedDependency[Recent],
    checks: NamedDependency[Checks],
) -> Response[Any]:
    """Check the workbook and, where it is clean, file it."""
    form = await receive(request)
    return await checks.run(request.user, partial(Counter(request, core, pages, recent).file_workbook, form))


@get("/filing/current/marked/{key:str}", opt=FILE, include_in_schema=False)
async def marked(
    request: Visit,
    key: FromPath[str],
    core: NamedDependency[App],
    recent: NamedDependency[Recent],
    checks: NamedDependency[Checks],
) -> Response[bytes]:
    """The workbook that was just refused, with every bad cell marked."""
    upload = recent.find(key, request.user.id, core.clock.now())
    if upload is None:
        raise Refusal(
            "marked-gone",
            "標示檔只保留 30 分鐘，這一份已經不在了。",
            "請再上傳一次原來的檔案，即可重新下載標示檔。",
        )
    return await checks.run(request.user, partial(_mark, core, upload))


def _mark(core: App, upload: Upload) -> Response[bytes]:
    _, verdict = filings.check_only(core, upload.data, period=upload.period, level=upload.unit.level)
    document = marked_document(verdict, unit_name=upload.unit.name)
    return download(core, document, f"已標示_{upload.file_name.rpartition('.')[0] or upload.file_name}")
