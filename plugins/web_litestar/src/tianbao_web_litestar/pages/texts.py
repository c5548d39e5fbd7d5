"""信件內容: the organiser edits the texts of the mails, and sees them before they count."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from tianbao.accounts.forms import FormRefusal
from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.mails import editing
from tianbao.mails.blocks import STATES
from tianbao.mails.editing import Edited
from tianbao.mails.kinds import FIELDS, FORMATS
from tianbao.mails.samples import SAMPLES
from tianbao.units import Unit
from tianbao_web_litestar import frames
from tianbao_web_litestar.errors import not_found, status_of
from tianbao_web_litestar.forms import Form, number_of
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

_EDIT = {"action": Action.EDIT_MESSAGES}
_DONE = {"saved": "已儲存，之後寄出的信會使用新的內容。", "restored": "已還原為原始內容，之後寄出的信會使用原始內容。"}
_ALWAYS = ("address", "contacts", "site")


@get("/texts", opt=_EDIT, include_in_schema=False, sync_to_thread=True)
def texts(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[str]:
    """All texts, by what they are for."""
    return pages.show(request, "texts.html", texts=editing.texts(core, request.user))


@get("/texts/{text_name:str}", opt=_EDIT, include_in_schema=False, sync_to_thread=True)
def text(
    request: Visit,
    text_name: FromPath[str],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    done: FromQuery[str] = "",
) -> Response[str]:
    """One text, its fields, and its editions."""
    edited = _edited(request, core, text_name)
    return _page(request, pages, edited, Form({"source": edited.source}), done=_DONE.get(done, ""))


@post("/texts/{text_name:str}", opt=_EDIT, include_in_schema=False, sync_to_thread=True)
def save(
    request: Visit,
    text_name: FromPath[str],
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
) -> Response[Any]:
    """Keep what was written, where it can become a mail."""
    edited = _edited(request, core, text_name)
    try:
        editing.save(core, request.user, text_name, data.get("source", ""), _number(data.get("basis", "")))
    except Refusal as refusal:
        return _page(request, pages, edited, Form.of(data).refused(refusal), status_of(refusal))
    return Redirect(f"/texts/{text_name}?done=saved", status_code=HTTP_303_SEE_OTHER)


@post("/texts/{text_name:str}/restore", opt=_EDIT, include_in_schema=False, sync_to_thread=True)
def restore(
    request: Visit, text_name: FromPath[str], data: URLEncodedBody[dict[str, str]], core: NamedDependency[App]
) -> Response[Any]:
    """Go back to the shipped text."""
    _edited(request, core, text_name)
    editing.restore(core, request.user, text_name, _number(data.get("basis", "")))
    return Redirect(f"/texts/{text_name}?done=restored", status_code=HTTP_303_SEE_OTHER)


@get("/texts/{text_name:str}/preview", opt=_EDIT, include_in_schema=False, sync_to_thread=True)
def preview(request: Visit, text_name: FromPath[str], core: NamedDependency[App]) -> Response[str]:
    """The text as it stands, of made-up people: what the frame shows at first."""
    edited = _edited(request, core, text_name)
    return frames.shown(editing.preview(core, request.user, text_name, edited.source))


@post(
    "/texts/{text_name:str}/preview", opt=_EDIT, include_in_schema=False, sync_to_thread=True, status_code=HTTP_200_OK
)
def preview_typed(
    request: Visit, text_name: FromPath[str], data: URLEncodedBody[dict[str, str]], core: NamedDependency[App]
) -> Response[str]:
    """What is written in the form, as a mail; nothing is kept."""
    _edited(request, core, text_name)
    try:
        mail = editing.preview(
            core, request.user, text_name, data.get("source", ""), _unit(core, data.get("unit", "").strip())
        )
    except Refusal as refusal:
        return frames.refused(refusal)
    return frames.shown(mail, plain=data.get("form") == "plain")


def _unit(core: App, words: str) -> Unit | None:
    """The unit whose data are wanted; ``None`` where the field is empty.

    Raises:
        FormRefusal: the words mean no unit, or several.
    """
    if not words:
        return None
    with core.store.read() as work:
        found = work.units.search(words, limit=6)
    exact = [unit for unit in found if words in {unit.name, unit.code}] or found
    if len(exact) == 1:
        return exact[0]
    some = "、".join(f"{unit.name}（{unit.code}）" for unit in exact[:5])
    what = f"「{words}」有多個單位：{some}{'…' if len(exact) > 5 else ''}。" if exact else f"找不到單位「{words}」。"  # noqa: PLR2004
    raise FormRefusal({"unit": Refusal("unit", what, "請填完整的校名，或單位代碼。")})


def _edited(request: Visit, core: App, name: str) -> Edited:
    edited = editing.text(core, request.user, name)
    if edited is None:
        raise not_found()
    return edited


def _number(typed: str) -> int:
    found = number_of(typed)
    return -1 if found is None else found


def _page(  # noqa: PLR0917 -- what the page shows
    request: Visit, pages: Pages, edited: Edited, form: Form, status: int = HTTP_200_OK, done: str = ""
) -> Response[str]:
    sample = SAMPLES[edited.name]
    lists = {field: list(each[0]) for field, each in sample.items() if isinstance(each, list) and each}
    return pages.show(
        request,
        "text.html",
        status,
        edited=edited,
        form=form,
        done=done,
        fields=[(field, FIELDS.get(field, ""), lists.get(field, ())) for field in (*sorted(sample), *_ALWAYS)],
        explained=FIELDS,
        formats=FORMATS,
        states=STATES,
    )
