"""公告: what the organiser announces, and the files handed out beside each template. Files come in by `handouts`."""

from typing import Any

from litestar import Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from tianbao import announcements, handouts
from tianbao.accounts import Role
from tianbao.accounts.policy import Action
from tianbao.announcements import Announcement, Written
from tianbao.bootstrap import App
from tianbao.calendar.rules import taipei_day
from tianbao.errors import Refusal
from tianbao.units import Level
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.forms import Form
from tianbao_web_litestar.receiving import Checks
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

ANNOUNCE = {"action": Action.ANNOUNCE}
_DONE = {
    "published": "公告已發布。",
    "changed": "公告已更新。",
    "withdrawn": "公告已撤下。",
    "file": "檔案已上傳，列在該表格的填報說明。",
    "file-withdrawn": "檔案已撤下，不能再下載。",
}


@get("/announcements", opt=ANNOUNCE, include_in_schema=False, sync_to_thread=True)
def desk(
    request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages], done: FromQuery[str] = ""
) -> Response[str]:
    """All announcements and all files."""
    today = taipei_day(core.clock.now())
    every, files = announcements.every(core, request.user), handouts.every(core, request.user)
    about = {
        "living": [each for each in every if _living(each, today)],
        "past": [each for each in every if not _living(each, today)],
        "files": [each for each in files if not each.withdrawn_at],
        "templates": core.plugins.templates,
        "today": today,
        "done": _DONE.get(done, ""),
    }
    return pages.show(request, "announcements.html", **about)


def _living(each: Announcement, today: Any) -> bool:  # noqa: ANN401 -- a date
    return each.withdrawn_at is None and (each.last is None or each.last >= today)


@get("/announcements/new", opt=ANNOUNCE, include_in_schema=False, sync_to_thread=True)
def new_form(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """An empty form."""
    written = Written(
        "", "", taipei_day(core.clock.now()).isoformat(), "", public=False, roles=frozenset(), levels=frozenset()
    )
    return _form(request, pages, written, Form(), "/announcements/new")


@post("/announcements/new", opt=ANNOUNCE, include_in_schema=False)
async def new(
    request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages], checks: NamedDependency[Checks]
) -> Response[Any]:
    """Publish."""
    written = _written(await request.form())

    def publish() -> Response[Any]:
        try:
            announcements.publish(core, request.user, written)
        except Refusal as refusal:
            return _form(request, pages, written, Form().refused(refusal), "/announcements/new")
        return went("published")

    return await checks.run(request.user, publish)


@get("/announcements/{announcement_id:int}/edit", opt=ANNOUNCE, include_in_schema=False, sync_to_thread=True)
def edit_form(
    request: Visit, announcement_id: FromPath[int], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[str]:
    """The form, with what was announced."""
    every = announcements.every(core, request.user)
    found = next((each for each in every if each.id == announcement_id and not each.withdrawn_at), None)
    if found is None:
        raise not_found()
    first, last = found.first.isoformat(), found.last.isoformat() if found.last else ""
    written = Written(found.title, found.text, first, last, found.public, found.roles, found.levels)
    return _form(request, pages, written, Form(), f"/announcements/{announcement_id}/edit")


@post("/announcements/{announcement_id:int}/edit", opt=ANNOUNCE, include_in_schema=False)
async def edit(
    request: Visit,
    announcement_id: FromPath[int],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    checks: NamedDependency[Checks],
) -> Response[Any]:
    """Change."""
    written = _written(await request.form())

    def amend() -> Response[Any]:
        try:
            announcements.amend(core, request.user, announcement_id, written)
        except Refusal as refusal:
            return _form(request, pages, written, Form().refused(refusal), f"/announcements/{announcement_id}/edit")
        return went("changed")

    return await checks.run(request.user, amend)


@post("/announcements/{announcement_id:int}/withdraw", opt=ANNOUNCE, include_in_schema=False, sync_to_thread=True)
def withdraw(request: Visit, announcement_id: FromPath[int], core: NamedDependency[App]) -> Response[Any]:
    """Take back."""
    announcements.withdraw(core, request.user, announcement_id)
    return went("withdrawn")


def _written(form: FormMultiDict) -> Written:
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    return Written.typed(typed, list(map(str, form.getall("roles", []))), list(map(str, form.getall("levels", []))))


def _form(request: Visit, pages: Pages, written: Written, form: Form, address: str) -> Response[str]:
    status = HTTP_422_UNPROCESSABLE_ENTITY if form.wrong else HTTP_200_OK
    about = {"written": written, "form": form, "address": address, "roles": Role, "levels": Level}
    return pages.show(request, "announcement_form.html", status, **about)


def went(what: str) -> Response[Any]:
    """Back to the desk, where it is said what was done."""
    return Redirect(f"/announcements?done={what}", status_code=HTTP_303_SEE_OTHER)
