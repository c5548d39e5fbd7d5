"""A message as the bytes that travel: headers that cannot be broken out of, HTML and plain text, attachments.

Written by hand, on the little of MIME that it takes: the standard library's `email` needs several times as long for a
mail as the mail server does, and a reminder goes to thousands. The tests read what is written here back with `email`.
"""

import hashlib
import re
import unicodedata
from base64 import b64encode
from binascii import b2a_base64
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import quote

from attrs import frozen

from tianbao.channels import Attachment, Message
from tianbao_notify_email.addresses import parted
from tianbao_notify_email.settings import EmailSettings


@frozen
class Envelope:
    """What is said to the server, and what is sent.

    Attributes:
        sender: whom a bounce goes to.
        recipient: whom it goes to.
        content: headers and body, their lines ended as they travel.
        international: whether the server must know addresses beyond ASCII (SMTPUTF8).
    """

    sender: str
    recipient: str
    content: bytes
    international: bool


def seal(message: Message, settings: EmailSettings, now: datetime) -> Envelope:
    """Write the message as it travels.

    Raises:
        NotAnAddressError: the recipient is no single e-mail address.
    """
    local, domain = parted(message.to)
    recipient = f"{local}@{domain}"
    part = _body(message)
    if message.attachments:
        part = _together("mixed", "=_mail", part, *map(_attached, message.attachments))
    headers = {**_headers(message, settings, now), "To": recipient, "MIME-Version": "1.0"}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
    sender = "@".join(parted(settings.sender))
    return Envelope(sender, recipient, head + part, not (sender + recipient).isascii())


def _headers(message: Message, settings: EmailSettings, now: datetime) -> dict[str, str]:
    return {
        "From": f"{encoded(settings.sender_name, phrase=True)} <{'@'.join(parted(settings.sender))}>".strip(),
        **({"Reply-To": "@".join(parted(settings.reply_to))} if settings.reply_to else {}),
        "Subject": encoded(message.subject),
        "Date": format_datetime(now),
        "Message-ID": message_id(message.id, settings.domain),
        "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday notices in answer, please
        "X-Auto-Response-Suppress": "All",  # the same, for Exchange
        "List-Id": f"<tianbao.{settings.domain}>",  # lets people sort these mails with one rule
    }


def message_id(id: str, domain: str) -> str:  # noqa: A002 -- the field's name
    """The Message-ID of a message: the same for every copy of it."""
    plain = id if _PLAIN_ID.fullmatch(id) else hashlib.sha256(id.encode()).hexdigest()[:40]
    return f"<{plain}@{domain}>"


_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,60}")


@lru_cache(maxsize=16)  # the same sender stands in every mail
def encoded(text: str, *, phrase: bool = False) -> str:
    """A header's text as RFC 2047 wants it: in one line, or in several that are one when read.

    Args:
        text: anything; line breaks and control characters become blanks.
        phrase: whether it is a person's or an office's name before an address, where fewer characters stand for
            themselves.
    """
    seen = text if text.isprintable() else "".join(map(_seen, text))  # looking at each character takes long
    line = " ".join(seen.split())
    if (_PLAIN_PHRASE if phrase else _PLAIN_TEXT).fullmatch(line) and "=?" not in line:
        return line
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part).decode()}?=" for part in _parts(line))


def _seen(char: str) -> str:
    return " " if unicodedata.category(char) in _UNSEEN else char


_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_PLAIN_TEXT = re.compile(r"[ -~]{0,60}")
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9 ]{0,60}")
_WORD = 42
"""Bytes in one encoded word, which with its wrapping must not be longer than 75 characters."""
_WITHIN = range(0x80, 0xC0)
"""UTF-8: the bytes of a character but its first."""


def _parts(line: str) -> Iterator[bytes]:
    """Cut a line into parts of a word's length, never within a character."""
    rest = line.encode()
    while len(rest) > _WORD:
        cut = next(at for at in range(_WORD, 0, -1) if rest[at] not in _WITHIN)
        yield rest[:cut]
        rest = rest[cut:]
    yield rest


def _body(message: Message) -> bytes:
    plain = _text("plain", message.text)
    return _together("alternative", "=_body", plain, _text("html", message.html)) if message.html else plain


def _text(kind: str, text: str) -> bytes:
    lines = text.encode("utf-8", "replace").replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    return _part(f"text/{kind}; charset=utf-8", lines)  # faster than any pattern, and than on characters


def _attached(attachment: Attachment) -> bytes:
    kind = attachment.media_type if _MEDIA_TYPE.fullmatch(attachment.media_type) else "application/octet-stream"
    name = quote(attachment.name.encode("utf-8", "replace"), safe="")
    return _part(kind, attachment.content, f"Content-Disposition: attachment; filename*=utf-8''{name}\r\n")


_MEDIA_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9.+-]+")


def _part(kind: str, content: bytes, more: str = "") -> bytes:
    """One part, in base64: it needs no other promise of the server, and Chinese grows least by it."""
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n{more}\r\n"
    letters = b2a_base64(content, newline=False)
    lines = [letters[at : at + _LINE] for at in range(0, len(letters), _LINE)]
    return head.encode() + b"\r\n".join(lines) + b"\r\n"


_LINE = 76
"""Letters in a line of base64, at most."""


def _together(kind: str, boundary: str, *parts: bytes) -> bytes:
    """Several parts as one; the underline in the boundary never stands in base64."""
    fence = f"--{boundary}".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(fence + b"\r\n" + part for part in parts) + fence + b"--\r\n"
