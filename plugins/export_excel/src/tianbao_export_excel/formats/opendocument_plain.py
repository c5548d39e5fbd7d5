"""Rewrites an OpenDocument table plainly: comments on cells, drawings and line breaks are what calamine misreads."""

from tianbao_export_excel.formats.markup import Attributes, escape, parse
from tianbao_export_excel.refusals import Rejected

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES = {
    f"{_OASIS}office:1.0": "office",
    f"{_OASIS}table:1.0": "table",
    f"{_OASIS}text:1.0": "text",
    f"{_OASIS}style:1.0": "style",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}
_KEPT = {
    "office:document-content",
    "office:automatic-styles",
    "style:style",
    "style:table-properties",
    "office:body",
    "office:spreadsheet",
    "table:table",
    "table:table-row",
    "table:table-cell",
    "table:covered-table-cell",
    "text:p",
}
_SEEN_THROUGH = {
    "table:table-header-rows",
    "table:table-row-group",
    "table:table-rows",
    "text:span",
    "text:a",
    "text:meta",
    "text:ruby",
    "text:ruby-base",
}
_MOST_BLANKS = 1_000
"""Blanks one ``<text:s>`` may stand for."""


def canonical(xml: bytes) -> bytes:
    """Rewrite a ``content.xml``: tables, rows, cells and their text under the usual prefixes, nothing else.

    Raises:
        Rejected: it is no such document.
    """
    writer = _Writer()
    parse(xml, writer.opened, writer.closed, writer.text)
    return "".join(writer.pieces).encode()


class _Writer:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._skipped = 0
        self._paragraphs = 0

    def opened(self, element: str, attributes: Attributes) -> None:
        name = _prefixed(element)
        if not self.pieces and name != "office:document-content":
            raise Rejected("broken")
        if self._skipped or name not in _KEPT | _SEEN_THROUGH | {"text:s", "text:tab", "text:line-break"}:
            self._skipped += 1
        elif name in _KEPT:
            self._paragraphs += name == "text:p"
            kept = ((_prefixed(key), value) for key, value in attributes.items())
            written = "".join(f' {key}="{_one_line(value)}"' for key, value in kept if key)
            self.pieces.append(f"<{name}{written}>")
        elif self._paragraphs:
            self.pieces.append(_blank(name, attributes))

    def closed(self, element: str) -> None:
        name = _prefixed(element)
        if self._skipped:
            self._skipped -= 1
        elif name in _KEPT:
            self._paragraphs -= name == "text:p"
            self.pieces.append(f"</{name}>")

    def text(self, text: str) -> None:
        if self._paragraphs and not self._skipped:
            self.pieces.append(escape(text))


def _prefixed(name: str) -> str:
    """A name under the usual prefix; empty in a namespace that does not matter."""
    namespace, _, local = name.rpartition(" ")
    prefix = _PREFIXES.get(namespace, "")
    return f"{prefix}:{local}" if prefix else ""


def _blank(name: str, attributes: Attributes) -> str:
    if name == "text:s":
        count = attributes.get(f"{_OASIS}text:1.0 c", "1")
        if not (count.isascii() and count.isdecimal()) or int(count[:9]) > _MOST_BLANKS:
            raise Rejected("broken")
        return " " * int(count)
    return {"text:tab": "&#9;", "text:line-break": "&#10;"}.get(name, "")


def _one_line(value: str) -> str:
    return escape(value).replace("\n", "&#10;").replace("\t", "&#9;")
