"""What stands in a .xlsx is what is read, whichever program wrote it and however ugly."""

import datetime as dt
import io

import pytest

import tianbao_export_excel
from tianbao.errors import Refusal
from tianbao.testing import ReaderContract
from tianbao.workbooks import Area, Broken, Limits
from tianbao_export_excel.reading import read_workbook

from .workbook_files import (
    MAIN,
    PACKAGE,
    SHEET,
    STRICT,
    cells,
    ods,
    ods_row,
    rows_xlsx,
    sheet,
    strings,
    xls,
    xlsx,
    xlsx_parts,
    zipped,
)

LIMITS = Limits()


def read(data):
    return read_workbook(data, LIMITS)


def values(data):
    """The first sheet's rows, blanks as None."""
    return [[None if cell == "" else cell for cell in row] for row in read(data).sheets[0].rows]


def by_openpyxl(fill):
    import openpyxl

    book = openpyxl.Workbook()
    fill(book.active)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def by_xlsxwriter(fill, **options):
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, options) as book:
        fill(book, book.add_worksheet("個案"))
    return file.getvalue()


class TestOrdinaryFiles:
    def test_every_kind_of_value_by_openpyxl(self):
        row = ["S001", 5, 2.5, True, False, dt.datetime(2024, 9, 5, 10, 30), dt.date(2024, 9, 5), dt.time(8, 15)]

        def fill(tab):
            tab.append(row)
            tab.append(["", None, "3,10"])

        first, second = values(by_openpyxl(fill))
        assert first == row
        assert second[:3] == [None, None, "3,10"]

    def test_every_kind_of_value_by_xlsxwriter(self):
        def fill(book, tab):
            tab.write_row(0, 0, ["情緒", 5, 2.5, True])
            tab.write_datetime(0, 4, dt.datetime(2024, 9, 5), book.add_format({"num_format": "yyyy/mm/dd"}))
            tab.write_number(0, 5, 1.5, book.add_format({"num_format": "[h]:mm"}))
            tab.write_rich_string(1, 0, "個", book.add_format({"bold": True}), "案 ", "一")

        assert values(by_xlsxwriter(fill)) == [
            ["情緒", 5, 2.5, True, dt.date(2024, 9, 5), dt.timedelta(days=1, hours=12)],
            ["個案 一", None, None, None, None, None],
        ]

    def test_inline_strings_of_a_streaming_writer(self):
        data = by_xlsxwriter(
            lambda _, tab: tab.write_row(0, 0, ["一", " 二 ", 3]), in_memory=True, constant_memory=True
        )
        assert values(data) == [["一", " 二 ", 3]]

    def test_sheets_in_tab_order_with_their_visibility(self):
        def fill(book, tab):
            tab.write(0, 0, 1)
            book.add_worksheet("隱藏").hide()
            fingerprint = book.add_worksheet("指紋")
            fingerprint.write(0, 0, "tianbao-113")
            fingerprint.very_hidden()

        sheets = read(by_xlsxwriter(fill)).sheets
        assert [(tab.name, tab.visible) for tab in sheets] == [("個案", True), ("隱藏", False), ("指紋", False)]
        assert sheets[2].rows == [["tianbao-113"]]

    def test_merged_cells_and_hidden_rows(self):
        def fill(_, tab):
            tab.merge_range(0, 0, 0, 13, "標題")
            tab.write(4, 0, "x")
            tab.set_row(2, None, None, {"hidden": True})

        tab = read(by_xlsxwriter(fill)).sheets[0]
        assert tab.merges == [Area(1, 1, 1, 14)]
        assert tab.hidden_rows == {3}
        assert tab.rows[4][0] == "x"

    def test_a_workbook_with_macros_is_read_without_them(self):
        parts = xlsx_parts(sheet(cells(1)))
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )
        assert values(zipped(parts | {"xl/vbaProject.bin": b"\0" * 1000})) == [[1]]

    def test_a_chart_sheet_has_no_rows(self):
        def fill(book, tab):
            tab.write(0, 0, 1)
            chart = book.add_chart({"type": "bar"})
            chart.add_series({"values": "=個案!$A$1"})
            book.add_chartsheet("圖").set_chart(chart)

        assert [(tab.name, len(tab.rows)) for tab in read(by_xlsxwriter(fill)).sheets] == [("個案", 1), ("圖", 0)]

    def test_days_counted_from_1904(self):
        data = by_xlsxwriter(
            lambda book, tab: tab.write_datetime(
                0, 0, dt.datetime(2024, 9, 5), book.add_format({"num_format": "yyyy-mm-dd"})
            ),
            date_1904=True,
        )
        assert values(data) == [[dt.date(2024, 9, 5)]]


