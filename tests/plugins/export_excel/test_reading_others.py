"""The other formats, .ods and .xls, and files that went through LibreOffice."""

import datetime as dt
import io
import shutil
import subprocess

import pytest

from tianbao.errors import Refusal
from tianbao.workbooks import Area, Broken, Limits
from tianbao_export_excel.reading import read_workbook

from .workbook_files import ods, ods_content, ods_parts, ods_row, xls, zipped

LIMITS = Limits()
FAR = 1_048_000


def read(data):
    return read_workbook(data, LIMITS)


def values(data):
    return [[None if cell == "" else cell for cell in row] for row in read(data).sheets[0].rows]


class TestOpenDocument:
    def test_every_kind_of_value(self):
        rows = (
            "<table:table-row>"
            '<table:table-cell office:value-type="string"><text:p>情緒</text:p><text:p>困擾</text:p></table:table-cell>'
            '<table:table-cell office:value-type="float" office:value="5"><text:p>5</text:p></table:table-cell>'
            '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
            '<table:table-cell office:value-type="date" office:date-value="2024-09-05"/>'
            '<table:table-cell office:value-type="date" office:date-value="2024-09-05T10:30:00"/>'
            '<table:table-cell office:value-type="time" office:time-value="PT08H15M00S"/>'
            "</table:table-row>"
        )
        assert values(ods(rows)) == [
            ["情緒\n困擾", 5, True, dt.date(2024, 9, 5), dt.datetime(2024, 9, 5, 10, 30), dt.time(8, 15)],
        ]

    def test_rows_and_cells_that_repeat(self):
        repeated = ' table:number-rows-repeated="{}"'
        rows = (
            ods_row(row=repeated.format(2))
            + ods_row("a", cell=' table:number-columns-repeated="2"')
            + ods_row("b", row=repeated.format(3))
            + f'<table:table-row table:number-rows-repeated="{FAR}"><table:table-cell '
            'table:number-columns-repeated="16384"/></table:table-row>'
        )
        empty = [None, None]
        assert values(ods(rows)) == [empty, empty, ["a", "a"], *[["b", None]] * 3]

    def test_errors_and_uncalculated_formulas(self):
        rows = (
            "<table:table-row><table:table-cell/>"
            '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
            'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
            '<table:table-cell table:formula="of:=[.A1]+[.B1]"/>'
            '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"><text:p>2</text:p>'
            "</table:table-cell></table:table-row>"
        )
        assert values(ods(rows)) == [[None, Broken("#N/A"), Broken("=A1+B1", formula=True), 2]]

    def test_merges_and_hidden_rows(self):
        rows = (
            '<table:table-row><table:table-cell table:number-columns-spanned="3" table:number-rows-spanned="1" '
            'office:value-type="string"><text:p>題</text:p></table:table-cell><table:covered-table-cell '
            'table:number-columns-repeated="2"/></table:table-row>'
            + ods_row("x", row=' table:visibility="collapse"')
            + ods_row("y", row=' table:visibility="filter" table:number-rows-repeated="2"')
        )
        tab = read(ods(rows)).sheets[0]
        assert tab.merges == [Area(1, 1, 1, 3)]
        assert tab.hidden_rows == {2, 3, 4}

    def test_comments_drawings_and_breaks_in_a_cell(self):
        rows = (
            '<table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>註</text:p>'
            "</office:annotation><draw:frame><draw:text-box><text:p>框</text:p></draw:text-box></draw:frame>"
            '<text:p>a<text:s text:c="2"/>b<text:tab/>c<text:line-break/><text:span>d</text:span></text:p>'
            "</table:table-cell></table:table-row>"
        )
        assert values(ods(rows)) == [["a  b\tc\nd"]]

    def test_white_space_between_the_rows(self):
        rows = "\n  <table:table-row>\n    <table:table-cell office:value-type='float' office:value='1'/>\n  </table:table-row>"
        assert values(ods(rows)) == [[1]]

    def test_other_prefixes(self):
        content = ods_content(ods_row("字"))
        for old in ("<table:", "</table:", " table:", "xmlns:table="):
            content = content.replace(old, old.replace("table", "t"))
        assert values(zipped(ods_parts(content))) == [["字"]]

    def test_by_odfdo(self):
        from odfdo import Document, Table

        document = Document("spreadsheet")
        document.body.clear()
        table = Table("個案")
        table.set_values([["a", 1, None, "三"], [None, None, 2.5, dt.date(2024, 9, 5)]])
        document.body.append(table)
        file = io.BytesIO()
        document.save(file)
        assert values(file.getvalue()) == [["a", 1, None, "三"], [None, None, 2.5, dt.date(2024, 9, 5)]]
        assert read(file.getvalue()).sheets[0].name == "個案"

    @pytest.mark.parametrize(
        ("rows", "code"),
        [
            (ods_row("x", row=' table:number-rows-repeated="1048576"'), "too-many-rows"),
            (ods_row(row=f' table:number-rows-repeated="{FAR}"') + ods_row("x"), "too-many-rows"),
            (ods_row("x", cell=' table:number-columns-repeated="16384"'), "too-many-columns"),
            (ods_row("x", row=' table:number-rows-repeated="x"'), "broken"),
            (
                ods_row('<text:s text:c="2000000000"/>'),
                "broken",
            ),
        ],
    )
    def test_what_would_not_end_is_refused(self, rows, code):
        with pytest.raises(Refusal) as refusal:
            read(ods(rows))
        assert refusal.value.code == code


