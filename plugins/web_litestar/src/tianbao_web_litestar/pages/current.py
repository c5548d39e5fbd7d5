"""當期填報: the two ways, with the result at the foot of the same page. Clean means filed."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from tianbao import filings
from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.checking.marking import marked as marked_document
from tianbao.errors import Refusal
from tianbao.filings import Outcome
from tianbao.periods import Period
from tianbao_web_litestar.desks import Desk, desk_of
from tianbao_web_litestar.errors import status_of
from tianbao_web_litestar.receiving import Checks, Received, receive
from tianbao_web_litestar.recent import Recent, Upload
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.results import result_of
from tianbao_web_litestar.visits import Visit
from tianbao_web_litestar.workbooks_out import download

FILE = {"action": Action.FILE}
_NOTHING: Mapping[str, Any] = {
    "nil": False,
    "result": None,
    "refusal": None,
    "fault": "",
    "marked": "",
    "file_name": "",
    "hints": (),
    "repeated": False,
}


@get("/filing/current", opt=FILE, include_in_schema=False, sync_to_thread=True)
def with_cases(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """有個案及服務: the form for the workbook."""
    return _page(request, core, pages)


@get("/filing/current/nil", opt=FILE, include_in_schema=False, sync_to_thread=True)
def without_cases(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """無個案及服務: one confirmed click."""
    return _page(request, core, pages, nil=True)


def _page(request: Visit, core: App, pages: Pages, status: int = HTTP_200_OK, **facts: object) -> Response[str]:
    desk = desk_of(core, request.user)
    return pages.show(
        request, "current.html", status, desk=desk, limit=core.settings.limits.bytes, **{**_NOTHING, **facts}
    )


@post("/filing/current/nil", opt=FILE, include_in_schema=False, sync_to_thread=True)
def file_nil(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """File that there was nothing, if that was confirmed."""
    if data.get("sure") != "yes":
        fault = "請先勾選確認，再按完成填報。"
        return _page(request, core, pages, HTTP_422_UNPROCESSABLE_ENTITY, nil=True, fault=fault)
    desk = desk_of(core, request.user)
    filings.file_nil(core, request.user, desk.unit, _period(data.get("period", ""), desk))
    return Redirect("/filing/current", status_code=HTTP_303_SEE_OTHER)


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
    return await checks.run(partial(_file, request, form, core, pages, recent))


def _file(request: Visit, form: Received, core: App, pages: Pages, recent: Recent) -> Response[Any]:
    if form.data is None:
        fault = "還沒有選擇檔案。請先選擇填好的 Excel 檔，再按「上傳並檢核」。"
        return _page(request, core, pages, HTTP_422_UNPROCESSABLE_ENTITY, fault=fault)
    desk = desk_of(core, request.user)
    try:
        period = _period(form.fields.get("period", ""), desk)
        outcome = filings.file_workbook(core, request.user, desk.unit, period, form.data, form.file_name)
    except Refusal as refusal:
        facts = {"refusal": refusal, "file_name": form.file_name}
        return _page(request, core, pages, status_of(refusal), **facts)
    if outcome.filing:
        recent.forget(request.user.id)
        return _filed(request, core, pages, outcome)
    upload = Upload(request.user.id, desk.unit, period, form.file_name, form.data, core.clock.now())
    facts = {"marked": recent.keep(upload), "file_name": form.file_name}
    if outcome.verdict:
        facts["result"] = result_of(outcome.verdict)
    return _page(request, core, pages, HTTP_422_UNPROCESSABLE_ENTITY, **facts)


def _filed(request: Visit, core: App, pages: Pages, outcome: Outcome) -> Response[Any]:
    """Where there is something to add, the page itself; else a redirect, so that going back sends nothing twice.

    Sending the page's form again is harmless all the same: the same file is the same filing.
    """
    hints = result_of(outcome.verdict).hints if outcome.verdict else ()
    if hints or outcome.repeated:
        return _page(request, core, pages, hints=hints, repeated=outcome.repeated)
    return Redirect("/filing/current", status_code=HTTP_303_SEE_OTHER)


def _period(text: str, desk: Desk) -> Period:
    """The month the form was opened for: one opened at 23:59 on the 10th must not file another month at midnight.

    Raises:
        Refusal: it is not the month that is being filed now.
    """
    if text != str(desk.period):
        raise Refusal(
            "period-changed",
            f"這個頁面是其他月份的填報，現在是{desk.period.spoken}的填報期間。",
            "請重新開啟「當期填報」，確認月份後再填報。",
        )
    return desk.period


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
    return await checks.run(partial(_mark, core, upload))


def _mark(core: App, upload: Upload) -> Response[bytes]:
    _, verdict = filings.check_only(core, upload.data, period=upload.period, level=upload.unit.level)
    document = marked_document(verdict, unit_name=upload.unit.name)
    return download(core, document, f"已標示_{upload.file_name.rpartition('.')[0] or upload.file_name}")
