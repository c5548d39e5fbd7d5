"""假日設定: a year's days off, single days the organiser sets, and a year's official calendar, seen before taken."""

import base64
from datetime import date
from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from tianbao.accounts.forms import FormRefusal
from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.calendar.published import Published, read_published
from tianbao.calendar.workdays import calculated
from tianbao.errors import Refusal
from tianbao.periods import parse_day
from tianbao.reminders.days import import_published, set_day, unset_day, year_of
from tianbao_web_litestar.errors import not_found, status_of
from tianbao_web_litestar.forms import Form
from tianbao_web_litestar.receiving import Checks, Received, receive
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

_SET = {"action": Action.SET_CALENDAR}
_PAGE = "/reminders/days"
_FIRST, _LAST = 2015, 2100
_DONE = {"set": "已設定。", "unset": "已取消設定。", "imported": "已匯入辦公日曆表。"}


@get(_PAGE, opt=_SET, include_in_schema=False, sync_to_thread=True)
def view(
    request: Visit,
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    year: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[str]:
    """A year's days."""
    return _page(request, core, pages, Form(), _year(year, core), done=_DONE.get(done, ""))


@post(_PAGE, opt=_SET, include_in_schema=False, sync_to_thread=True)
def enter(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Say of a day whether it is a working day."""
    form = Form.of(data)
    try:
        day = _chosen(data)
        set_day(core, request.user, day, data.get("note", ""), working=data["kind"] == "working")
    except Refusal as refusal:
        return _page(request, core, pages, form.refused(refusal), _year(data.get("day", "")[:4], core))
    return _done(day.year, "set")


def _chosen(data: dict[str, str]) -> date:
    """The day of the form.

    Raises:
        FormRefusal: there is none, or it is not said what it is.
    """
    problems: dict[str, Refusal] = {}
    if data.get("kind") not in {"off", "working"}:
        problems["kind"] = Refusal("required", "沒有選擇放假或上班。", "請選擇其中一項。")
    try:
        day = parse_day(data.get("day", ""))
    except ValueError as error:
        problems["day"] = Refusal("required", "日期沒有填，或無法辨識。", "請選擇日期。")
        raise FormRefusal(problems) from error
    if problems:
        raise FormRefusal(problems)
    return day


@post("/reminders/days/{day:str}/unset", opt=_SET, include_in_schema=False, sync_to_thread=True)
def take_back(request: Visit, day: FromPath[str], core: NamedDependency[App]) -> Response[Any]:
    """Take back what was said of a day."""
    try:
        wanted = parse_day(day)
    except ValueError as error:
        raise not_found() from error
    unset_day(core, request.user, wanted)
    return _done(wanted.year, "unset")


@get("/reminders/days/import", opt=_SET, include_in_schema=False, sync_to_thread=True)
def form(request: Visit, pages: NamedDependency[Pages]) -> Response[str]:
    """Which file."""
    return _form(request, pages)


@post("/reminders/days/import", opt=_SET, include_in_schema=False)
async def preview(request: Visit, pages: NamedDependency[Pages], checks: NamedDependency[Checks]) -> Response[Any]:
    """What the file says, before it counts."""
    received = await receive(request)
    return await checks.run(request.user, partial(_preview, request, received, pages))


def _preview(request: Visit, received: Received, pages: Pages) -> Response[Any]:
    if not received.data:
        return _form(request, pages, Refusal("no-file", "還沒有選擇檔案。", "請先選擇辦公日曆表的 CSV 檔。"))
    try:
        published = read_published(received.data)
    except Refusal as refusal:
        return _form(request, pages, refusal)
    return _shown(request, pages, published, received.data)


@post("/reminders/days/import/confirm", opt=_SET, include_in_schema=False, sync_to_thread=True)
def confirm(
    request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Take what was shown: the file came along with the page, and is looked over again."""
    try:
        published = read_published(base64.b64decode(data.get("file", ""), validate=True))
        import_published(core, request.user, published)
    except (ValueError, Refusal):
        return _form(request, pages, Refusal("preview-gone", "預覽的檔案不完整。", "請再上傳一次。"))
    return _done(published.year, "imported")


def _page(  # noqa: PLR0917 -- all of it is on the page
    request: Visit, core: App, pages: Pages, form: Form, year: int, done: str = ""
) -> Response[str]:
    about = {
        "found": year_of(core, request.user, year),
        "form": form,
        "done": done,
        "first": _FIRST,
        "last": _LAST,
        "today": core.clock.now().date(),
    }
    refused = form.refusal or next(iter(form.problems.values()), None)
    return pages.show(request, "reminder_days.html", status_of(refused) if refused else HTTP_200_OK, **about)


def _year(text: str, core: App) -> int:
    """The year that is asked for, else this one."""
    wanted = int(text) if text.isdecimal() and len(text) == len(str(_LAST)) else 0
    return wanted if _FIRST <= wanted <= _LAST else core.clock.now().year


def _form(request: Visit, pages: Pages, refusal: Refusal | None = None) -> Response[str]:
    status = status_of(refusal) if refusal else HTTP_200_OK
    return pages.show(request, "reminder_days_import.html", status, refusal=refusal)


def _shown(request: Visit, pages: Pages, published: Published, data: bytes) -> Response[str]:
    about = {
        "published": published,
        "other": [(day, calculated(day.day)) for day in published.other],
        "off": sum(not day.working for day in published.days),
        "file": base64.b64encode(data).decode(),
    }
    return pages.show(request, "reminder_days_preview.html", **about)


def _done(year: int, what: str) -> Response[Any]:
    return Redirect(f"{_PAGE}?year={year}&done={what}", status_code=HTTP_303_SEE_OTHER)
