"""What goes out as .xlsx can be opened, is as the document says, and comes back as it went."""

import datetime as dt
import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from tianbao.documents import Document, Entry, Look, Mark, Page, PageColumn
from tianbao.testing import WriterContract
from tianbao.workbooks import Area, Broken, Cell, Workbook, Worksheet
from tianbao_export_excel.looks import properties
from tianbao_export_excel.writing import ExcelWriter

ONE_TO_FOUR = Entry(choices=(1, 2, 3, 4), title="身分", prompt="1 專任\n2 兼任")
LONG = tuple(f"{n} 名稱很長的第{n}個類別" for n in range(1, 41))
COLUMNS = [
    PageColumn(14, text=True, required=True, entry=Entry(longest=20)),
    PageColumn(10, required=True, entry=ONE_TO_FOUR),
    PageColumn(10, entry=Entry(whole_from=1, whole_to=12)),
    PageColumn(20, text=True, required=True, entry=Entry(choices=LONG, strict=False)),
]


def written(document: Document) -> bytes:
    target = io.BytesIO()
    ExcelWriter().write(document, target)
    return target.getvalue()


def opened(document: Document) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(written(document)))


def as_read(data: bytes) -> Workbook:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    return Workbook([Worksheet(*pair) for pair in zip(book.sheet_names, rows, strict=True)])


def back(values: Sequence[Cell]) -> list[Cell]:
    """The values, one a row, as they are read back."""
    rows = as_read(written(Document([Page("頁", [*([value] for value in values), ["末"]])]))).sheets[0].rows
    return [row[0] for row in rows[:-1]]


def form(rows: Sequence[Sequence[Cell]] = (), **changes: object) -> Page:
    """A small form: title, headings, data from row 3."""
    top = [["[113-09] 範例國小"], ["代號", "身分", "年級", "類別"]]
    parts = {
        "columns": COLUMNS,
        "looks": {1: Look.TITLE, 2: Look.HEADING},
        "merges": [Area(1, 1, 1, 4)],
        "first_data_row": 3,
        "last_data_row": 500,
        "frozen_rows": 2,
        "frozen_columns": 1,
    }
    return Page("表A-1", [*top, *rows], **parts | changes)  # type: ignore[arg-type]


def marked() -> Document:
    """A form with one missing and one wrong cell, a first page that leads there, and a page nobody sees."""
    marks = {
        (3, 3): Mark(Look.MISSING, "【缺】年級沒有填。"),
        (4, 2): Mark(Look.INVALID, "【誤】「9」不是身分的代碼。"),
    }
    page = form([["007", 1, None, "1"], ["008", 9, 5, "1"]], marks=marks)
    first = Page("檢核結果", [["位置"], ["C3"]], marks={(2, 1): Mark(link="'表A-1'!C3")}, looks={1: Look.HEADING})
    hidden = Page("_tianbao", [["fingerprint"]], hidden=True)
    return Document([first, page, hidden], "檢核結果", {"tianbao-template": "111"})


class TestContract(WriterContract):
    writer = ExcelWriter()

    def read(self, data: bytes) -> Workbook:
        return as_read(data)


HOSTILE = [
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "+1",
    "-1",
    "@x",
    "http://example.org/",
    "mailto:a@example.org",
    "<script>alert(1)</script>",
    "<r>x</r>",
    "<r><t>x</t></r>&amp;",
    "a\u202eb\u200f",
    "😀👩‍👩‍👧",
    "  blanks \n",
    "a\tb\nc\rd",
    "\x00\x01\x0b\x1f\x7f",
    "_x0041_",
    "007",
    "1e5",
    "TRUE",
    "2025-09-01",
    '"',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text(text: str) -> None:
    assert back([text]) == [text]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), min_size=1)))
def test_any_text_comes_back(texts: list[str]) -> None:
    assert back(texts) == texts


def test_no_text_becomes_a_formula_or_a_link_in_the_file() -> None:
    sheet = opened(Document([Page("頁", [HOSTILE])])).worksheets[0]
    assert {cell.data_type for cell in sheet[1]} == {"s"}
    assert not any(cell.hyperlink for cell in sheet[1])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)))
