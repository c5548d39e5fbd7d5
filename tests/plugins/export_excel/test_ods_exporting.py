"""A table downloaded as .ods: every row, as it was, harmless, and with where it comes from; LibreOffice opens it."""

import datetime as dt
import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tianbao.exporters import Table
from tianbao.testing import ExporterContract
from tianbao.workbooks import Broken, Cell, Limits
from tianbao_export_excel.ods.exporting import OpenDocumentExporter
from tianbao_export_excel.reading import read_workbook

ABOUT = [("查詢", "年級 等於 5"), ("下載者", "王小明"), ("下載時間", "114年10月10日（星期五）17:05")]


def exported(table: Table, exporter: OpenDocumentExporter | None = None) -> bytes:
    target = io.BytesIO()
    (exporter or OpenDocumentExporter()).export(table, target)
    return target.getvalue()


def sheets(data: bytes) -> dict[str, list[list[Any]]]:
    book = read_workbook(data, Limits())
    assert book is not None
    return {sheet.name: [list(row) for row in sheet.rows] for sheet in book.sheets}


class TestContract(ExporterContract):
    exporter = OpenDocumentExporter()

    def read(self, data: bytes) -> Sequence[Sequence[Any]]:
        return next(iter(sheets(data).values()))


def test_values_keep_their_kind():
    moment = dt.datetime(2025, 9, 1, 12, 3)
    row: list[Cell] = ["007", 5, 2.5, dt.date(2025, 9, 1), moment, dt.time(8, 30, 5), True, None, "=1+1"]
    data = exported(Table("表", [f"欄{n}" for n in range(len(row))], [row]))
    assert sheets(data)["表"][1] == ["007", 5, 2.5, dt.date(2025, 9, 1), moment, dt.time(8, 30, 5), True, "", "=1+1"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2**60, "1152921504606846976"),
        (float("nan"), "#NUM!"),
        (dt.date(1800, 1, 1), "1800-01-01"),
        (Broken("#REF!"), "#REF!"),
        ("a\x01b\ufffe", "a�b�"),
        ("\ud800", "�"),
    ],
)
def test_what_a_spreadsheet_cannot_hold_is_text(value, text):
    assert sheets(exported(Table("表", ["欄"], [[value]])))["表"][1] == [text]


@settings(deadline=None)  # the reader is a process of its own
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1).map(" {} ".format)
)
def test_blanks_breaks_and_signs_come_back(text):
    assert sheets(exported(Table("表", ["欄"], [[text]])))["表"][1] == [
        text.replace("\ufffe", "�").replace("\uffff", "�")
    ]


def test_what_no_cell_can_be_is_an_error():
    with pytest.raises(TypeError, match="a cell cannot hold a list"):
        exported(Table("表", ["欄"], [[[]]]))  # type: ignore[list-item]


def test_nothing_is_a_formula_and_text_stays_text_when_it_is_edited():
    xml = zipfile.ZipFile(io.BytesIO(exported(Table("表", ["欄"], [["=1+1"], ["007"]])))).read("content.xml").decode()
    assert "formula" not in xml
    assert xml.count('table:style-name="text" office:value-type="string"') == 2


def test_the_last_sheet_says_where_the_table_comes_from():
    names, rows = zip(*sheets(exported(Table("填報紀錄", ["欄"], [["值"]], ABOUT))).items(), strict=True)
    assert names == ("填報紀錄", "關於這份資料")
    assert rows[1] == [["填報紀錄", ""], ["", ""], *map(list, ABOUT)]


def test_a_table_longer_than_a_sheet_goes_on_in_another():
    data = exported(Table("表", ["序"], ([n] for n in range(4)), ABOUT), OpenDocumentExporter(rows_a_sheet=3))
    assert {name: rows for name, rows in sheets(data).items() if name != "關於這份資料"} == {
        "表": [["序"], [0], [1], [2]],
        "表 (2)": [["序"], [3]],
    }


def test_an_empty_table_has_its_headings():
    assert sheets(exported(Table("表", ["甲", "乙"], [])))["表"] == [["甲", "乙"]]


def test_the_kind_of_file_stands_first_and_plain():
    package = zipfile.ZipFile(io.BytesIO(exported(Table("表", ["甲"], []))))
    first = package.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert package.read("mimetype").decode() == OpenDocumentExporter.media_type


@pytest.mark.libreoffice
def test_libreoffice_opens_it_as_it_was(tmp_path):
    office = shutil.which("soffice")
    if not office:
        why = "NOT TESTED: LibreOffice is not installed (Debian: libreoffice-calc)"
        (pytest.fail if os.environ.get("TIANBAO_TESTS_MUST_NOT_SKIP") else pytest.skip)(why)
    import openpyxl

    (tmp_path / "table.ods").write_bytes(
        exported(Table("表", ["校名", "日期", "數"], [["=1+1", dt.date(2025, 9, 1), 5], ["007", None, 2.5]], ABOUT))
    )
    subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
         "--outdir", tmp_path, tmp_path / "table.ods"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    book = openpyxl.load_workbook(tmp_path / "table.xlsx")
    sheet = book["表"]
    assert list(sheet.values) == [
        ("校名", "日期", "數"),
        ("=1+1", dt.datetime(2025, 9, 1), 5),
        ("007", None, 2.5),
    ]
    assert (sheet["A2"].data_type, sheet["A2"].number_format) == ("s", "@")
    assert (sheet.auto_filter.ref, sheet.print_title_rows) == ("A1:C3", "$1:$1")
    assert list(book["關於這份資料"].values)[-1] == ABOUT[-1]
