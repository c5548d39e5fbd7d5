"""Workbooks that are filled already: an old one carried over to the new template, and 續報."""

from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from tianbao import filings
from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.carrying import Conversion
from tianbao.carrying import convert as carried_over
from tianbao.errors import Refusal
from tianbao.filings import template_of
from tianbao.filings.blanks import continued_blank
from tianbao.templates import layout
from tianbao_web_litestar.desks import desk_of
from tianbao_web_litestar.receiving import Checks, Received, receive
from tianbao_web_litestar.recent import Recent, Upload
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.submitting import month_of
from tianbao_web_litestar.visits import Visit
from tianbao_web_litestar.workbooks_out import download

_FILE = {"action": Action.FILE}


@get("/filing/convert", opt=_FILE, include_in_schema=False, sync_to_thread=True)
def choose(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """The form for the old workbook."""
    return _form(request, core, pages)


def _form(request: Visit, core: App, pages: Pages, status: int = HTTP_200_OK, fault: str = "") -> Response[str]:
    target = template_of(core.plugins.templates, desk_of(core, request.user).period)
    return pages.show(request, "converted.html", status, target=target, conversion=None, fault=fault)


@post("/filing/convert", opt=_FILE, include_in_schema=False)
async def convert(
    request: Visit,
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    recent: NamedDependency[Recent],
    checks: NamedDependency[Checks],
) -> Response[Any]:
    """Carry an old workbook over to the template of the current month."""
    form = await receive(request)
    return await checks.run(request.user, partial(_convert, request, form, core, pages, recent))


def _convert(request: Visit, form: Received, core: App, pages: Pages, recent: Recent) -> Response[Any]:
    if form.data is None:
        return _form(request, core, pages, HTTP_422_UNPROCESSABLE_ENTITY, "還沒有選擇檔案。請先選擇舊版的 Excel 檔。")
    desk = desk_of(core, request.user)
    upload = Upload(request.user.id, desk.unit, desk.period, form.file_name, form.data, core.clock.now())
    try:
        conversion = _conversion(core, upload)
    except Refusal as refusal:
        fault = f"{refusal.message}{refusal.remedy}"
        return _form(request, core, pages, HTTP_422_UNPROCESSABLE_ENTITY, fault)
    return _shown(request, pages, recent.keep(upload), upload, conversion)


@get("/filing/convert/{key:str}", opt=_FILE, include_in_schema=False)
async def converted(
    request: Visit,
    *,
    key: FromPath[str],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    recent: NamedDependency[Recent],
    checks: NamedDependency[Checks],
) -> Response[str]:
    """What became of the workbook that was just refused as one of another template."""
    upload = _kept(request, core, recent, key)
    conversion = await checks.run(request.user, partial(_conversion, core, upload))
    return _shown(request, pages, key, upload, conversion)


@get("/filing/convert/{key:str}/workbook", opt=_FILE, include_in_schema=False)
async def workbook(
    request: Visit,
    key: FromPath[str],
    core: NamedDependency[App],
    recent: NamedDependency[Recent],
    checks: NamedDependency[Checks],
) -> Response[bytes]:
    """The new workbook with the old rows."""
    return await checks.run(request.user, partial(_download, core, _kept(request, core, recent, key)))


def _download(core: App, upload: Upload) -> Response[bytes]:
    conversion = _conversion(core, upload)
    document = layout.blank(conversion.template, unit_name=upload.unit.name, period=upload.period, rows=conversion.rows)
    return download(core, document, f"{conversion.template.name}_{upload.period.roc}_由舊表格帶入")


def _conversion(core: App, upload: Upload) -> Conversion:
    target = template_of(core.plugins.templates, upload.period)
    _, verdict = filings.check_only(core, upload.data, level=upload.unit.level)
    if verdict.template.key == target.key:
        raise Refusal("same-template", f"這個檔案已經是{target.name}。", "不必轉換，請直接上傳填報。")
    return carried_over(verdict, target)


def _kept(request: Visit, core: App, recent: Recent, key: str) -> Upload:
    upload = recent.find(key, request.user.id, core.clock.now())
    if upload is None:
        raise Refusal("upload-gone", "上傳的檔案只保留 30 分鐘，這一份已經不在了。", "請再上傳一次。")
    return upload


def _shown(request: Visit, pages: Pages, key: str, upload: Upload, conversion: Conversion) -> Response[str]:
    about = {"conversion": conversion, "key": key, "file_name": upload.file_name, "fault": ""}
    return pages.show(request, "converted.html", **about)


@get("/filing/continued/{period:str}", opt=_FILE, include_in_schema=False, sync_to_thread=True)
def continued(
    request: Visit, period: FromPath[str], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """續報: how many students go on, and who does not."""
    desk = desk_of(core, request.user, month_of(period))
    blank = continued_blank(core, request.user, desk.unit, desk.period)
    return pages.show(request, "continued.html", period=desk.period, blank=blank, back=desk.address)


@get("/filing/continued/{period:str}/workbook", opt=_FILE, include_in_schema=False, sync_to_thread=True)
def continued_workbook(request: Visit, period: FromPath[str], core: NamedDependency[App]) -> Response[bytes]:
    """The month's workbook, with last month's students in it."""
    desk = desk_of(core, request.user, month_of(period))
    blank = continued_blank(core, request.user, desk.unit, desk.period)
    return download(core, blank.document, f"{blank.template.name}_續報_{desk.period.roc}")