def test_numbers_keep_every_digit(numbers: list[float]) -> None:
    assert back(numbers) == numbers


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        dt.date(2025, 9, 1),
        dt.date(1900, 3, 1),
        dt.date(9999, 12, 31),
        dt.datetime(2025, 9, 1, 12, 34, 56),
        dt.time(12, 34, 56),
        dt.timedelta(hours=30, seconds=5),
    ],
)
def test_values_keep_their_kind(value: Cell) -> None:
    assert back([value]) == [value]
    assert type(back([value])[0]) is type(value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (float("nan"), "#NUM!"),
        (float("-inf"), "#NUM!"),
        (2**53 + 1, "9007199254740993"),
        (dt.date(20, 1, 1), "0020-01-01"),
        (dt.datetime(20, 1, 1, 8), "0020-01-01 08:00:00"),
        (Broken("#N/A"), "#N/A"),
        (Broken("=A1+1", formula=True), "=A1+1"),
        ("a\ud800b", "a\ufffdb"),
        (None, ""),
        ("", ""),
    ],
)
def test_what_a_sheet_cannot_hold_is_shown_as_text(value: Cell, shown: str) -> None:
    assert back([value]) == [shown]


def test_a_moment_with_a_zone_is_written_in_taipei_time() -> None:
    moment = dt.datetime(2025, 9, 10, 16, 30, tzinfo=dt.UTC)
    assert back([moment]) == [dt.datetime(2025, 9, 11, 0, 30)]


@pytest.mark.parametrize("text", ["字" * 40_000, "😀" * 20_000])
def test_a_text_too_long_for_a_cell_says_that_it_was_cut(text: str) -> None:
    [cut] = back([text])
    assert isinstance(cut, str)
    assert cut.startswith(text[:16_000])
    assert cut.endswith("未能寫入）")
    assert len(cut.encode("utf-16-le")) <= 2 * 32_767


def test_a_value_of_no_kind_a_cell_can_be_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot hold a object"):
        written(Document([Page("頁", [[object()]])]))  # type: ignore[list-item]


def test_columns_have_their_width_and_text_columns_keep_what_is_typed() -> None:
    sheet = opened(Document([form()])).worksheets[0]
    assert [round(sheet.column_dimensions[letter].width) for letter in "ABD"] == [15, 11, 21]  # with Excel's padding
    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet.column_dimensions["B"].number_format == "General"


def test_a_text_typed_over_a_number_column_is_no_formula_when_edited() -> None:
    sheet = opened(Document([form([["001", "=1+1", 5, "1"]])])).worksheets[0]
    assert sheet["B3"].quotePrefix
    assert sheet["A3"].number_format == "@"


def test_merges_heights_and_panes_are_as_the_page_says() -> None:
    page = form(merges=[Area(1, 1, 1, 4), Area(3, 1, 5, 2), Area(6, 1, 6, 1)], heights={2: 48.0, 9: 30.0})
    sheet = opened(Document([page])).worksheets[0]
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:D1", "A3:B5"}
    assert sheet.row_dimensions[2].height == 48
    assert sheet.row_dimensions[9].height == 30
    assert sheet.freeze_panes == "B3"


def test_values_below_the_first_row_of_a_merged_area_are_kept() -> None:
    page = Page("頁", [["a", "b"], ["c", "d"]], merges=[Area(1, 1, 2, 2)])
    assert as_read(written(Document([page]))).sheets[0].rows == [["a", "b"], ["c", "d"]]


def test_overlapping_merges_are_refused() -> None:
    with pytest.raises(ValueError, match="A1:B2 overlaps"):
        written(Document([Page("頁", [], merges=[Area(2, 2, 3, 3), Area(1, 1, 2, 2)])]))


def test_text_without_a_given_height_gets_room_for_all_its_lines() -> None:
    page = Page("頁", [["字" * 100], ["字"]], [PageColumn(20)], {1: Look.TEXT, 2: Look.TEXT})
    rows = opened(Document([page])).worksheets[0].row_dimensions
    assert rows[1].height > 10 * 14
    assert rows[2].height < 30


def test_marks_colour_the_cell_and_say_why() -> None:
    sheet = opened(marked())["表A-1"]
    missing, invalid, plain = sheet["C3"], sheet["B4"], sheet["B3"]
    assert missing.fill.fgColor.rgb == "FF" + properties(Look.MISSING)["bg_color"][1:]
    assert invalid.fill.fgColor.rgb == "FF" + properties(Look.INVALID)["bg_color"][1:]
    assert plain.fill.fill_type is None
    assert missing.comment.text == "【缺】年級沒有填。"
    assert invalid.comment.text == "【誤】「9」不是身分的代碼。"
    assert invalid.comment.author == "填報系統"
    assert missing.border.left.style != invalid.border.left.style


