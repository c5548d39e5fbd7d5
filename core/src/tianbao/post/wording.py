"""The words of a message exactly as they went out, in a few bytes.

Texts are edited, layouts and telephone numbers change; what a school was told in March must be shown as it was told.
So subject, plain text and HTML are kept with each message, to the letter. Messages of one kind differ in a few words:
packed against a model of the kind (its text filled in with made-up people), 12 kB take some 200 bytes.
"""

import zlib
from collections.abc import Mapping

from markupsafe import escape

from tianbao.errors import TianbaoError
from tianbao.mails import Mail, render
from tianbao.mails.samples import SAMPLES
from tianbao.settings import Settings

MASK = "●●●●●●●●"
"""Stands for a secret, such as the token of a link, in what is kept."""
_RAW = -15
"""zlib's word for: no header, no check sum."""


def model_of(name: str, settings: Settings, sources: Mapping[str, str]) -> bytes:
    """What messages of a text are packed against: the same for all of them, and about nobody."""
    try:
        return _plain(render(name, SAMPLES[name], settings, sources))
    except (KeyError, TianbaoError):
        return sources.get(name, "").encode()


def packed(mail: Mail, model: bytes) -> bytes:
    """A message's words, to be unpacked with the same model."""
    squeeze = zlib.compressobj(3, zlib.DEFLATED, _RAW, zdict=model)
    return squeeze.compress(_plain(mail)) + squeeze.flush()


def unpacked(content: bytes, model: bytes) -> Mail:
    """The words of a message as they went out."""
    return Mail(*zlib.decompressobj(_RAW, zdict=model).decompress(content).decode().split("\0"))


def masked(mail: Mail, secrets: Mapping[str, object]) -> Mail:
    """The words without secrets, wherever these stand in them."""
    return Mail(*(without(part, secrets) for part in mail))


def without(text: str, secrets: Mapping[str, object]) -> str:
    """A text without secrets: a mail server that refuses a link repeats it."""
    forms = {form for each in secrets.values() if str(each) for form in (str(each), str(escape(str(each))))}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, MASK)
    return text


def _plain(mail: Mail) -> bytes:
    return "\0".join(part.replace("\0", "") for part in mail).encode("utf-8", "replace")
