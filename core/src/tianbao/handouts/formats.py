"""Which files are taken: by what their bytes are, never by what they are called.

What is looked for in them is told in `tianbao.handouts.packages` and `tianbao.handouts.pdf`; it keeps out what runs or
is fetched by itself, and is no virus scanner.
"""

import lzma
import zipfile
import zlib
from collections.abc import Collection
from io import BytesIO

from attrs import frozen

from tianbao.errors import Refusal
from tianbao.handouts.packages import Look, macros
from tianbao.handouts.pdf import demand_harmless


@frozen
class Format:
    """A kind of file that is taken.

    Attributes:
        suffix: its own.
        media_type: its own.
        mark: what tells it from others of its family: the main part of an Office document, the type of an OpenDocument.
    """

    suffix: str
    media_type: str
    mark: str = ""


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
PDF = Format(".pdf", "application/pdf")
_PACKAGES = (
    Format(".pptx", f"{_OFFICE}presentationml.presentation", "ppt/presentation.xml"),
    Format(".docx", f"{_OFFICE}wordprocessingml.document", "word/document.xml"),
    Format(".xlsx", f"{_OFFICE}spreadsheetml.sheet", "xl/workbook.xml"),
)
_DOCUMENTS = (
    Format(".odp", f"{_OPEN}presentation"),
    Format(".odt", f"{_OPEN}text"),
    Format(".ods", f"{_OPEN}spreadsheet"),
)
FORMATS = (PDF, *_PACKAGES, *_DOCUMENTS)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError)
_MOST_PARTS = 10_000
_LONGEST_TYPES = 2 * 2**20


def format_of(data: bytes) -> Format:
    """What a file is.

    Raises:
        Refusal: it is empty (``empty-file``), of no kind that is taken (``format``), or holds what it must not; see
            `tianbao.handouts.packages.Look.over` and `tianbao.handouts.pdf.demand_harmless`.
    """
    return _known(data, Look(_known))


def _known(data: bytes, look: Look) -> Format:
    if not data:
        raise Refusal("empty-file", "檔案是空的。", "請確認檔案已存檔完成，再重新選取。")
    if data.startswith(b"%PDF-"):
        demand_harmless(data)
        return PDF
    if data.startswith(_OLE):
        raise Refusal("format", "這是舊版 Office 的檔案（.ppt、.doc、.xls），或設了密碼。", _REMEDY)
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            found = _of_package(package)
            look.over(package)
            return found
    except (*_BROKEN, NotImplementedError, RuntimeError, OSError, ValueError, KeyError) as error:
        raise _unknown() from error


_REMEDY = "請另存為 .pptx、.docx、.xlsx、.odp、.odt、.ods，或匯出為 PDF 後再上傳。"


def _unknown() -> Refusal:
    return Refusal("format", "這種檔案不能上傳。", _REMEDY)


def _of_package(package: zipfile.ZipFile) -> Format:
    names = package.namelist()
    if len(names) > _MOST_PARTS:
        raise _unknown()
    found = _document(package, names) or _office(package, names)
    if found is None:
        raise _unknown()
    return found


def _document(package: zipfile.ZipFile, names: Collection[str]) -> Format | None:
    if "mimetype" not in names:
        return None
    said = _read(package, "mimetype").decode("ascii", "replace").strip()
    return next((each for each in _DOCUMENTS if each.media_type == said), None)


def _office(package: zipfile.ZipFile, names: Collection[str]) -> Format | None:
    found = next((each for each in _PACKAGES if each.mark in names), None)
    if found and b"macroEnabled" in _read(package, "[Content_Types].xml"):
        raise macros()
    return found


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    """A small part of a package; a huge one is none that an office program writes."""
    with package.open(name) as part:
        data = part.read(_LONGEST_TYPES + 1)
    if len(data) > _LONGEST_TYPES:
        raise _unknown()
    return data