def test_marks_below_the_last_row_and_beside_short_rows_are_written() -> None:
    marks = {(3, 4): Mark(Look.MISSING, "【缺】一"), (8, 2): Mark(comment="【缺】二")}
    sheet = opened(Document([form([["001"]], marks=marks)])).worksheets[0]
    assert sheet["D3"].comment.text == "【缺】一"
    assert sheet["B8"].comment.text == "【缺】二"


def test_a_long_comment_gets_a_large_box() -> None:
    marks = {(3, 1): Mark(comment="短"), (3, 2): Mark(comment="這一格的說明很長。" * 30)}
    with zipfile.ZipFile(io.BytesIO(written(Document([form([["001", 1]], marks=marks)])))) as archive:
        boxes = archive.read("xl/drawings/vmlDrawing1.vml").decode()
    short, long = (float(height) for height in re.findall(r"height:([\d.]+)pt;z-index", boxes))
    assert long > 5 * short


def test_links_lead_into_the_workbook_and_leave_the_text_alone() -> None:
    cell = opened(marked())["檢核結果"]["A2"]
    assert cell.hyperlink.location == "'表A-1'!C3"
    assert cell.value == "C3"


def test_hidden_pages_are_very_hidden_and_the_first_visible_one_is_in_front() -> None:
    book = opened(Document([Page("_a", [["x"]], hidden=True), Page("看得到", [["y"]])]))
    assert [sheet.sheet_state for sheet in book] == ["veryHidden", "visible"]
    assert book.active.title == "看得到"


def test_a_document_without_a_visible_page_is_refused() -> None:
    with pytest.raises(ValueError, match="can be seen"):
        written(Document([Page("_a", [], hidden=True)]))


def test_title_and_properties_are_in_the_file() -> None:
    book = opened(marked())
    assert book.properties.title == "檢核結果"
    assert book.custom_doc_props["tianbao-template"].value == "111"


def rules(document: Document) -> dict[str, openpyxl.worksheet.datavalidation.DataValidation]:
    sheet = opened(document).worksheets[0]
    return {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}


def test_entries_hold_over_the_data_rows() -> None:
    assert list(rules(Document([form()]))) == ["A3:A500", "B3:B500", "C3:C500", "D3:D500"]


def test_a_strict_list_stops_with_a_sentence() -> None:
    rule = rules(Document([form()]))["B3:B500"]
    assert (rule.type, rule.formula1, rule.showErrorMessage) == ("list", '"1,2,3,4"', True)
    assert "清單" in rule.error
    assert (rule.promptTitle, rule.prompt) == ("身分", "1 專任\n2 兼任")


def test_a_list_too_long_for_a_rule_is_offered_from_a_hidden_sheet() -> None:
    document = Document([form(), Page("_選項", [["占用"]])])
    book = opened(document)
    rule = rules(document)["D3:D500"]
    assert not rule.showErrorMessage
    sheet_name, area = next(book.defined_names[rule.formula1].destinations)
    assert book[sheet_name].sheet_state == "veryHidden"
    assert tuple(cell.value for (cell,) in book[sheet_name][area]) == LONG


def test_choices_that_a_comma_would_tear_apart_are_offered_whole() -> None:
    columns = [PageColumn(entry=Entry(choices=("甲,乙", "丙")))]
    book = opened(Document([form(columns=columns)]))
    [rule] = book.worksheets[0].data_validations.dataValidation
    sheet_name, area = next(book.defined_names[rule.formula1].destinations)
    assert [cell.value for (cell,) in book[sheet_name][area]] == ["甲,乙", "丙"]


@pytest.mark.parametrize(
    ("entry", "type_", "operator", "formulas"),
    [
        (Entry(whole_from=1, whole_to=12), "whole", None, ("1", "12")),
        (Entry(whole_from=1), "whole", "greaterThanOrEqual", ("1", None)),
        (Entry(whole_to=9), "whole", "lessThanOrEqual", ("9", None)),
        (Entry(longest=20), "textLength", "lessThanOrEqual", ("20", None)),
    ],
)
def test_limits_of_numbers_and_lengths(
    entry: Entry, type_: str, operator: str | None, formulas: tuple[str, str | None]
) -> None:
    [rule] = rules(Document([form(columns=[PageColumn(entry=entry)])])).values()
    assert (rule.type, rule.operator, rule.formula1, rule.formula2) == (type_, operator, *formulas)
    assert rule.error


