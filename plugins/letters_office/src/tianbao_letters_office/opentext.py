"""Letters as OpenDocument text, from a template made in LibreOffice.

No kept library fills OpenDocument templates without running their code (relatorio, appy and py3o run Python), so the
template is read with lxml and filled by the same small language as Word's: a field that LibreOffice cut into pieces is
put together again, a row with ``{%tr … %}`` or a paragraph with ``{%p … %}`` gives way to what it says.
"""

import html
import io
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from importlib.resources import files
from itertools import accumulate
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from attrs import frozen
from jinja2 import Template, TemplateError
from lxml import etree

from tianbao.errors import Refusal
from tianbao.letters import Letter, OpenedTemplate
from tianbao_letters_office.language import PROBE, Language, clean, demand_tidy, said
from tianbao_letters_office.packages import broken, demand_short, parsed, parts_of, refuse_programs, refuse_ties

ODT = "application/vnd.oasis.opendocument.text"
FILLED = ("content.xml", "styles.xml")
"""The parts that hold text: the body; headers and footers."""

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _OFFICE = (f"{{{_OASIS}{name}:1.0}}" for name in ("text", "table", "office"))
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_ROW = f"{_TABLE}table-row"
_LINKS = (f"{_TEXT}a", f"{{{_OASIS}drawing:1.0}}a")
_HREF = "{http://www.w3.org/1999/xlink}href"
_PROGRAMS = (f"{_OFFICE}scripts", f"{_OFFICE}event-listeners", f"{_TEXT}script", f"{_OFFICE}dde-source")

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_LIFTED = re.compile(r"\{%(tr|p)\s+(.*?)%\}", re.DOTALL)
_QUOTES = str.maketrans("“”‘’", "\"\"''")


class OpenTextWriter:
    """A `tianbao.letters.LetterWriter` for ``.odt``."""

    suffix = ".odt"
    media_type = ODT
    label = "ODF 文字文件"

    def shipped(self) -> bytes:
        """The template to begin with."""
        return files("tianbao_letters_office").joinpath("defaults/letter.odt").read_bytes()

    def open(self, template: bytes) -> OpenedTemplate:
        """Take a template; see `tianbao.letters.LetterWriter`."""
        parts = parts_of(template)
        if parts.get("mimetype", b"").strip() != ODT.encode() or "content.xml" not in parts:
            raise Refusal(
                "template-format",
                "這個檔案不是 .odt 文件。",
                "請在 LibreOffice 另存新檔為「ODF 文字文件（.odt）」再上傳。",
            )
        language = Language()
        demand_short(parts, FILLED)
        trees = {name: parsed(parts[name]) for name in FILLED if name in parts}
        for tree in trees.values():
            refuse_programs(tree, _PROGRAMS)
            refuse_ties(_ties(tree))
            demand_tidy(tree)
        compiled = {name: _compiled(tree, language) for name, tree in trees.items()}
        opened = _Opened(parts, compiled, frozenset(language.named))
        opened.fill_fields(PROBE, io.BytesIO())
        return opened


@frozen
class _Opened:
    parts: Mapping[str, bytes]
    compiled: Mapping[str, Template]
    fields: AbstractSet[str]

    def fill(self, letter: Letter, to: BinaryIO) -> None:
        self.fill_fields(letter.fields, to)

    def fill_fields(self, fields: Mapping[str, object], to: BinaryIO) -> None:
        cleaned = clean(fields)
        filled = {name: _filled(template, cleaned) for name, template in self.compiled.items()}
        with ZipFile(to, "w", ZIP_DEFLATED) as package:
            package.writestr("mimetype", ODT, ZIP_STORED)
            for name, data in self.parts.items():
                if name != "mimetype" and not name.endswith("/"):
                    package.writestr(name, filled.get(name, data))


def _compiled(tree: etree._Element, language: Language) -> Template:
    for paragraph in tree.iter(*_PARAGRAPHS):
        _put_together(paragraph)
    for paragraph in list(tree.iter(*_PARAGRAPHS)):
        _lift(paragraph)
    xml = _TAG.sub(lambda tag: html.unescape(tag[0]).translate(_QUOTES), etree.tostring(tree, encoding="unicode"))
    try:
        return language.from_string(xml)
    except TemplateError as error:
        raise said(error) from error


def _filled(template: Template, fields: Mapping[str, object]) -> bytes:
    try:
        xml = template.render(fields).encode()
    except TemplateError as error:
        raise said(error) from error
    try:
        parsed(xml)
    except Refusal as refusal:
        raise broken() from refusal
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + xml


def _put_together(paragraph: etree._Element) -> None:
    """Give each tag of a paragraph whole to the piece of text it begins in."""
    slots = list(_slots(paragraph))
    texts = [getattr(element, kind) or "" for element, kind in slots]
    starts = [0, *accumulate(map(len, texts))]
    pieces = [list(text) for text in texts]
    for tag in _TAG.finditer("".join(texts)):
        first, last = bisect_right(starts, tag.start()) - 1, bisect_left(starts, tag.end())
        for number in range(first, last):
            start = starts[number]
            for at in range(max(tag.start(), start), min(tag.end(), start + len(texts[number]))):
                pieces[number][at - start] = ""
        pieces[first][tag.start() - starts[first]] = tag[0]
    for (element, kind), piece, text in zip(slots, pieces, texts, strict=True):
        if (whole := "".join(piece)) != text:
            setattr(element, kind, whole)


def _slots(element: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Where the text of an element stands, in order."""
    yield element, "text"
    for child in element:
        yield from _slots(child)
        yield child, "tail"


def _lift(paragraph: etree._Element) -> None:
    """Put ``{%tr … %}`` in the place of its row, ``{%p … %}`` in that of its paragraph."""
    tags = _LIFTED.findall("".join(map(str, paragraph.itertext())))
    if not tags:
        return
    whole = next(paragraph.iterancestors(_ROW), paragraph) if tags[0][0] == "tr" else paragraph
    parent = whole.getparent()
    if parent is None:  # its row was lifted already
        return
    before = whole.getprevious()
    text = "".join(f"{{% {inside.strip()} %}}" for _, inside in tags) + (whole.tail or "")
    whole.tail = None
    parent.remove(whole)
    if before is None:
        parent.text = (parent.text or "") + text
    else:
        before.tail = (before.tail or "") + text


def _ties(tree: etree._Element) -> Iterator[str]:
    """Addresses of what the document would fetch; a link that a person follows is none."""
    for element in tree.iter(etree.Element):
        address = str(element.get(_HREF, ""))
        if address and element.tag not in _LINKS and not address.startswith(("Pictures/", "#")):
            yield address
