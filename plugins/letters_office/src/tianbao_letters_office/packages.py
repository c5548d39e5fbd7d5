"""A template's file is a zip from outside: bounded, without programs in it, and without ties to anything elsewhere."""

import io
import lzma
import re
import zlib
from collections.abc import Iterable, Mapping
from zipfile import BadZipFile, ZipFile

from lxml import etree

from tianbao.errors import Refusal

LARGEST = 4 * 2**20
PARTS = 500
INFLATED = 32 * 2**20
"""Bytes of all parts together."""
MOST_TEXT = 2**20
"""Bytes of a part that is filled; a letter's has some 100,000, its styles included."""

_XML = (".xml", ".rels")
_TYPES = "[Content_Types].xml"
_PROGRAMS = re.compile(
    r"vbaProject|/activeX/|/embeddings/|^Basic/|^Scripts/|^Object |\.(?:bin|jar|py|exe|dll|js)$", re.IGNORECASE
)
_SAVE_AGAIN = "請在 Word 或 LibreOffice 開啟範本，另存新檔後再上傳。"


def parts_of(data: bytes) -> Mapping[str, bytes]:
    """The parts of the package, by name, in order.

    Raises:
        Refusal: it is no zip, broken, encrypted, too large, or holds macros or embedded objects.
    """
    if len(data) > LARGEST:
        raise Refusal("too-large", "範本檔案太大。", "請縮小或移除範本裡的圖片，再上傳。")
    try:
        with ZipFile(io.BytesIO(data)) as package:
            return _read(package)
    except (BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise Refusal(
            "template-broken", "這個檔案不是 Word 或 LibreOffice 的文件，或已經損毀。", _SAVE_AGAIN
        ) from error
    except RuntimeError as error:  # what zipfile says of a password
        raise Refusal("encrypted", "範本設有密碼，無法開啟。", "請移除密碼後再上傳。") from error


def _read(package: ZipFile) -> Mapping[str, bytes]:
    infos = package.infolist()
    if len(infos) > PARTS or sum(info.file_size for info in infos) > INFLATED:
        raise Refusal("too-large", "範本解開後太大。", "請縮小或移除範本裡的圖片，再上傳。")
    parts = {}
    for info in infos:
        if _PROGRAMS.search(info.filename):
            raise _macros()
        with package.open(info) as part:
            parts[info.filename] = part.read(info.file_size + 1)[: info.file_size]
    return parts


def _macros() -> Refusal:
    return Refusal(
        "template-macros",
        "範本含有巨集或內嵌的物件，基於安全不能使用。",
        "請另存為不含巨集的 .docx 或 .odt，並移除內嵌的物件，再上傳。",
    )


def parsed(xml: bytes) -> etree._Element:
    """The tree of a part.

    Raises:
        Refusal: it is no XML, or declares entities.
    """
    try:
        tree = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise Refusal("template-broken", "範本的內容已經損毀。", _SAVE_AGAIN) from error
    if tree.getroottree().docinfo.doctype:
        raise Refusal("template-broken", "範本的內容含有不允許的宣告。", _SAVE_AGAIN)
    return tree


def xml_parts(parts: Mapping[str, bytes]) -> Mapping[str, etree._Element]:
    """The trees of all parts that are XML, by their name or by what the package says they are."""
    said = {str(each.get("PartName", "")).lstrip("/").lower() for each in parsed(parts[_TYPES]) if _is_xml(each)}
    endings = {str(each.get("Extension", "")).lower() for each in parsed(parts[_TYPES]) if _is_xml(each)}
    return {
        name: parsed(data)
        for name, data in parts.items()
        if data and (name.lower().endswith(_XML) or name.lower() in said or name.lower().rpartition(".")[2] in endings)
    }


def demand_short(parts: Mapping[str, bytes], names: Iterable[str]) -> None:
    """Refuse a letter that is a book.

    Raises:
        Refusal: one of these parts, which are filled, is too large.
    """
    if any(len(parts.get(name, b"")) > MOST_TEXT for name in names):
        raise Refusal("too-large", "範本的文字太多。", "函文範本通常只有一、兩頁；請刪去多餘的內容，再上傳。")


def _is_xml(declared: etree._Element) -> bool:
    return str(declared.get("ContentType", "")).lower().endswith("xml")


def refuse_programs(tree: etree._Element, elements: Iterable[str]) -> None:
    """Refuse a part that holds one of these elements with something in it.

    Raises:
        Refusal: it does.
    """
    if any(len(each) or each.text for each in tree.iter(*elements)):
        raise _macros()


def refuse_ties(addresses: Iterable[str]) -> None:
    """Refuse addresses of things outside the file that opening the letter would fetch.

    Raises:
        Refusal: there is one.
    """
    if outside := next(iter(addresses), None):
        raise Refusal(
            "template-ties",
            f"範本連結到外部的檔案（{outside[:80]}），開啟函文時會讀取它。",
            "請把圖片直接插入文件（不要用連結），並移除外部範本的設定，再上傳。",
        )


def broken() -> Refusal:
    """What fills in no document any more."""
    return Refusal(
        "template-broken",
        "用這個範本產生的函文無法開啟：for 與 endfor 可能不在同一個表格或同一層段落。",
        "請下載系統範本對照，再調整標記的位置。",
    )