def test_whole_numbers_are_not_enforced_where_excel_sees_only_text() -> None:
    entry = Entry(whole_from=1, whole_to=12, prompt="1 到 12")
    [rule] = rules(Document([form(columns=[PageColumn(text=True, entry=entry)])])).values()
    assert rule.type is None
    assert rule.prompt == "1 到 12"


def test_prompts_are_cut_to_what_excel_takes() -> None:
    entry = Entry(title="題" * 40, prompt="字\x07" * 200)
    [rule] = rules(Document([form(columns=[PageColumn(entry=entry)])])).values()
    assert len(rule.promptTitle) == 32
    assert len(rule.prompt) == 255
    assert rule.prompt.endswith("…")


def test_blank_required_cells_of_started_rows_turn_yellow() -> None:
    sheet = opened(Document([form()])).worksheets[0]
    found = {str(area.sqref): rules_[0].formula[0] for area, rules_ in sheet.conditional_formatting._cf_rules.items()}
    assert found == {
        "A3:B500": "AND(COUNTA($A3:$D3)>0,LEN(TRIM(A3))=0)",
        "D3:D500": "AND(COUNTA($A3:$D3)>0,LEN(TRIM(D3))=0)",
    }


def test_a_wide_form_is_printed_across_with_its_headings_on_every_sheet_of_paper() -> None:
    columns = [PageColumn(30)] * 4
    sheet = opened(Document([form(columns=columns)])).worksheets[0]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$2:$2"


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("look", Look)
def test_every_look_is_readable(look: Look) -> None:
    ink, ground = properties(look)["font_color"], properties(look).get("bg_color", "#FFFFFF")
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_page_that_fails_half_way_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    target = io.BytesIO()
    broken = ([1 // (2 - n)] for n in range(5))
    with pytest.raises(ZeroDivisionError):
        ExcelWriter().write(Document([Page("頁", broken)]), target)  # type: ignore[arg-type]
    assert target.getvalue() == b""
    assert list(tmp_path.iterdir()) == []


def test_nobody_is_named_in_the_file() -> None:
    with zipfile.ZipFile(io.BytesIO(written(marked()))) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "<dc:creator></dc:creator>" in core
    assert "<cp:lastModifiedBy></cp:lastModifiedBy>" in core


@pytest.fixture(scope="module")
def libreoffice(tmp_path_factory: pytest.TempPathFactory):
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LIBREOFFICE IS NOT INSTALLED: nobody has checked that it opens our workbooks")
    folder = tmp_path_factory.mktemp("libreoffice")
    (folder / "marked.xlsx").write_bytes(written(marked()))

    def to(suffix: str) -> bytes:
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", suffix, "--outdir", folder / "out"]
        subprocess.run([*command, folder / "marked.xlsx"], check=True, capture_output=True, timeout=120)
        return (folder / "out" / f"marked.{suffix}").read_bytes()

    return to


@pytest.mark.libreoffice
def test_libreoffice_keeps_help_marks_and_hidden_pages(libreoffice) -> None:
    book = openpyxl.load_workbook(io.BytesIO(libreoffice("xlsx")))
    page = book["表A-1"]
    assert {str(rule.sqref): rule.type for rule in page.data_validations.dataValidation} == {
        "A3:A500": "textLength",
        "B3:B500": "list",
        "C3:C500": "whole",
        "D3:D500": "list",
    }
    assert page["C3"].comment.text == "【缺】年級沒有填。"
    assert page["B4"].fill.fgColor.rgb == "FF" + properties(Look.INVALID)["bg_color"][1:]
    assert {str(area) for area in page.merged_cells.ranges} == {"A1:D1"}
    assert book["檢核結果"]["A2"].hyperlink.location == "'表A-1'!C3"
    assert [sheet.sheet_state for sheet in book] == ["visible", "visible", "hidden", "hidden"]


@pytest.mark.libreoffice
def test_libreoffice_keeps_the_values(libreoffice) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(libreoffice("ods")))
    page = book.get_sheet_by_name("表A-1").to_python(skip_empty_area=False)
    assert [row[:4] for row in page[2:4]] == [["007", 1, "", "1"], ["008", 9, 5, "1"]]
    visible = [sheet.name for sheet in book.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible]
    assert visible == ["檢核結果", "表A-1"]