class TestBrokenCells:
    def test_error_values(self):
        rows = (
            '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2"><v>7</v></c>'
            '<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D2" t="e"><v>#SPILL!</v></c></row>'
        )
        assert values(rows_xlsx(rows))[1] == [Broken("#N/A"), 7, Broken("#DIV/0!"), Broken("#SPILL!")]

    def test_formulas_nobody_calculated(self):
        def fill(tab):
            tab.append([1, "=A1+1", "=SUM(A1:B1)"])

        assert values(by_openpyxl(fill)) == [
            [1, Broken("=A1+1", formula=True), Broken("=SUM(A1:B1)", formula=True)],
        ]

    def test_formulas_with_their_values(self):
        rows = (
            '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"x"&amp;"y"</f><v>xy</v></c>'
            '<c r="C1"><f t="shared" ref="C1:D1" si="0">A1*2</f><v>4</v></c>'
            '<c r="D1"><f t="shared" si="0"/><v>8</v></c><c r="E1" t="b"><f>TRUE()</f><v>1</v></c></row>'
        )
        assert values(rows_xlsx(rows)) == [[2, "xy", 4, 8, True]]

    def test_a_formula_that_gives_nothing_is_blank(self):
        assert values(rows_xlsx('<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><v>1</v></c></row>')) == [
            [None, 1],
        ]

    def test_shared_formulas_nobody_calculated_show_the_first_ones_text(self):
        rows = '<row r="1"><c r="A1"><f t="shared" ref="A1:B1" si="0">C1*2</f></c><c r="B1"><f t="shared" si="0"/></c></row>'
        assert values(rows_xlsx(rows)) == [[Broken("=C1*2", formula=True)] * 2]

    def test_broken_cells_beyond_the_last_value_are_there(self):
        rows = cells(1) + '<row r="4"><c r="C4" t="e"><v>#REF!</v></c></row>'
        read_rows = values(rows_xlsx(rows))
        assert read_rows[0] == [1]
        assert read_rows[3][2] == Broken("#REF!")


