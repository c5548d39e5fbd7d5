"""A PDF that only shows: no code, no attached file, nothing that opens another program or sends what is filled in."""

import re
from io import BytesIO
from typing import TYPE_CHECKING

from tianbao.errors import Refusal

if TYPE_CHECKING:
    from pypdf import PdfReader

_ACTIVE = frozenset(
    f"/{name}"
    for name in (
        "JavaScript", "JS", "Launch", "ImportData", "SubmitForm", "GoToE", "Rendition", "RichMedia", "XFA",
        "EmbeddedFile", "EmbeddedFiles", "EF",
    )
)  # fmt: skip
"""Names, as keys or as values, of what does more than show (ISO 32000-2, 12.6 and 7.11.4)."""
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_SPELT_OUT = re.compile("|".join(sorted(name for name in _ACTIVE if len(name) > len("/GoToE"))).encode())
"""Those too long to stand in a picture's bytes by chance."""
_MOST_OBJECTS = 500_000
_AGAIN = "請從原來的軟體重新匯出，或列印成 PDF，再上傳。"


def demand_harmless(data: bytes) -> None:
    """Look at all that a viewer can come to from the trailer, packed objects and escaped names included.

    Since viewers mend broken files each in their own way, the bytes are searched, too.

    Raises:
        Refusal: it does more than show (``active-pdf``), cannot be looked into (``locked-pdf``), or is broken
            (``format``).
    """
    from pypdf import PdfReader  # noqa: PLC0415 -- few commands read a PDF
    from pypdf.errors import DependencyError  # noqa: PLC0415 -- the same

    try:
        reader = PdfReader(BytesIO(data))
        locked, active = reader.is_encrypted, _spells_out(data) or (not reader.is_encrypted and _is_active(reader))
    except DependencyError:  # it wants a cipher
        locked, active = True, False
    except Exception as error:  # a broken file breaks a parser in more ways than can be named
        raise Refusal("format", "這份 PDF 不完整或已經損毀。", _AGAIN) from error
    if locked:
        raise Refusal("locked-pdf", "這份 PDF 設了密碼或使用限制，無法檢查內容。", "請移除密碼與限制，再上傳。")
    if active:
        message = "這份 PDF 含有程式碼、附加的檔案，或會開啟其他程式、送出資料的動作，為了填報人員的安全不能上傳。"
        raise Refusal("active-pdf", message, _AGAIN)


def _spells_out(data: bytes) -> bool:
    return bool(_SPELT_OUT.search(_ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), data)))


def _is_active(reader: "PdfReader") -> bool:
    """Whether a forbidden name can be come to.

    Raises:
        ValueError: there are too many objects to look at.
    """
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject  # noqa: PLC0415 -- see above

    waiting: list[object] = [reader.trailer]
    known: set[tuple[int, int]] = set()
    for _ in range(_MOST_OBJECTS):
        if not waiting:
            return False
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            if (found.idnum, found.generation) in known:
                continue
            known.add((found.idnum, found.generation))
            found = found.get_object()
        if isinstance(found, NameObject) and found in _ACTIVE:
            return True
        if isinstance(found, DictionaryObject):
            waiting += [*dict.keys(found), *dict.values(found)]
        elif isinstance(found, ArrayObject):
            waiting += list(found)
    raise ValueError("too many objects")
