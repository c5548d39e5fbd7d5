"""How a mail looks: as HTML on a calm sheet, and as plain text that says the same."""

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from tianbao.mails.blocks import Block, Button, Facts, Heading, Note, State, Text
from tianbao.mails.texts import SITE
from tianbao.settings import Contact, Settings

RULE = "－" * 20
AUTOMATIC = "這封信由系統自動寄出。系統不會以信件或電話詢問您的密碼。"


def whom_to_call(settings: Settings) -> tuple[tuple[str, str, Contact], ...]:
    """Who answers which questions: (questions, office, contact)."""
    contacts = settings.contacts
    return (
        ("表格內容", "承辦單位", contacts.organiser),
        ("系統操作", "系統客服", contacts.support),
    )


def html(text: Text, settings: Settings) -> str:
    """The mail as HTML; its styles are inline, since mail programs drop others."""
    head = _parts().head(SITE, text.subject, text.summary)
    foot = _foot(settings.base_url.rstrip("/"), whom_to_call(settings))
    return "".join([head, *(_block(each, each is text.blocks[-1]) for each in text.blocks), foot])


def _block(block: Block, last: bool) -> str:  # noqa: FBT001 -- as the layout has it
    """A block; what is no button is kept for the next mail. A button's address may be a secret."""
    return (_written if isinstance(block, Button) else _often)(block, last)


def _written(block: Block, last: bool) -> str:  # noqa: FBT001 -- as the layout has it
    return str(_parts().block(block, last))


_often = lru_cache(maxsize=64)(_written)
"""Most of what one reminder says, the next says, too."""


@lru_cache(maxsize=4)
def _foot(address: str, asked: tuple[tuple[str, str, Contact], ...]) -> str:
    """The same under all mails."""
    return str(_parts().foot(address, asked, AUTOMATIC))


@cache
def _parts() -> Any:  # noqa: ANN401 -- the layout's macros are its attributes
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["whole"] = _whole
    source = files("tianbao.mails").joinpath("layout.html").read_text("utf-8")
    return environment.from_string(source.replace("{{ font }}", _FONT)).module


_FONT = "font-family:'Noto Sans TC','PingFang TC','Microsoft JhengHei','Noto Sans CJK TC',sans-serif;"
"""Put in before Jinja reads it: it stands in every line, and mails are written by the thousand."""


_WHOLE = re.compile(r"（星期.）|\d[\d-]{5,}")


def _whole(text: str) -> Markup:
    """Keep telephone numbers and days of the week from being broken at the end of a line."""
    if not _WHOLE.search(text):
        return escape(text)
    kept = Markup('<span style="white-space:nowrap;">{}</span>').format  # the text itself is escaped
    parts = zip(_WHOLE.split(text), [*map(kept, _WHOLE.findall(text)), ""], strict=True)
    return Markup("").join(escape(before) + number for before, number in parts)


def plain(text: Text, settings: Settings) -> str:
    """The mail as plain text."""
    parts = [_plain(block) for block in text.blocks]
    asked = [f"{questions}：{office} {_reach(contact)}" for questions, office, contact in whom_to_call(settings)]
    return "\n\n".join([*parts, RULE, "\n".join(["需要協助嗎？", *asked]), AUTOMATIC]) + "\n"


def _plain(block: object) -> str:
    match block:
        case Heading(text):
            return f"【{text}】"
        case Button(text, url):
            return f"{text}：\n{url}"
        case State(text=text) as state:
            return f"{state.sign} {text}"
        case Facts(rows):
            return "\n".join(f"{term}：{value}" for term, value in rows)
        case Note(text):
            return f"※ {text}"
    return str(getattr(block, "text", block))


def _reach(contact: Contact) -> str:
    return "，".join(part for part in (contact.name, contact.phone, contact.email) if part)