class TestOldWorkbooks:
    def test_values_errors_dates_merges_and_hidden_rows(self):
        import xlwt

        def fill(tab):
            tab.write(2, 0, dt.datetime(2024, 9, 5), xlwt.easyxf(num_format_str="YYYY-MM-DD"))
            tab.write(2, 1, True)
            tab.row(3).set_cell_error(2, 0x2A)
            tab.write_merge(5, 5, 0, 3, "合併")
            tab.row(4).hidden = True
            tab.write(4, 0, "隱")

        tab = read(xls(fill)).sheets[0]
        assert tab.name == "表1"
        assert [list(row[:2]) for row in tab.rows[:3]] == [["a", ""], ["", 5], [dt.date(2024, 9, 5), True]]
        assert tab.rows[3][2] == Broken("#N/A")
        assert tab.merges == [Area(6, 1, 6, 4)]
        assert tab.hidden_rows == {5}

    def test_a_password(self):
        data = xls().replace(b"\x42\x00\x02\x00", b"\x2f\x00\x02\x00", 1)
        with pytest.raises(Refusal) as refusal:
            read(data)
        assert refusal.value.code == "encrypted"

    def test_rows_beyond_the_limit(self):
        with pytest.raises(Refusal) as refusal:
            read(xls(lambda tab: tab.write(60_000, 0, "x")))
        assert refusal.value.code == "too-many-rows"


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """One workbook as LibreOffice saves it in every format."""
    office = shutil.which("soffice")
    if not office:
        pytest.skip("!!! LibreOffice (soffice) is not installed: files saved by it are NOT tested !!!")
    import openpyxl

    folder = tmp_path_factory.mktemp("libreoffice")
    book = openpyxl.Workbook()
    tab = book.active
    tab.title = "個案"
    tab.append(["標題", None, None])
    tab.merge_cells("A1:C1")
    tab.append(["S001", 5, dt.date(2024, 9, 5)])
    tab.append([" 留白 ", True, "=B2*2"])
    tab.append(["=NA()", "3,10", 2.5])
    tab.row_dimensions[4].hidden = True
    book.create_sheet("藏").sheet_state = "hidden"
    book.save(folder / "book.xlsx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for suffix in ("ods", "xls", "xlsm:Calc MS Excel 2007 VBA XML", "xlsx:Calc Office Open XML"):
        target = folder / suffix.partition(":")[0]
        subprocess.run(
            [office, profile, "--headless", "--convert-to", suffix, "--outdir", target, folder / "book.xlsx"],
            check=True,
            capture_output=True,
            timeout=120,
        )
    return folder


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", ["xlsx", "xlsm", "ods", "xls"])
def test_a_workbook_saved_by_libreoffice(converted, suffix):
    first, second = read((converted / suffix / f"book.{suffix}").read_bytes()).sheets
    assert (first.name, second.name, first.visible, second.visible) == ("個案", "藏", True, False)
    assert [list(row) for row in first.rows[1:]] == [
        ["S001", 5, dt.date(2024, 9, 5)],
        [" 留白 ", True, 10],
        [Broken("#N/A"), "3,10", 2.5],
    ]
    assert first.merges == [Area(1, 1, 1, 3)]
    assert first.hidden_rows == {4}
