"""XML as the formats use it: without a DTD, and the two dialects of OOXML read as one.

Element names come as plain ``row`` where they belong to the spreadsheet's own vocabulary, transitional or strict,
whatever prefix the file gives it; all others keep their namespace in front.
"""

import re
from collections.abc import Callable, Mapping
from xml.parsers import expat
from xml.sax.saxutils import escape as _escape

from tianbao_export_excel.refusals import Rejected

SPREADSHEET = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_PACKAGE = (
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "http://schemas.openxmlformats.org/package/2006/content-types",
)

Attributes = Mapping[str, str]


class _Names(dict[str, str]):
    """Remembers the short name of each name met."""

    def __missing__(self, name: str) -> str:
        namespace, _, local = name.rpartition(" ")
        self[name] = short = local if namespace in SPREADSHEET or namespace in _PACKAGE else name
        return short


def parse(
    xml: bytes,
    opened: Callable[[str, Attributes], None],
    closed: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk through a document.

    Raises:
        Rejected: ``unsafe-markup`` for a DTD, ``broken`` where it is not well-formed.
    """
    names = _Names()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_dtd
    parser.StartElementHandler = lambda name, attributes: opened(names[name], attributes)
    if closed:
        parser.EndElementHandler = lambda name: closed(names[name])
    if text:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)  # noqa: FBT003 -- expat's own signature
    except (expat.ExpatError, LookupError, ValueError):
        raise Rejected("broken") from None


def _no_dtd(*_: object) -> None:
    raise Rejected("unsafe-markup")


_DECLARATION = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml(?![^<>]*encoding=(?![\"'](?i:utf-8)[\"']))[^<>]*\?>)?\s*",
)


def inside(xml: bytes, root: bytes) -> int | None:
    """Where the content of the root element begins, if regular expressions may be trusted with the document so far.

    They may where it is UTF-8 and its root bears no prefix. ``None`` where only `parse` will do.
    """
    declaration = _DECLARATION.match(xml)
    start = declaration.end() if declaration else 0
    if not re.compile(rb"<" + root + rb"[\s>]").match(xml, start):
        return None
    end = xml.find(b">", start)
    return end + 1 if end > 0 and xml[end - 1 : end] != b"/" else None


def attribute(attributes: Attributes, local: str) -> str:
    """An attribute of any namespace by its local name, such as ``r:id``; empty where it is missing."""
    return next((value for name, value in attributes.items() if name.rpartition(" ")[2] == local), "")


def escape(text: str) -> str:
    """Text as it is written into a document of ours, line ends kept as they are."""
    return _escape(text, {"\r": "&#13;", '"': "&quot;"})
