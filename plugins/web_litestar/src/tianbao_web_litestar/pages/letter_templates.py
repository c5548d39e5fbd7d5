"""函文範本: the templates the letters are made from; to be downloaded, edited, tried and put in use."""

from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.letters import FIELDS, ROW_FIELDS, LetterWriter, templates
from tianbao_web_litestar.file_names import attachment
from tianbao_web_litestar.pages.letters import MAKE
from tianbao_web_litestar.receiving import Checks, Received, receive
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

DONE = {"used": "新的範本已啟用，之後產製的函文都會使用。", "shipped": "已改回系統範本。"}
_NO_FILE = Refusal("no-file", "還沒有選擇檔案。", "請先選擇修改好的範本（.odt 或 .docx）。")


@get("/letters/templates", opt=MAKE, include_in_schema=False, sync_to_thread=True)
def view(
    request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages], done: FromQuery[str] = ""
) -> Response[str]:
    """Which templates are in use, and what may stand in one."""
    return _page(request, core, pages, done=DONE.get(done, ""))


def _page(
    request: Visit, core: App, pages: Pages, status: int = HTTP_200_OK, *, fault: Refusal | None = None, done: str = ""
) -> Response[str]:
    ways = templates.writers(core)
    kept = [(ways[each.suffix], each) for each in templates.in_use(core)]
    facts = {"kept": kept, "fields": FIELDS, "row_fields": ROW_FIELDS, "accept": ",".join(ways)}
    return pages.show(request, "letters_templates.html", status, fault=fault, done=done, **facts)


@post("/letters/templates", opt=MAKE, include_in_schema=False)
async def take(
    request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages], checks: NamedDependency[Checks]
) -> Response[Any]:
    """Try an edited template, or put it in use; it is checked either way."""
    form = await receive(request)
    return await checks.run(request.user, partial(_take, request, form, core, pages))


def _take(request: Visit, form: Received, core: App, pages: Pages) -> Response[Any]:
    try:
        if form.data is None:
            raise _NO_FILE
        if form.fields.get("do") == "try":
            return _letter(*templates.try_out(core, request.user, form.file_name, form.data))
        templates.put_in_use(core, request.user, form.file_name, form.data)
    except Refusal as refusal:
        if refusal.code == "not-allowed":
            raise
        return _page(request, core, pages, HTTP_422_UNPROCESSABLE_ENTITY, fault=refusal)
    return Redirect("/letters/templates?done=used", status_code=HTTP_303_SEE_OTHER)


@get("/letters/templates/{form:str}", opt=MAKE, include_in_schema=False, sync_to_thread=True)
def download(request: Visit, form: FromPath[str], core: NamedDependency[App]) -> Response[bytes]:
    """The template in use, to be edited."""
    data = templates.template_file(core, request.user, f".{form}")
    return _file(templates.writers(core)[f".{form}"], data, "函文範本")


@get("/letters/templates/{form:str}/sample", opt=MAKE, include_in_schema=False, sync_to_thread=True)
def sample(request: Visit, form: FromPath[str], core: NamedDependency[App]) -> Response[bytes]:
    """A letter about made-up units, from the template in use."""
    data = templates.sample(core, request.user, f".{form}")
    return _letter(templates.writers(core)[f".{form}"], data)


@post("/letters/templates/{form:str}/shipped", opt=MAKE, include_in_schema=False, sync_to_thread=True)
def use_shipped(request: Visit, form: FromPath[str], core: NamedDependency[App]) -> Response[Any]:
    """Go back to the one that was shipped."""
    templates.use_shipped(core, request.user, f".{form}")
    return Redirect("/letters/templates?done=shipped", status_code=HTTP_303_SEE_OTHER)


def _letter(writer: LetterWriter, data: bytes) -> Response[bytes]:
    return _file(writer, data, "函文試填")


def _file(writer: LetterWriter, data: bytes, name: str) -> Response[bytes]:
    return Response(data, media_type=writer.media_type, headers=attachment(f"{name}{writer.suffix}"))
