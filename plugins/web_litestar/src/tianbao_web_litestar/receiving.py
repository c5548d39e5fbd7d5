"""Takes in what a browser sends, up to a limit, and lets the browser finish before it is refused.

A server that answers in the middle of an upload and hangs up shows as a broken connection, not as the answer. So what
is left of a refused upload is read and dropped first, within reason.
"""

from collections.abc import Mapping
from typing import cast

from attrs import Factory, field, frozen
from litestar.datastructures import UploadFile
from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send

from tianbao_web_litestar.file_names import harmless
from tianbao_web_litestar.turns import Turns
from tianbao_web_litestar.visits import Visit, is_http

FORM_ROOM = 64 * 2**10
"""What the fields and the frame of a form may take besides its file, in bytes."""
_PATIENCE = 8
"""How many times the largest file is read and dropped before the connection is cut."""
_AT_ONCE = 4
"""Workbooks checked at the same time; each has a process of its own meanwhile, the others wait for their turn."""


@frozen
class Received:
    """A form with a file."""

    file_name: str = ""
    data: bytes | None = field(default=None, repr=False)
    """``None`` where no file was chosen."""
    fields: Mapping[str, str] = Factory(dict)


async def receive(request: Visit) -> Received:
    """Take a form's file, named ``file``, and its fields. Litestar stops at the route's limit while it comes in."""
    form = await request.form()
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    file = form.get("file")
    if not isinstance(file, UploadFile):  # none was chosen
        return Received(fields=fields)
    return Received(harmless(file.filename), await file.read(), fields)


class Checks(Turns):
    """Looks at what was sent, so much at once and no more."""

    def __init__(self) -> None:
        super().__init__(_AT_ONCE)


class Draining:
    """Drops the rest of a body before the answer that refuses it."""

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self.app = app
        self.most = limit * _PATIENCE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_http(scope) or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        body = _Body(receive)

        async def send_after_body(message: Message) -> None:
            if message["type"] == "http.response.start":
                await body.drop(self.most)
            await send(message)

        try:
            await self.app(scope, body.receive, send_after_body)
        except Exception:
            await body.drop(self.most)  # whoever catches it answers past this middleware
            raise


class _Body:
    """A request's body, and whether all of it came."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False

    async def receive(self) -> HTTPReceiveMessage:
        message = cast(HTTPReceiveMessage, await self._receive())
        self._ended = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def drop(self, most: int) -> None:
        dropped = 0
        while not self._ended and dropped < most:
            message = await self.receive()
            dropped += len(message["body"]) if message["type"] == "http.request" else 0