class TestUglyFiles:
    def test_styled_empty_rows_to_the_edge_of_the_sheet(self):
        edge = "".join(f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="1"/></row>' for n in range(2, 30_001))
        edge += '<row r="1048576" s="1"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"></c></row>'
        assert values(rows_xlsx(cells(1, 2) + edge)) == [[1, 2]]

    def test_styled_empty_rows_beside_an_error_value(self):
        rows = '<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
        assert values(rows_xlsx(rows)) == [[Broken("#N/A")]]

    @pytest.mark.parametrize("empty", ["<v></v>", "<v/>", ""])
    @pytest.mark.parametrize("kind", ["", ' t="s"', ' t="n"', ' t="str"', ' t="inlineStr"'])
    def test_cells_with_nothing_in_them(self, empty, kind):
        rows = f'<row r="1"><c r="A1"><v>1</v></c><c r="B1"{kind}>{empty}</c></row>'
        row = values(rows_xlsx(rows, shared=strings("<t>wrong</t>")))[0]
        assert [row[0], *row[1:]] in ([1], [1, None])

    def test_backslashes_in_part_names(self):
        parts = {name.replace("/", "\\"): part for name, part in xlsx_parts(sheet(cells(5))).items()}
        assert values(zipped(parts)) == [[5]]

    def test_part_names_in_another_case(self):
        assert values(zipped({name.upper(): part for name, part in xlsx_parts(sheet(cells(5))).items()})) == [[5]]

    def test_parts_under_unusual_names(self):
        parts = xlsx_parts(sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), shared=strings("<t>對</t>"))
        parts["xl/texts/s.xml"] = parts.pop("xl/sharedStrings.xml")
        parts["data/one.xml"] = parts.pop(SHEET)
        relations = parts["xl/_rels/workbook.xml.rels"]
        parts["xl/_rels/workbook.xml.rels"] = relations.replace("sharedStrings.xml", "texts/s.xml").replace(
            "worksheets/sheet1.xml", "/data/one.xml"
        )
        parts["xl/sharedStrings.xml"] = strings("<t>錯</t>")
        assert values(zipped(parts)) == [["對"]]

    def test_strict_ooxml(self):
        data = xlsx(
            sheet(
                '<row r="1"><c r="A1" t="d" s="1"><v>2024-09-05</v></c><c r="B1" t="e"><v>#N/A</v></c></row>',
                main=STRICT,
            ),
            main=STRICT,
            office="http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        assert values(data) == [[dt.date(2024, 9, 5), Broken("#N/A")]]

    def test_rows_out_of_order(self):
        rows = '<row r="3"><c r="A3"><v>3</v></c></row><row r="1"><c r="B1"><v>1</v></c></row>'
        assert values(rows_xlsx(rows)) == [[None, 1], [None, None], [3, None]]

    @pytest.mark.parametrize("odd", ["", "<c/>"], ids=["regular", "odd"])
    def test_a_row_in_two_pieces_is_the_one_row_it_is(self, odd):
        rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
        again = f'<row r="1"><c r="C1"><v>3</v></c>{odd}</row>'
        assert values(rows_xlsx(rows + again)) == [[1, None, 3], [2, None, None]]

    @pytest.mark.parametrize("row", ["{0}{0}", "{0}</row><row r='1'>{0}", '{0}</row><row r="1">{0}'])
    @pytest.mark.parametrize("second", ['<c r="A1"><v>2</v></c>', '<c r="A1" t="e"><v>#N/A</v></c>'])
    def test_a_cell_that_stands_twice_is_refused(self, row, second):
        first = '<c r="A1"><v>1</v></c>'
        for one, other in ((first, second), (second, first)):
            with pytest.raises(Refusal) as refusal:
                read(rows_xlsx(f'<row r="1">{row.replace("{0}", one, 1).replace("{0}", other)}</row>'))
            assert refusal.value.code == "broken"

    @pytest.mark.parametrize(
        ("attribute", "hidden"),
        [
            ('hidden="1"', {1}),
            ('ht="12" hidden="true" customHeight="1"', {1}),
            ("hidden='1'", {1}),
            ('hidden = "1"', {1}),
            ('hidden="0"', set()),
            ('hidden="false" ht="12"', set()),
            ('ht="12" customHeight="1"', set()),
        ],
    )
    def test_hidden_rows_however_they_say_it(self, attribute, hidden):
        rows = f'<row r="1" {attribute}><c r="A1"><v>1</v></c></row><row r="2" ht="9"><c r="A2"><v>2</v></c></row>'
        assert values(rows_xlsx(rows)) == [[1], [2]]
        assert read(rows_xlsx(rows)).sheets[0].hidden_rows == hidden

    def test_cells_out_of_order(self):
        assert values(rows_xlsx('<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row>')) == [[1, 2]]

    def test_rows_and_cells_without_names(self):
        rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c/><c><v>3</v></c></row>"
        assert values(rows_xlsx(rows)) == [[1, 2], [None, None], [None, 3]]

    def test_a_cell_without_a_name_follows_the_one_before(self):
        assert values(rows_xlsx('<row r="2"><c r="B2"><v>1</v></c><c><v>2</v></c></row>'))[1] == [None, 1, 2]

    @pytest.mark.parametrize("dimension", ["", '<dimension ref="A1"/>', '<dimension ref="B7:XFD1048576"/>'])
    def test_a_missing_or_wrong_dimension(self, dimension):
        assert values(xlsx(sheet(cells(1, 2), before=dimension))) == [[1, 2]]

    def test_values_under_a_merge(self):
        data = xlsx(sheet(cells(1, 2), after='<mergeCells count="9"><mergeCell ref="A1:B1"/></mergeCells>'))
        assert values(data) == [[1, 2]]
        assert read(data).sheets[0].merges == [Area(1, 1, 1, 2)]

    def test_a_title_merged_to_the_edge_of_the_sheet_ends_where_reading_ends(self):
        data = xlsx(sheet(cells(1), after='<mergeCells><mergeCell ref="A1:XFD1"/></mergeCells>'))
        assert read(data).sheets[0].merges == [Area(1, 1, 1, LIMITS.columns)]

    def test_rich_text_and_phonetic_readings(self):
        rich = "<r><rPr><b/></rPr><t>輔</t></r><r><t xml:space='preserve'> 導</t></r>"
        phonetic = "<t>東京</t><rPh sb='0' eb='2'><t>とうきょう</t></rPh>"
        shared = strings(rich, phonetic, "", "<t/>", "<t>末</t>")
        row = "".join(f'<c r="{"ABCDE"[n]}1" t="s"><v>{n}</v></c>' for n in range(5))
        assert values(rows_xlsx(f'<row r="1">{row}</row>', shared=shared)) == [["輔 導", "東京", None, None, "末"]]

    def test_rich_and_phonetic_inline_strings(self):
        rows = '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>x</t></rPh></is></c></row>'
        assert values(rows_xlsx(rows)) == [["ab"]]

    def test_blanks_around_text(self):
        shared = strings("<t> a </t>", '<t xml:space="preserve"> b </t>', "<t>c\u3000</t>")
        row = "".join(f'<c r="{"ABC"[n]}1" t="s"><v>{n}</v></c>' for n in range(3))
        assert values(rows_xlsx(f'<row r="1">{row}</row>', shared=shared)) == [["a", " b ", "c\u3000"]]

    def test_special_characters_and_escapes(self):
        shared = strings("<t>a&amp;lt;&#10;_x000D_b&quot;</t>", "<t>𠮷&#x1F600;</t>", "<t><![CDATA[<x>&]]></t>")
        row = "".join(f'<c r="{"ABC"[n]}1" t="s"><v>{n}</v></c>' for n in range(3))
        assert values(rows_xlsx(f'<row r="1">{row}</row>', shared=shared)) == [['a&lt;\n\rb"', "𠮷😀", "<x>&"]]

    def test_a_prefix_on_every_element(self):
        part = (
            f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2" hidden="1"><x:c r="A2" t="inlineStr"><x:is>'
            '<x:t>字</x:t></x:is></x:c><x:c r="B2"><x:v>4</x:v></x:c></x:row></x:sheetData>'
            '<x:mergeCells><x:mergeCell ref="A1:B1"/></x:mergeCells></x:worksheet>'
        )
        tab = read(xlsx(part)).sheets[0]
        assert tab.rows[1] == ["字", 4]
        assert (tab.merges, tab.hidden_rows) == ([Area(1, 1, 1, 2)], {2})

    def test_prefixes_in_the_other_parts(self):
        parts = xlsx_parts(sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'))
        parts["xl/sharedStrings.xml"] = f'<q:sst xmlns:q="{MAIN}"><q:si><q:t>字</q:t></q:si></q:sst>'
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        parts["xl/workbook.xml"] = (
            f'<w:workbook xmlns:w="{MAIN}" xmlns:z="{office}"><w:sheets><w:sheet name="甲" z:id="rId1"/></w:sheets></w:workbook>'
        )
        parts["xl/_rels/workbook.xml.rels"] = (
            f'<p:Relationships xmlns:p="{PACKAGE}/relationships">'
            f'<p:Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<p:Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></p:Relationships>'
        )
        assert values(zipped(parts)) == [["字"]]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_other_encodings(self, encoding):
        declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
        part = declared + sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>字</t></is></c></row>')
        assert values(xlsx(part.encode(encoding))) == [["字"]]

    def test_comments_and_line_breaks_between_the_cells(self):
        rows = '\n<!-- x -->\n<row r="1">\n  <c r="A1">\n<v>1<!-- 2 -->3</v>\n</c>\n</row>\n'
        assert values(rows_xlsx(rows)) == [[13]]

    def test_a_number_written_with_references(self):
        assert values(rows_xlsx('<row r="1"><c r="A1"><v>&#49;2</v></c><c r="B1"><v> 5 </v></c></row>')) == [[12, 5]]

    def test_no_table_of_strings_where_none_is_needed(self):
        parts = xlsx_parts(sheet(cells(1)), shared="")
        del parts["xl/sharedStrings.xml"]
        assert values(zipped(parts)) == [[1]]

    def test_numbers_that_are_no_dates_in_spite_of_their_style(self):
        numbers = ["-1", "-0.25", "20240901123456", "2958466", "45540"]
        row = "".join(f'<c r="{"ABCDE"[i]}1" s="{1 + i % 2}"><v>{n}</v></c>' for i, n in enumerate(numbers))
        expected = [-1, -0.25, 20240901123456, 2958466, dt.date(2024, 9, 5)]
        assert values(rows_xlsx(f'<row r="1">{row}</row>')) == [expected]

    def test_truths_in_words(self):
        rows = '<row r="1"><c r="A1" t="b"><v>false</v></c><c r="B1" t="b"><v>true</v></c></row>'
        assert values(rows_xlsx(rows)) == [[False, True]]

    def test_an_empty_sheet(self):
        assert values(xlsx(f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>')) == []

    def test_a_blank_shared_string_far_out_is_refused_rather_than_dropped(self):
        rows = cells(1) + '<row r="30000"><c r="A30000" t="s"><v>0</v></c></row>'
        with pytest.raises(Refusal, match="20,000"):
            read(rows_xlsx(rows, shared=strings("<t>遠</t>")))


class TestMistakesThatWouldMiscount:
    """Files calamine reads without a word, but wrongly; Excel offers to repair them."""

    @pytest.mark.parametrize(
        "rows",
        [
            cells(1) + cells(2),
            '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
            '<row r="1"><c r="A2"><v>1</v></c></row>',
            '<row r="1"><c r="A1" t="s"><v>zero</v></c></row>',
            '<row r="1"><c r="A1" t="s"><v>1.0</v></c></row>',
            '<row r="1"><c r="A1" t="b"><v>2</v></c></row>',
            '<row r="1"><c r="A1" t="wrong"><v>2</v></c></row>',
            '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
            '<row r="1"><c r="A1"><v>1</v><c r="B1"><v>2</v></c></c></row>',
            '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
            '<row r="0"><c r="A0"><v>1</v></c></row>',
        ],
    )
    def test_they_are_refused(self, rows):
        with pytest.raises(Refusal) as refusal:
            read(rows_xlsx(rows, shared=strings("<t>x</t>")))
        assert refusal.value.code == "broken"

    def test_a_second_table_of_cells(self):
        with pytest.raises(Refusal):
            read(xlsx(sheet(cells(1), after=f"<sheetData>{cells(2)}</sheetData>")))


class TestWhatIsNotOurs:
    @pytest.mark.parametrize(
        "data", [b"", b"a,b\n1,2", b"%PDF-1.7", b"<html>", b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04junk"]
    )
    def test_other_bytes_are_left_to_others(self, data):
        assert read(data) is None

    def test_other_zip_archives(self):
        word = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override ContentType='
        word += '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
        assert read(zipped({"[Content_Types].xml": word, "word/document.xml": "<x/>"})) is None
        assert read(zipped({"photo.jpg": b"\xff\xd8"})) is None

    def test_an_old_word_document(self):
        data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le") + b"\0" * 600
        assert read(data) is None

    def test_the_binary_workbook_is_refused_with_the_way_out(self):
        parts = xlsx_parts(sheet(cells(1)))
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            "application/vnd.ms-excel.sheet.binary.macroEnabled.main",
        )
        with pytest.raises(Refusal, match=r"xlsb.*另存新檔"):
            read(zipped(parts))


def contract_samples():
    rows = [["壹", "貳"], ["參", "0012"]]

    def by_xlwt(tab):
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                tab.write(row, column, value)

    return {
        ".xlsx": by_openpyxl(lambda tab: [tab.append(row) for row in rows]),
        ".ods": ods(ods_row(*rows[0]) + ods_row(*rows[1])),
        ".xls": xls(by_xlwt, empty=True),
    }


class TestContract(ReaderContract):
    plugin = tianbao_export_excel
    samples = contract_samples()
