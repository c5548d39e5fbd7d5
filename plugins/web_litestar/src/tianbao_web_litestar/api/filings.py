"""Checking and filing."""

from functools import partial
from typing import cast

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery, MultipartBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_422_UNPROCESSABLE_ENTITY

from tianbao import filings
from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.checking import Verdict
from tianbao.checking.report import as_data
from tianbao.clock import TAIPEI
from tianbao.errors import Refusal
from tianbao.filings import Filing
from tianbao.periods import Period
from tianbao.units import Level
from tianbao_web_litestar.api.shapes import CheckData, DueData, FiledData, FilingData, SentFile
from tianbao_web_litestar.desks import desk_of
from tianbao_web_litestar.file_names import harmless
from tianbao_web_litestar.pages.filings import filing_for
from tianbao_web_litestar.receiving import Checks
from tianbao_web_litestar.visits import Visit

_FILE = {"action": Action.FILE}
_FOUND = {HTTP_422_UNPROCESSABLE_ENTITY: ResponseSpec(FiledData, description="Something was found; nothing was filed")}


@post("/checks", status_code=HTTP_200_OK)
async def check(
    request: Visit,
    data: MultipartBody[SentFile],
    core: NamedDependency[App],
    checks: NamedDependency[Checks],
    *,
    template: FromQuery[str | None] = None,
    period: FromQuery[str | None] = None,
    level: FromQuery[Level | None] = None,
) -> CheckData:
    """Check a workbook and store nothing, like ``tianbao check``."""
    if template and template not in core.plugins.templates:
        raise Refusal(
            "no-template", f"沒有「{template}」這個填報表格。", f"可用的有：{'、'.join(core.plugins.templates)}。"
        )
    month = month_named(period) if period else None
    content = await data.file.read()
    _, verdict = await checks.run(
        request.user, partial(filings.check_only, core, content, template_key=template, period=month, level=level)
    )
    return _check_data(verdict)


@get("/filings/current", opt=_FILE, sync_to_thread=True)
def due(request: Visit, core: NamedDependency[App]) -> DueData:
    """What is due for the own unit."""
    desk = desk_of(core, request.user)
    return {
        "period": str(desk.period),
        "due": desk.deadline.due.isoformat(),
        "days_left": desk.deadline.days,
        "template": desk.template.key if desk.template else None,
        "filing": _filing_data(desk.filing) if desk.filing else None,
    }


@post("/filings/{period:str}/workbook", opt=_FILE, status_code=HTTP_201_CREATED, responses=_FOUND)
async def file_workbook(
    request: Visit,
    period: FromPath[str],
    data: MultipartBody[SentFile],
    core: NamedDependency[App],
    checks: NamedDependency[Checks],
) -> Response[FiledData]:
    """Check a workbook and, where it is clean, file it for the own unit."""
    content = await data.file.read()
    return await checks.run(
        request.user, partial(_file, request, core, month_named(period), content, harmless(data.file.filename))
    )


def _file(request: Visit, core: App, period: Period, content: bytes, file_name: str) -> Response[FiledData]:
    desk = desk_of(core, request.user)
    outcome = filings.file_workbook(core, request.user, desk.unit, period, content, file_name)
    verdict = cast(Verdict, outcome.verdict)
    filing = _filing_data(outcome.filing) if outcome.filing else None
    body: FiledData = {**_check_data(verdict), "filing": filing, "repeated": outcome.repeated}
    return Response(body, status_code=HTTP_201_CREATED if filing else HTTP_422_UNPROCESSABLE_ENTITY)


@post("/filings/{period:str}/nil", opt=_FILE, status_code=HTTP_201_CREATED, sync_to_thread=True)
def file_nil(request: Visit, period: FromPath[str], core: NamedDependency[App]) -> FilingData:
    """File that there were no cases and no services."""
    desk = desk_of(core, request.user)
    return _filing_data(filings.file_nil(core, request.user, desk.unit, month_named(period)))


@get("/filings/{filing_id:int}", opt={"action": Action.SEE_FILINGS}, sync_to_thread=True)
def filing(request: Visit, filing_id: FromPath[int], core: NamedDependency[App]) -> FilingData:
    """A filing, without its rows."""
    return _filing_data(filing_for(request, core, filing_id, Action.SEE_FILINGS))


def month_named(text: str) -> Period:
    """The month in an address.

    Raises:
        Refusal: it is none.
    """
    try:
        return Period.parse(text)
    except ValueError as error:
        raise Refusal("not-a-month", f"「{text}」不是月份。", "請以 YYYY-MM 表示，例如 2024-09。") from error


def _check_data(verdict: Verdict) -> CheckData:
    return cast(CheckData, as_data(verdict))


def _filing_data(filing: Filing) -> FilingData:
    return {
        "id": filing.id,
        "unit": filing.unit.code,
        "level": filing.unit.level.value,
        "period": str(filing.period),
        "version": filing.version,
        "way": filing.way.value,
        "nil": filing.nil,
        "template": filing.template_key,
        "fingerprint": filing.fingerprint,
        "file_name": filing.file_name,
        "file_hash": filing.file_hash,
        "counts": dict(filing.counts),
        "filed_at": filing.filed_at.astimezone(TAIPEI).isoformat(),
        "filed_by_name": filing.filed_by_name,
        "receipt": filing.receipt,
        "in_force": filing.in_force,
    }
