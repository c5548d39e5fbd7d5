"""A table downloaded as .xlsx: every row, as it was, harmless, and with where it comes from."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tianbao.exporters import Table
from tianbao.testing import ExporterContract
from tianbao.workbooks import Cell
from tianbao_export_excel.exporting import ExcelExporter
from tianbao_export_excel.tables import sheet_name

ABOUT = [("查詢", "年級 等於 5"), ("下載者", "王小明"), ("下載時間", "114年10月10日（星期五）17:05")]


def exported(table: Table, exporter: ExcelExporter | None = None) -> bytes:
    target = io.BytesIO()
    (exporter or ExcelExporter()).export(table, target)
    return target.getvalue()


def sheets(data: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


class TestContract(ExporterContract):
    exporter = ExcelExporter()

    def read(self, data: bytes) -> Sequence[Sequence[Any]]:
        return next(iter(sheets(data).values()))


def test_values_keep_their_kind() -> None:
    moment = dt.datetime(2025, 9, 1, 12, 3)
    row: list[Cell] = ["007", 5, 2.5, dt.date(2025, 9, 1), moment, True, None, "=1+1"]
    data = exported(Table("表", [f"欄{n}" for n in range(8)], [row]))
    assert sheets(data)["表"][1] == ["007", 5, 2.5, dt.date(2025, 9, 1), moment, True, "", "=1+1"]


def test_text_stays_text_when_it_is_edited() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(exported(Table("表", ["欄"], [["=1+1"], ["007"]])))).worksheets[0]
    assert [(sheet[name].data_type, sheet[name].number_format) for name in ("A2", "A3")] == [("s", "@")] * 2


def test_the_second_sheet_says_where_the_table_comes_from() -> None:
    names, rows = zip(*sheets(exported(Table("填報紀錄", ["欄"], [["值"]], ABOUT))).items(), strict=True)
    assert names == ("填報紀錄", "關於這份資料")
    assert rows[1] == [["填報紀錄", ""], ["", ""], *map(list, ABOUT)]


def test_headings_stay_in_sight_and_filter() -> None:
    table = Table("表", ["甲", "乙"], [[1, 2], [3, 4]])
    sheet = openpyxl.load_workbook(io.BytesIO(exported(table))).worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet.print_title_rows == "$1:$1"


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    table = Table("表", ["短", "長"], [["一", "這一欄的內容比較長一點"], ["一", "字" * 500]])
    sheet = openpyxl.load_workbook(io.BytesIO(exported(table))).worksheets[0]
    assert sheet.column_dimensions["A"].width < 12
    assert 22 < sheet.column_dimensions["B"].width < 60


def test_an_empty_table_has_its_headings() -> None:
    assert sheets(exported(Table("表", ["甲", "乙"], [])))["表"] == [["甲", "乙"]]


@pytest.mark.parametrize(("count", "expected"), [(3, [[0, 1, 2]]), (4, [[0, 1, 2], [3]]), (6, [[0, 1, 2], [3, 4, 5]])])
def test_a_table_longer_than_a_sheet_goes_on_in_another(count: int, expected: list[list[int]]) -> None:
    data = exported(Table("表", ["序"], ([n] for n in range(count)), ABOUT), ExcelExporter(rows_a_sheet=3))
    *parts, _ = sheets(data).values()
    assert [part[0] for part in parts] == [["序"]] * len(expected)
    assert [[row[0] for row in part[1:]] for part in parts] == expected
    assert list(sheets(data))[:2] in (["表", "關於這份資料"], ["表", "表 (2)"])


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("歷史個案：113學年度/上學期", "歷史個案：113學年度 上學期"),
        ("[a]:*?/\\'b", "a b"),
        ("", "資料"),
        ("'''", "資料"),
        ("History", "資料"),
        ("關於這份資料", "資料"),
        ("字" * 40, "字" * 31),
        ("😀" * 20, "😀" * 15),
    ],
)
def test_any_title_makes_a_sheet_name(title: str, name: str) -> None:
    assert sheet_name(title) == name
    assert next(iter(sheets(exported(Table(title, ["欄"], []))))) == name
