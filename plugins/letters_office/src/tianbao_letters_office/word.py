"""Letters as Word documents, by docxtpl, from a template made in Word."""

import io
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from importlib.resources import files
from typing import BinaryIO

from attrs import frozen
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml import etree

from tianbao.errors import Refusal
from tianbao.letters import Letter, OpenedTemplate
from tianbao_letters_office.language import PROBE, Language, clean, demand_tidy, said
from tianbao_letters_office.packages import broken, demand_short, parsed, parts_of, refuse_ties, xml_parts

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAIN = f"{DOCX}.main+xml"
_PARTS, _DOCUMENT = "[Content_Types].xml", "word/document.xml"
_INSTRUCTION = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}instrText"
_WHOLE = ("/aFChunk", "/subDocument")
_FETCHES = re.compile(r"^\s*(?:DDE|INCLUDE|LINK|IMPORT|DATABASE)", re.IGNORECASE)


class WordWriter:
    """A `tianbao.letters.LetterWriter` for ``.docx``."""

    suffix = ".docx"
    media_type = DOCX
    label = "Word 文件"

    def shipped(self) -> bytes:
        """The template to begin with."""
        return files("tianbao_letters_office").joinpath("defaults/letter.docx").read_bytes()

    def open(self, template: bytes) -> OpenedTemplate:
        """Take a template; see `tianbao.letters.LetterWriter`."""
        parts = parts_of(template)
        if _DOCUMENT not in parts or _MAIN.encode() not in parts.get(_PARTS, b""):
            raise Refusal(
                "template-format", "這個檔案不是 .docx 文件。", "請在 Word 另存新檔為「Word 文件（.docx）」再上傳。"
            )
        trees = xml_parts(parts)
        refuse_ties(_ties(trees))
        demand_short(parts, trees)
        for tree in trees.values():
            demand_tidy(tree)
        opened = _Opened(template, frozenset())
        return _Opened(template, frozenset(opened.fill_fields(PROBE, io.BytesIO())))


@frozen
class _Opened:
    template: bytes
    fields: AbstractSet[str]

    def fill(self, letter: Letter, to: BinaryIO) -> None:
        self.fill_fields(letter.fields, to)

    def fill_fields(self, fields: Mapping[str, object], to: BinaryIO) -> AbstractSet[str]:
        """Write the letter; the fields that the template names."""
        language, cleaned = Language(), clean(fields)
        try:
            document = DocxTemplate(io.BytesIO(self.template))
            document.render_init()
            parsed(document.build_xml(cleaned, language).encode())  # docxtpl itself would mend and go on
            document.render(cleaned, language)
            document.save(to)
        except TemplateError as error:
            raise said(error) from error
        except (KeyError, ValueError, etree.LxmlError) as error:
            raise broken() from error
        return language.named


def _ties(trees: Mapping[str, etree._Element]) -> Iterator[str]:
    """Addresses of what the document would fetch; a link that a person follows is none."""
    for name, tree in trees.items():
        if name.endswith(".rels"):
            yield from (
                str(each.get("Target")) for each in tree if _ties_to(str(each.get("Type")), each.get("TargetMode"))
            )
        yield from (text for each in tree.iter(_INSTRUCTION) if _FETCHES.match(text := each.text or ""))


def _ties_to(kind: str, mode: str | None) -> bool:
    """Whether a relationship brings in something: from elsewhere, or a whole document that nobody looked into."""
    return kind.endswith(_WHOLE) or (mode == "External" and not kind.endswith("/hyperlink"))
