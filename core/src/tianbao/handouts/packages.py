"""What is inside an Office document or an OpenDocument: nothing that runs, nothing fetched from elsewhere when opened.

Addresses a reader has to click on stay. Fields that Word asks about before it acts (DDE) are not looked for.
"""

import re
import zipfile
from collections.abc import Callable, Mapping
from xml.parsers import expat

from attrs import define

from tianbao.errors import Refusal

_UNFOLDED = 64 * 2**20
"""Bytes that are read of a file at most, whatever it is folded into."""
_DEEPEST = 3
_PROGRAMS = re.compile(
    r"(^|/)(vbaProject\.bin|vbaData\.xml|activeX/|macrosheets/|dialogsheets/)|^(Basic|Scripts)/", re.IGNORECASE
)
"""Parts that run: macros of both families, controls, and the sheets of Excel 4."""
_OBJECTS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"MZ", b"\x7fELF", b"{\\rtf")
"""How parts begin that another program would open: OLE, programs, RTF."""
_DOCUMENTS = (b"PK\x03\x04", b"%PDF-")
"""How embedded documents begin, such as the figures behind a chart; they are looked at like the one they are in."""
_RUNNING = frozenset({
    "vbaProject", "wordVbaData", "control", "activeXControlBinary", "xlMacrosheet", "xlIntlMacrosheet",
    "webextension", "webextensiontaskpanes",
})  # fmt: skip
_FETCHING = frozenset({"externalLink", "connections", "queryTable"})
_FOREIGN = frozenset({"aFChunk"})
"""Relationships, by the end of their type: to what runs, fetches, or is imported when the document is opened."""
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_HREF = "http://www.w3.org/1999/xlink href"
_CLICKED = frozenset({f"{_OASIS}text:1.0 a", f"{_OASIS}drawing:1.0 a", f"{_OASIS}presentation:1.0 event-listener"})
_SCRIPTS = frozenset({f"{_OASIS}script:1.0 event-listener", f"{_OASIS}text:1.0 script"})
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]|\.\./", re.IGNORECASE)

Attributes = Mapping[str, str]


@define
class Look:
    """One look at a file and all that is folded into it.

    Attributes:
        inner: what a document that is embedded must pass.
        left: bytes that may still be read.
        depth: in how many documents the present one is embedded.
    """

    inner: "Callable[[bytes, Look], object]"
    left: int = _UNFOLDED
    depth: int = 0

    def over(self, package: zipfile.ZipFile) -> None:
        """Look at every part.

        Raises:
            Refusal: something runs (``macros``), is an object for another program (``objects``) or is fetched from
                elsewhere (``ties``); or it is too much to look at (``too-large``), or broken XML (``format``).
        """
        for info in package.infolist():
            if _PROGRAMS.search(info.filename):
                raise macros()
            with package.open(info) as part:
                start = part.read(8)
            if start.startswith(_OBJECTS):
                raise objects()
            if start.startswith(_DOCUMENTS):
                self._embedded(self._read(package, info))
            elif info.filename.lower().endswith(".rels"):
                _walk(self._read(package, info), _relationship)
            elif info.filename.rpartition("/")[2] in {"content.xml", "styles.xml"} and start:
                _walk(self._read(package, info), _element)

    def _embedded(self, data: bytes) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _too_large()
        try:
            self.inner(data, self)
        except Refusal as refusal:
            raise (objects() if refusal.code == "format" else refusal) from refusal
        self.depth -= 1

    def _read(self, package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
        self.left -= info.file_size
        if self.left < 0:
            raise _too_large()
        return package.read(info)


def _relationship(_: str, attributes: Attributes) -> None:
    kind = attributes.get("Type", "").rpartition("/")[2]
    if kind in _RUNNING:
        raise macros()
    if kind in _FOREIGN:
        raise objects()
    outside = attributes.get("TargetMode", "").strip().lower() == "external"
    if kind in _FETCHING or (outside and kind != "hyperlink"):
        raise ties(attributes.get("Target", ""))


def _element(name: str, attributes: Attributes) -> None:
    if name in _SCRIPTS or attributes.get(f"{_OASIS}presentation:1.0 action") == "execute":
        raise macros()
    address = attributes.get(_HREF, "")
    if name not in _CLICKED and _ELSEWHERE.match(address):
        raise ties(address)


def _walk(xml: bytes, opened: Callable[[str, Attributes], None]) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _no_dtd
    parser.StartElementHandler = opened
    try:
        parser.Parse(xml, True)  # noqa: FBT003 -- expat's own signature
    except expat.ExpatError as error:
        raise ValueError("no XML") from error


def _no_dtd(*_: object) -> None:
    raise ValueError("a DTD")


def macros() -> Refusal:
    return Refusal(
        "macros",
        "檔案含有巨集或可執行的控制項，為了填報人員的安全不能上傳。",
        "請移除後另存新檔，或匯出為 PDF 再上傳。",
    )


def objects() -> Refusal:
    return Refusal(
        "objects",
        "檔案裡嵌入了由其他程式開啟的物件（例如舊版的 Word、Excel 物件或方程式），為了填報人員的安全不能上傳。",
        "請把物件改貼成圖片，或匯出為 PDF 再上傳。",
    )


def ties(address: str) -> Refusal:
    shown = "".join(sign for sign in address if sign.isprintable())[:80]
    return Refusal(
        "ties",
        f"檔案連結到外部的內容（{shown or '資料連線'}），開啟時會去讀取它，為了填報人員的安全不能上傳。",
        "請把圖片、影片直接插入檔案，中斷外部連結與範本，或匯出為 PDF 再上傳；文字上的網址可以保留。",
    )


def _too_large() -> Refusal:
    return Refusal("too-large", "檔案解開後太大，或層層嵌入太多檔案。", "請移除嵌入的檔案，或匯出為 PDF 再上傳。")
