"""The mails: what each says, and how it looks.

A text is one short file (``texts/``) in the notation of `tianbao.mails.blocks`; from it come the subject, the plain
text and the HTML. Nothing here queues or sends: see `tianbao.outbox` and `tianbao.delivery`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tianbao.mails import layout, texts
from tianbao.mails.blocks import parse
from tianbao.settings import Settings

__all__ = ["Mail", "render"]


class Mail(NamedTuple):
    """A mail ready to go."""

    subject: str
    text: str
    html: str


def render(name: str, data: Mapping[str, Any], settings: Settings, sources: Mapping[str, str] = texts.SHIPPED) -> Mail:
    """Write a mail.

    Args:
        name: of the text, such as ``activate``.
        data: what the text names (`tianbao.mails.samples` shows each text's); plain values as JSON has them: moments
            as ISO strings, periods as ``2024-09``.
        settings: for the address of the system and whom to ask.
        sources: the texts by name; the shipped ones, or the organiser's over them.

    Raises:
        TianbaoError: there is no such text.
        TextFault: it is not well formed, or it names what the data lack.
    """
    text = parse(name, texts.fill(name, data, settings, sources))
    return Mail(text.subject, layout.plain(text, settings), layout.html(text, settings))
