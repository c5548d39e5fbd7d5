"""Reminders by hand from the grid: who gets what and who gets nothing is said first; then it is done."""

from collections.abc import Sequence
from typing import Any

from attrs import frozen
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_200_OK

from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.periods import Period
from tianbao.reminders import foresee, remind_now
from tianbao.units import Unit
from tianbao_web_litestar.completeness.asking import period_of
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

_REMIND = {"action": Action.REMIND}
_AT_ONCE = 500
"""Units in one go; more is a slip, or the 11th's work."""


@frozen
class _Wanted:
    """Whom to remind of what, and where the person came from."""

    units: Sequence[Unit]
    period: Period
    back: str


@post("/completeness/remind", opt=_REMIND, include_in_schema=False, status_code=HTTP_200_OK)
async def confirm(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[Any]:
    """Say what will be sent to whom."""
    wanted = await _wanted(request, core)
    found = foresee(core, request.user, wanted.units, wanted.period)
    with core.store.read() as work:
        lost = work.reminders.lost({officer.email for _, officer in found.written})
    return pages.show(request, "completeness_remind.html", wanted=wanted, found=found, lost=lost)


@post("/completeness/remind/send", opt=_REMIND, include_in_schema=False, status_code=HTTP_200_OK)
async def send(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[Any]:
    """Send it."""
    wanted = await _wanted(request, core)
    told = remind_now(core, request.user, wanted.units, wanted.period)
    return pages.show(request, "completeness_reminded.html", wanted=wanted, told=told)


async def _wanted(request: Visit, core: App) -> _Wanted:
    form = await request.form()
    chosen = sorted({int(value) for value in form.getall("units", []) if str(value).isdecimal() and len(value) < 10})  # noqa: PLR2004 -- no number of a unit is longer
    if not chosen:
        raise Refusal("no-units", "沒有勾選要提醒的單位。", "請回上一頁，勾選單位名稱前的方格。")
    if len(chosen) > _AT_ONCE:
        raise Refusal("too-many", f"一次最多提醒 {_AT_ONCE} 個單位。", "請分次勾選。")
    with core.store.read() as work:
        units = [unit for unit in map(work.units.get, chosen) if unit]
    return _Wanted(units, period_of(str(form.get("period", ""))), str(form.get("back", ""))[:500])
