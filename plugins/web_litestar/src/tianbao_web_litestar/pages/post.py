"""寄信紀錄: what went out, waits or came to nothing; read, sent again, given up; sending held back and let go on."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from tianbao.accounts.policy import Action, may
from tianbao.bootstrap import App
from tianbao.errors import Refusal
from tianbao.mails.kinds import kind_of
from tianbao.outbox import Fate
from tianbao.periods import parse_day
from tianbao.post import handling, pausing, room
from tianbao.post.room import Asked, Read
from tianbao_web_litestar import frames
from tianbao_web_litestar.errors import not_found, status_of
from tianbao_web_litestar.file_names import attachment
from tianbao_web_litestar.forms import Form, number_of
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

_SEE = {"action": Action.SEE_POST_ROOM}
_RUN = {"action": Action.RUN_POST_ROOM}
_ASKED = ("state", "text", "words", "since", "until")
_SIGNS = {
    Fate.SENT: "filed",
    Fate.QUEUED: "due",
    Fate.REFUSED: "invalid",
    Fate.GIVEN_UP: "late",
    Fate.WITHDRAWN: "nil",
}
_DONE = {
    "again": "已排入寄送，寄出的結果請看這一頁。",
    "given-up": "已取消，這封信不會寄出。",
    "paused": "已暫停。",
    "resumed": "已恢復，等待中的信會陸續寄出。",
}


@get("/post", opt=_SEE, include_in_schema=False, sync_to_thread=True)
def register(
    request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages], done: FromQuery[str] = ""
) -> Response[str]:
    """What the address asks for, the newest first."""
    typed = {name: request.query_params.get(name, "").strip() for name in _ASKED}
    found = room.register(core, request.user, _asked(typed, request.query_params.get("before", "")))
    return pages.show(
        request,
        "post.html",
        typed=typed,
        found=found,
        older=_address({**typed, "before": str(found.older)}) if found.older else "",
        asking=any(typed.values()),
        fates=Fate,
        signs=_SIGNS,
        kind_of=kind_of,
        runs=may(request.user, Action.RUN_POST_ROOM),
        done=_DONE.get(done, ""),
    )


@get("/post/{message_id:int}", opt=_SEE, include_in_schema=False, sync_to_thread=True)
def message(
    request: Visit,
    message_id: FromPath[int],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
    done: FromQuery[str] = "",
) -> Response[str]:
    """One message, and what can be done about it."""
    return _page(request, core, pages, message_id, Form(), done=_DONE.get(done, ""))


@get("/post/{message_id:int}/mail", opt=_SEE, include_in_schema=False, sync_to_thread=True)
def mail(request: Visit, message_id: FromPath[int], core: NamedDependency[App]) -> Response[str]:
    """Its words as a mail program shows them, for the frame."""
    read = _read(request, core, message_id)
    if read.mail is None:
        raise not_found()
    return frames.shown(read.mail)


@get("/post/{message_id:int}/files/{file_number:int}", opt=_SEE, include_in_schema=False, sync_to_thread=True)
def file(
    request: Visit, message_id: FromPath[int], file_number: FromPath[int], core: NamedDependency[App]
) -> Response[bytes]:
    """A file that went with it."""
    files = _read(request, core, message_id).line.queued.enclosed
    if not 0 <= file_number < len(files):
        raise not_found()
    chosen = files[file_number]
    with core.store.read() as work:
        content = work.outbox.attachment(chosen.hash)
    return Response(content, media_type=chosen.media_type, headers=attachment(chosen.name))


@post("/post/{message_id:int}/again", opt=_RUN, include_in_schema=False, sync_to_thread=True)
def again(
    request: Visit,
    message_id: FromPath[int],
    data: URLEncodedBody[dict[str, str]],
    core: NamedDependency[App],
    pages: NamedDependency[Pages],
) -> Response[Any]:
    """Send it again, as a message of its own."""
    number = number_of(data.get("number", "")) or 0
    try:
        repeat = handling.send_again(core, request.user, message_id, data.get("to", ""), number)
    except Refusal as refusal:
        return _page(request, core, pages, message_id, Form.of(data).refused(refusal), status_of(refusal))
    return _seen(f"/post/{repeat.id}", "again")


@post("/post/{message_id:int}/give-up", opt=_RUN, include_in_schema=False, sync_to_thread=True)
def give_up(
    request: Visit, message_id: FromPath[int], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """Let it never go out."""
    try:
        handling.give_up(core, request.user, message_id)
    except Refusal as refusal:
        return _page(request, core, pages, message_id, Form().refused(refusal), status_of(refusal))
    return _seen(f"/post/{message_id}", "given-up")


@post("/post/pause", opt=_RUN, include_in_schema=False, sync_to_thread=True)
def pause(request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App]) -> Response[Any]:
    """Hold back all messages, or those of one text."""
    pausing.pause(core, request.user, data.get("kind", pausing.EVERYTHING))
    return _seen("/post", "paused")


@post("/post/resume", opt=_RUN, include_in_schema=False, sync_to_thread=True)
def resume(request: Visit, data: URLEncodedBody[dict[str, str]], core: NamedDependency[App]) -> Response[Any]:
    """Let them go on."""
    pausing.resume(core, request.user, data.get("kind", pausing.EVERYTHING))
    return _seen("/post", "resumed")


def _page(  # noqa: PLR0917 -- what the page shows
    request: Visit, core: App, pages: Pages, message_id: int, form: Form, status: int = 200, done: str = ""
) -> Response[str]:
    read = _read(request, core, message_id)
    with core.store.read() as work:
        able, held = handling.again(work, read.line.queued), room.held_back(work.pauses.all(), read.line.queued)
    return pages.show(
        request,
        "post_message.html",
        status,
        read=read,
        able=able,
        held=held,
        form=form,
        done=done,
        signs=_SIGNS,
        runs=may(request.user, Action.RUN_POST_ROOM),
    )


def _read(request: Visit, core: App, message_id: int) -> Read:
    read = room.read(core, request.user, message_id)
    if read is None:
        raise not_found()
    return read


def _asked(typed: Mapping[str, str], before: str) -> Asked:
    """What an address asks for; what means nothing there is as good as not said."""
    return Asked(
        state=next((fate for fate in Fate if fate.value == typed["state"]), None),
        text=typed["text"],
        words=typed["words"],
        since=_day(typed["since"]),
        until=_day(typed["until"]),
        before=number_of(before),
    )


def _day(text: str) -> dt.date | None:
    try:
        return parse_day(text)
    except ValueError:
        return None


def _address(asked: Mapping[str, str]) -> str:
    return f"/post?{urlencode({name: value for name, value in asked.items() if value})}"


def _seen(address: str, done: str) -> Response[Any]:
    return Redirect(f"{address}?done={done}", status_code=HTTP_303_SEE_OTHER)
