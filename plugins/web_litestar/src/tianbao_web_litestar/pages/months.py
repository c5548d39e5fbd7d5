"""開放月份與展延: the organiser opens months of any semester, puts months off, lets units off, and takes it back."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from tianbao.accounts.forms import FormRefusal
from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.filings import amendments, grants
from tianbao.filings.grants import Grant, Granted
from tianbao.periods import Period, parse_day
from tianbao.units import Unit
from tianbao_web_litestar.errors import not_found, status_of
from tianbao_web_litestar.forms import Form, number_of
from tianbao_web_litestar.pages.amendments import chosen_month
from tianbao_web_litestar.receiving import Checks
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.submitting import month_of
from tianbao_web_litestar.visits import Visit

_OPEN = {"action": Action.OPEN_MONTHS}
_PAGE = "/months"
_MOST_FOUND = 100
_YEAR = 12


@get(_PAGE, opt=_OPEN, include_in_schema=False, sync_to_thread=True)
def desk(
    request: Visit,
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    q: FromQuery[str] = "",
    unit: FromQuery[int | None] = None,
) -> Response[str]:
    """Search, form and lists; from a unit's own page the unit, the month and what to do are chosen already."""
    if unit is None:
        return _page(request, core, pages, q)
    with core.store.read() as work:
        seen = work.units.get(unit)
    if seen is None:
        raise not_found()
    typed = {name: request.query_params.get(name, "") for name in ("period", "kind")}
    return _page(request, core, pages, seen.name, found=[seen], chosen=[unit], form=Form.of(typed))


@post(_PAGE, opt=_OPEN, include_in_schema=False)
async def carry_out(
    request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages], checks: NamedDependency[Checks]
) -> Response[Any]:
    """Open, extend or exempt, for the units that were ticked."""
    form = await request.form()
    chosen = [unit for value in form.getall("units", []) if (unit := number_of(str(value))) is not None]
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    return await checks.run(request.user, partial(_carry_out, request, core, pages, typed, chosen))


def _carry_out(
    request: Visit, core: App, pages: Pages, typed: Mapping[str, str], chosen: Sequence[int]
) -> Response[Any]:
    try:
        with core.store.read() as work:
            units = [unit for unit in map(work.units.get, chosen) if unit]
        granted = _granted(request, core, typed, units)
    except Refusal as refusal:
        form = Form.of(typed).refused(refusal)
        return _page(request, core, pages, typed.get("q", ""), status_of(refusal), form=form, chosen=chosen)
    return _page(request, core, pages, "", granted=granted)


def _granted(request: Visit, core: App, typed: Mapping[str, str], units: Sequence[Unit]) -> Granted:
    if not units:
        raise FormRefusal({"units": Refusal("required", "填報單位沒有選。", "請勾選至少一個單位。")})
    period, kind, reason = chosen_month(typed.get("period", "")), typed.get("kind"), typed.get("reason", "")
    if kind == "extend":
        return grants.extend(core, request.user, units, period, _day(typed.get("due", "")), reason)
    if kind == "exempt":
        return grants.exempt(core, request.user, units, period, reason)
    if kind != "open":
        raise FormRefusal({"kind": Refusal("required", "要辦理的事沒有選。", "請選擇開放修改、展延或免填。")})
    if len(units) > 1:  # one call is about one unit
        raise FormRefusal({"units": Refusal("too-many", "開放修改一次只能選一個單位。", "請只勾選來電的單位。")})
    amendments.open_month(core, request.user, units[0], period, typed.get("caller", ""), reason)
    return Granted(units, ())


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise FormRefusal({"due": Refusal("required", "新的期限沒有填，或無法辨識。", "請選擇日期。")}) from error


@post("/months/units/{unit_id:int}/{period:str}/withdraw", opt=_OPEN, include_in_schema=False, sync_to_thread=True)
def withdraw(
    request: Visit, unit_id: FromPath[int], period: FromPath[str], core: NamedDependency[App]
) -> Response[Any]:
    """Take an opened month back."""
    with core.store.read() as work:
        unit = work.units.get(unit_id)
    if unit is None:
        raise not_found()
    amendments.withdraw(core, request.user, unit, month_of(period))
    return Redirect(_PAGE, status_code=HTTP_303_SEE_OTHER)


@post("/months/grants/{grant_id:int}/revoke", opt=_OPEN, include_in_schema=False, sync_to_thread=True)
def revoke(request: Visit, grant_id: FromPath[int], core: NamedDependency[App]) -> Response[Any]:
    """Take an extension or an exemption back."""
    grants.revoke(core, request.user, grant_id)
    return Redirect(_PAGE, status_code=HTTP_303_SEE_OTHER)


def _page(request: Visit, core: App, pages: Pages, q: str, status: int = HTTP_200_OK, **facts: object) -> Response[str]:
    latest = core.settings.calendar.current_period(core.clock.now())
    periods = until(core, latest)
    with core.store.read() as work:
        found = work.units.search(q, limit=_MOST_FOUND)
        granted: list[Grant] = [each for period in periods[:_YEAR] for each in work.grants.of_period(period)]
    about = {
        "q": q,
        "found": found,
        "periods": periods,
        "waiting": amendments.waiting(core, request.user),
        "grants": sorted(granted, key=lambda each: each.granted_at, reverse=True),
        "form": Form(),
        "chosen": (),
        "granted": None,
        **facts,
    }
    return pages.show(request, "months.html", status, **about)


def until(core: App, latest: Period) -> Sequence[Period]:
    """All months there are, the latest first."""
    first, months = Period.parse(core.settings.calendar.first_month), [latest]
    while months[-1] > first:
        months.append(months[-1].previous)
    return months
