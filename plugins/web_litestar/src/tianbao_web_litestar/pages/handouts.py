"""Files beside each template: the organiser puts them there, everybody downloads them on 填報說明."""

from functools import partial
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK, HTTP_422_UNPROCESSABLE_ENTITY

from tianbao import handouts
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.handouts import FORMATS, Kind
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.file_names import attachment
from tianbao_web_litestar.forms import Form
from tianbao_web_litestar.pages.announcements import ANNOUNCE, went
from tianbao_web_litestar.receiving import Checks, Received, receive
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

_FILE = "/filing/guide/{key:str}/files/{handout_id:int}"


@get("/announcements/files/new", opt=ANNOUNCE, include_in_schema=False, sync_to_thread=True)
def form(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """Which file, beside which template."""
    return _form(request, core, pages, Form())


@post("/announcements/files/new", opt=ANNOUNCE, include_in_schema=False)
async def add(
    request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages], checks: NamedDependency[Checks]
) -> Response[Any]:
    """Put it there."""
    return await checks.run(request.user, partial(_add, request, await receive(request), core, pages))


def _add(request: Visit, received: Received, core: App, pages: Pages) -> Response[Any]:
    try:
        handouts.add(core, request.user, received.fields, received.file_name, received.data)
    except Refusal as refusal:
        return _form(request, core, pages, Form.of(received.fields).refused(refusal))
    return went("file")


@post(_FILE + "/withdraw", opt=ANNOUNCE, include_in_schema=False, sync_to_thread=True)
def withdraw(
    request: Visit, key: FromPath[str], handout_id: FromPath[int], core: NamedDependency[App]
) -> Response[Any]:
    """Take it back."""
    handouts.withdraw(core, request.user, key, handout_id)
    return went("file-withdrawn")


@get(_FILE, include_in_schema=False, sync_to_thread=True)
def download(key: FromPath[str], handout_id: FromPath[int], core: NamedDependency[App]) -> Response[bytes]:
    """The file, to be saved: never shown in the browser under this site's name."""
    found = handouts.content_of(core, key, handout_id)
    if found is None:
        raise not_found()
    handout, content = found
    return Response(content, media_type=handout.media_type, headers=attachment(handout.file_name))


def _form(request: Visit, core: App, pages: Pages, form: Form) -> Response[str]:
    newest_first = sorted(core.plugins.templates.values(), key=lambda template: template.key, reverse=True)
    about = {"form": form, "templates": newest_first, "kinds": Kind, "limit": core.settings.handout_bytes}
    status = HTTP_422_UNPROCESSABLE_ENTITY if form.wrong else HTTP_200_OK
    return pages.show(request, "handout_form.html", status, suffixes=[each.suffix for each in FORMATS], **about)
