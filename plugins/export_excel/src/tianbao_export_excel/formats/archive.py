"""The zip archive around a workbook: its directory checked, its parts inflated one by one within a budget.

A zip archive says everything twice and a reader may believe either. Here both must agree, no two entries may share
bytes or names, and nothing is inflated but the parts somebody asks for: macros, pictures and embedded files stay shut.
"""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from tianbao_export_excel.refusals import Rejected

MOST_ENTRIES = 2_000
"""Entries in an archive; an honest workbook with many pictures has some hundreds."""

LONGEST_NAME = 255

_AT_ONCE = 2**16
"""Bytes inflated at a time."""

_MOST_INFLATED = 1032
"""Bytes one byte of a deflated stream can at most become."""

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800


class Archive:
    """A zip archive whose directory can be believed.

    Names are compared without case and with backslashes as slashes, as spreadsheet programs do.
    """

    def __init__(self, data: bytes, budget: int) -> None:
        """Check the directory.

        Args:
            data: the archive.
            budget: how many bytes may be inflated, all parts together.

        Raises:
            Rejected: ``broken``, ``unsafe-archive`` or ``encrypted``.
        """
        self._data = data
        self._budget = self._limit = budget
        try:
            with ZipFile(BytesIO(data)) as archive:
                entries, end = archive.infolist(), archive.start_dir
        except (BadZipFile, NotImplementedError, struct.error, ValueError, OverflowError, EOFError):
            raise Rejected("broken") from None
        if len(entries) > MOST_ENTRIES:
            raise Rejected("unsafe-archive")
        self._entries = {_name(entry): entry for entry in entries}
        if len(self._entries) < len(entries):
            raise Rejected("unsafe-archive")  # two entries of one name: which is the workbook?
        self._spans = dict(self._without_overlap(entries, end))

    def _without_overlap(self, entries: list[ZipInfo], end: int) -> Iterator[tuple[int, tuple[int, int]]]:
        """Find where each entry's bytes are, by its header's offset."""
        entries = sorted(entries, key=lambda entry: entry.header_offset)
        next_offsets = [entry.header_offset for entry in entries[1:]]
        for entry, bound in zip(entries, [*next_offsets, end], strict=True):
            start = _data_start(self._data, entry)
            if start + entry.compress_size > bound:
                raise Rejected("unsafe-archive")
            yield entry.header_offset, (start, start + entry.compress_size)

    def __contains__(self, name: str) -> bool:
        return _fold(name) in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def part(self, name: str) -> bytes:
        """Inflate a part.

        Raises:
            Rejected: ``broken`` where it is missing or not what the directory says, ``inflated-too-large`` where
                the budget is used up.
        """
        entry = self._entries.get(_fold(name))
        if entry is None:
            raise Rejected("broken")
        self._spend(entry.file_size)
        start, end = self._spans[entry.header_offset]
        raw = memoryview(self._data)[start:end]
        content = bytes(raw) if entry.compress_type == ZIP_STORED else _inflated(raw, entry.file_size)
        if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
            raise Rejected("broken")
        return content

    def _spend(self, size: int) -> None:
        self._budget -= size
        if self._budget < 0:
            raise Rejected("inflated-too-large", limit=self._limit // 2**20)


def _inflated(raw: memoryview, size: int) -> bytes:
    """Inflate to the size the directory names, and hardly beyond it, whatever the stream holds.

    What comes out goes straight to its place: to join pieces at the end would touch twice as much memory.
    """
    stream, content = zlib.decompressobj(-zlib.MAX_WBITS), BytesIO()
    content.seek(min(size, _MOST_INFLATED * len(raw)))
    content.write(b"\0")  # makes room for all of it
    content.seek(0)
    try:
        for start in range(0, len(raw), _AT_ONCE):
            piece = stream.decompress(raw[start : start + _AT_ONCE], _AT_ONCE)
            content.write(piece)
            while len(piece) == _AT_ONCE and content.tell() <= size:
                piece = stream.decompress(stream.unconsumed_tail, _AT_ONCE)
                content.write(piece)
    except zlib.error:
        raise Rejected("broken") from None
    content.truncate()
    if not stream.eof:
        raise Rejected("broken")
    return content.getvalue()


def _fold(name: str) -> str:
    return name.replace("\\", "/").lower()


def _name(entry: ZipInfo) -> str:
    """The name an entry is found by.

    Raises:
        Rejected: the name leads outside of the archive or is absurd, or the entry is encrypted or oddly packed.
    """
    name = _fold(entry.orig_filename)
    absurd = len(name) > LONGEST_NAME or not name.isprintable() or name.startswith("/") or ":" in name
    if absurd or ".." in name.split("/") or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Rejected("unsafe-archive")
    if entry.flag_bits & _ENCRYPTED:
        raise Rejected("encrypted")
    return name


def _data_start(data: bytes, entry: ZipInfo) -> int:
    """Where an entry's bytes begin, by its own header, which must name what the directory names."""
    header = data[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\x03\x04"):
        raise Rejected("broken")
    flags, method, name_length, extra_length = (_LOCAL_HEADER.unpack(header)[at] for at in (2, 3, 9, 10))
    start: int = entry.header_offset + _LOCAL_HEADER.size
    name = data[start : start + name_length].decode("utf-8" if flags & _UTF8_NAME else "cp437", "replace")
    if name != entry.orig_filename or method != entry.compress_type:
        raise Rejected("unsafe-archive")
    return start + int(name_length) + int(extra_length)
