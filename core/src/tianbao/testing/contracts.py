"""The contracts of all other ways in and out: subclass one, set its one attribute, and pytest proves the plugin."""

import io
import tracemalloc
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, cast

import pytest

from tianbao.documents import Document, Page, Writer
from tianbao.errors import Refusal
from tianbao.exporters import Exporter, Table
from tianbao.front_ends import FrontEnd
from tianbao.letters import FIELDS, Letter, LetterWriter
from tianbao.periods import Period
from tianbao.reminders import Owing
from tianbao.testing.builders import accepted
from tianbao.testing.wanted import wanted
from tianbao.units import Level, Unit
from tianbao.workbooks import Limits, Workbook

_HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "\u202eabc",
    "' or 1=1 --",
    "0012",
]
"""Texts that must come back as they are, and as nothing else."""


class ReaderContract:
    """For `tianbao_read_workbook`: set ``plugin``, and ``samples``, files whose first A1:B2 is 壹, 貳, 參, 0012."""

    plugin: ClassVar[object]
    samples: ClassVar[Mapping[str, bytes]]

    def _read(self, data: bytes) -> Workbook | None:
        hook = wanted(self, "plugin").tianbao_read_workbook
        return cast("Workbook | None", hook(data=data, limits=Limits()))

    def test_samples_are_read_cell_by_cell(self) -> None:
        for name, data in wanted(self, "samples").items():
            workbook = self._read(data)
            assert workbook is not None, name
            assert [list(row[:2]) for row in workbook.sheets[0].rows[:2]] == [["壹", "貳"], ["參", "0012"]], name

    @pytest.mark.parametrize("data", [b"", b"\0" * 64, b"hello", b"a,b\n1,2\n", b"%PDF-1.7\n", b"<html></html>"])
    def test_what_it_does_not_know_is_left_to_others(self, data: bytes) -> None:
        assert self._read(data) is None

    def test_a_cut_off_file_is_refused_or_left(self) -> None:
        for name, data in wanted(self, "samples").items():
            for length in (len(data) // 4, len(data) // 2, len(data) - 1):
                try:
                    self._read(data[:length])
                except Refusal as refusal:
                    assert refusal.message, name
                    assert refusal.remedy, name


class WriterContract:
    """For `tianbao_workbook_writers`: set ``writer``, and ``read`` (a function from its bytes to a `Workbook`)."""

    writer: ClassVar[Writer]

    def read(self, data: bytes) -> Workbook:
        pytest.fail(f"define `read(self, data)` in {type(self).__name__}: it reads the writer's files back")

    def _back(self, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        target = io.BytesIO()
        wanted(self, "writer").write(Document([Page("頁", rows)]), target)
        return self.read(target.getvalue()).sheets[0].rows

    def test_text_comes_back_as_it_was(self) -> None:
        assert [row[0] for row in self._back([[text] for text in _HOSTILE])] == _HOSTILE

    def test_numbers_come_back_as_numbers(self) -> None:
        assert list(self._back([[1, 2.5, 0]])[0]) == [1, 2.5, 0]

    def test_the_same_document_gives_a_file_that_can_be_read(self) -> None:
        target = io.BytesIO()
        wanted(self, "writer").write(Document([Page("一", [["a"]]), Page("二", [["b"]], hidden=True)], "題"), target)
        sheets = self.read(target.getvalue()).sheets
        assert [(sheet.name, sheet.rows[0][0]) for sheet in sheets][:2] == [("一", "a"), ("二", "b")]


class ExporterContract:
    """For `tianbao_exporters`: set ``exporter``, and define ``read`` (from its bytes to rows, headings first)."""

    exporter: ClassVar[Exporter]

    def read(self, data: bytes) -> Sequence[Sequence[Any]]:
        pytest.fail(f"define `read(self, data)` in {type(self).__name__}: it reads the exporter's files back")

    def test_every_row_comes_back_in_order_and_harmless(self) -> None:
        target = io.BytesIO()
        rows = [[text, str(number)] for number, text in enumerate(_HOSTILE)]
        wanted(self, "exporter").export(Table("表", ["文字", "序"], iter(rows), [("查詢", "全部")]), target)
        assert [list(row) for row in self.read(target.getvalue())] == [["文字", "序"], *rows]

    def test_memory_does_not_grow_with_the_rows(self, tmp_path: Path) -> None:
        rows = ([f"{n:06}-{column}" + "字" * 300 for column in range(5)] for n in range(3000))  # 9 MB if kept
        with (tmp_path / "long").open("wb") as target:
            tracemalloc.start()
            try:
                wanted(self, "exporter").export(Table("表", ["欄"] * 5, rows), target)
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
        assert peak < 3_000_000


class FrontEndContract:
    """For `tianbao_front_ends`: set ``front_end``."""

    front_end: ClassVar[FrontEnd]

    def test_it_has_a_name_and_can_serve(self) -> None:
        front_end = wanted(self, "front_end")
        assert front_end.name
        assert callable(front_end.serve)


class LifecycleContract:
    """For `tianbao_filing_accepted`: set ``plugin`` (the module or object)."""

    plugin: ClassVar[object]

    def test_it_hears_of_filings_and_nil_filings_without_raising(self) -> None:
        for filing in (accepted(), accepted(nil=True), accepted(version=2)):
            wanted(self, "plugin").tianbao_filing_accepted(filing=filing)


class LetterWriterContract:
    """For `tianbao_letter_writers`: set ``writer``, and define ``read`` (from its bytes to the letter's text)."""

    writer: ClassVar[LetterWriter]

    def read(self, data: bytes) -> str:
        pytest.fail(f"define `read(self, data)` in {type(self).__name__}: it reads the writer's letters back")

    def _filled(self, letter: Letter) -> str:
        writer, target = wanted(self, "writer"), io.BytesIO()
        writer.open(writer.shipped()).fill(letter, target)
        return self.read(target.getvalue())

    def test_the_shipped_template_names_who_is_written_to_why_and_about_whom(self) -> None:
        writer = wanted(self, "writer")
        assert {"主旨", "名單"} <= writer.open(writer.shipped()).fields <= set(FIELDS)

    def test_every_unit_comes_in_order_with_what_it_owes(self) -> None:
        units = [Unit(f"0745{number:02}", Level.JUNIOR_HIGH, f"第{number:02}國中", "彰化縣") for number in range(60)]
        text = self._filled(_letter([Owing(unit, [Period(2025, 2)]) for unit in units]))
        places = [text.index(unit.name) for unit in units]
        assert places == sorted(places)
        assert text.count("第") >= len(units)

    def test_text_is_text_and_nothing_else(self) -> None:
        texts = [*_HOSTILE, "{{ 主旨 }}", "{% for x in y %}", "<w:t>&amp;</w:t>", "a & b"]
        owing = [Owing(Unit("074501", Level.JUNIOR_HIGH, name, "彰化縣"), [Period(2025, 2)]) for name in texts]
        text = self._filled(_letter(owing))
        for name in texts:
            assert name in text, name

    @pytest.mark.parametrize(
        "data", [b"", b"\0" * 64, b"hello\0", b"PK\x03\x04\0\0", b"%PDF-1.7\n\0", b"\0<html></html>"]
    )
    def test_what_is_no_template_is_refused_with_a_remedy(self, data: bytes) -> None:
        with pytest.raises(Refusal) as refused:
            wanted(self, "writer").open(data)
        assert refused.value.message
        assert refused.value.remedy


def _letter(listed: Sequence[Owing]) -> Letter:
    values = {**dict.fromkeys(FIELDS, "字"), "主旨": "請查照。", "說明": ["一、依規定辦理。"]}
    return Letter(values, listed)
