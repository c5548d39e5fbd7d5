"""The demo's mailbox: its mails are read here instead of leaving the machine. No other site has these pages."""

import re
from typing import Any

from attrs import frozen
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from tianbao.bootstrap import App
from tianbao.channels import Message
from tianbao.delivery import compose
from tianbao.mails import Mail as Words
from tianbao.outbox import Queued
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.frames import shown
from tianbao_web_litestar.rendering import Pages
from tianbao_web_litestar.visits import Visit

_MOST = 50
_LINK = re.compile(r"(https?://[!-~]+)")


@frozen
class Mail:
    """A mail as it would have been sent."""

    queued: Queued
    message: Message


@get("/demo/mails", opt={"public": True, "handleless": True}, include_in_schema=False, sync_to_thread=True)
def mails(request: Visit, core: NamedDependency[App], pages: NamedDependency[Pages]) -> Response[Any]:
    """The newest mails, the newest first."""
    with core.store.read() as work:
        queued, sources = work.outbox.all(), work.texts.sources()
    newest = [Mail(each, compose(each, core.settings, sources)) for each in reversed(queued[-_MOST:])]
    return pages.show(request, "demo_mails.html", mails=newest)


@get(
    "/demo/mails/{mail_id:int}", opt={"public": True, "handleless": True}, include_in_schema=False, sync_to_thread=True
)
def mail(
    request: Visit, mail_id: FromPath[int], core: NamedDependency[App], pages: NamedDependency[Pages]
) -> Response[Any]:
    """One mail, as it looks and as plain text; the links of the text can be followed."""
    found = _find(core, mail_id)
    return pages.show(request, "demo_mail.html", mail=found, pieces=_pieces(found.message.text))


@get(
    "/demo/mails/{mail_id:int}/look",
    opt={"public": True, "handleless": True},
    include_in_schema=False,
    sync_to_thread=True,
)
def look(mail_id: FromPath[int], core: NamedDependency[App]) -> Response[str]:
    """What stands in the frame of that page."""
    message = _find(core, mail_id).message
    return shown(Words(message.subject, message.text, message.html))


def _find(core: App, mail_id: int) -> Mail:
    with core.store.read() as work:
        queued = next((each for each in work.outbox.all() if each.id == mail_id), None)
        sources = work.texts.sources()
    if queued is None:
        raise not_found()
    return Mail(queued, compose(queued, core.settings, sources))


def _pieces(text: str) -> list[tuple[str, bool]]:
    """The text cut at its addresses; each piece with whether it is one."""
    return [(piece, number % 2 == 1) for number, piece in enumerate(_LINK.split(text))]
