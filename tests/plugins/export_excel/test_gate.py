"""Files made to hurt: each costs its sender a clear refusal, quickly, and the server nothing."""

import io
import random
import struct
import time
import zipfile

import pytest

from tianbao.errors import Refusal
from tianbao.workbooks import Limits
from tianbao_export_excel.formats.archive import Archive
from tianbao_export_excel.jail import keeper
from tianbao_export_excel.reading import read_workbook
from tianbao_export_excel.refusals import SENTENCES

from .workbook_files import (
    SHEET,
    cells,
    ods,
    ods_content,
    ods_parts,
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
MEGABYTE = 2**20
DTD = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
GOOD = rows_xlsx(cells(1, 2, 3))


def refused(data, limits=LIMITS):
    """The code a file is refused with; it must come before the clock would have to end it."""
    started = time.monotonic()
    with pytest.raises(Refusal) as refusal:
        read_workbook(data, limits)
    assert time.monotonic() - started < limits.seconds
    assert refusal.value.message.endswith("。")
    assert refusal.value.remedy.endswith("。")
    return refusal.value.code


@pytest.fixture(autouse=True)
def nothing_broke():
    """After each file the same zygote still reads an honest one."""
    assert read_workbook(GOOD, LIMITS).sheets[0].rows == [[1, 2, 3]]
    zygote = keeper.keeper._zygote
    yield
    assert read_workbook(GOOD, LIMITS).sheets[0].rows == [[1, 2, 3]]
    assert keeper.keeper._zygote is zygote


def with_part(name, part, data=None):
    parts = data or xlsx_parts(sheet(cells(1)))
    return zipped(parts | {name: part})


class TestClaims:
    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("XFD1048576", "too-many-rows"),
            ("XFD1", "too-many-columns"),
            ("A1048576", "too-many-rows"),
            ("ZZ20000", None),
        ],
    )
    def test_cells_far_apart(self, name, code):
        row = "".join(filter(str.isdigit, name))
        corner = f'<row r="{row}"><c r="{name}"><v>1</v></c></row>'
        rows = f'<row r="1"><c r="A1"><v>1</v></c>{corner[len(f"""<row r="{row}">""") :] if row == "1" else "</row>" + corner}'
        assert refused(rows_xlsx(rows)) in ({code} if code else {"too-many-columns", "too-heavy"})

    @pytest.mark.parametrize("last", [1, 9, 10, 99, 250, 1_000, 20_000])
    def test_the_last_row_that_is_read(self, last):
        def one(row):
            return rows_xlsx(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>')

        limits = Limits(rows=last)
        assert read_workbook(one(last), limits).sheets[0].rows[-1] == [1]
        assert refused(one(last + 1), limits) == "too-many-rows"

    @pytest.mark.parametrize("row", ["4294967295", "4294967296", "99999999999999999999", "-1", "1e5"])
    def test_absurd_row_numbers(self, row):
        assert refused(rows_xlsx(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>')) == "broken"

    def test_absurd_columns(self):
        assert refused(rows_xlsx('<row r="1"><c r="AAAAAAAAAAAA1"><v>1</v></c></row>')) == "broken"

    def test_a_count_of_strings_beyond_all_memory_is_not_believed(self):
        shared = strings("<t>x</t>", count=4_000_000_000)
        book = read_workbook(rows_xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared=shared), LIMITS)
        assert book.sheets[0].rows == [["x"]]

    @pytest.mark.parametrize("number", ["1e999", "-1e999", "inf", "NaN", "9" * 400])
    @pytest.mark.parametrize("style", [0, 1, 2, 3])
    def test_infinite_numbers(self, number, style):
        assert refused(rows_xlsx(f'<row r="1"><c r="A1" s="{style}"><v>{number}</v></c></row>')) == "broken"

    def test_numbers_too_long_for_a_duration(self):
        rows = '<row r="1"><c r="A1" s="2"><v>999999999999999</v></c></row>'
        assert read_workbook(rows_xlsx(rows), LIMITS).sheets[0].rows == [[999999999999999.0]]

    @pytest.mark.parametrize(
        ("area", "code"),
        [
            ("A1:XFD1048576", "merged-too-far"),
            ("B1:B1048576", "merged-too-far"),
            ("A1:XFD20000", "too-many-merges"),
            ("B2:A1", "broken"),
            ("A1:A4294967295", "broken"),
            ("A1", None),
        ],
    )
    def test_merged_areas(self, area, code):
        data = xlsx(sheet(cells(1), after=f'<mergeCells><mergeCell ref="{area}"/></mergeCells>'))
        if code:
            assert refused(data) == code
        else:
            assert len(read_workbook(data, LIMITS).sheets[0].merges) == 1

    def test_millions_of_merges(self):
        merges = '<mergeCell ref="A1:B1"/>' * 1_000_000
        assert refused(xlsx(sheet(cells(1), after=f"<mergeCells>{merges}</mergeCells>"))) == "too-many-merges"

    def test_a_hundred_thousand_sheets(self):
        parts = xlsx_parts(sheet(cells(1)))
        tabs = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(100_000))
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("<sheets>", "<sheets>" + tabs)
        assert refused(zipped(parts)) == "too-many-sheets"

    @pytest.mark.parametrize("names", [["a", "A"], ["x" * 5000], ["a&#10;b"], [""]])
    def test_absurd_sheet_names(self, names):
        assert refused(xlsx(*[sheet(cells(1))] * len(names), names=names)) == "broken"

    def test_one_part_under_many_tabs(self):
        parts = xlsx_parts(sheet(cells(1)), sheet(cells(2)))
        relations = parts["xl/_rels/workbook.xml.rels"]
        parts["xl/_rels/workbook.xml.rels"] = relations.replace("sheet2.xml", "sheet1.xml")
        assert refused(zipped(parts)) == "broken"

    @pytest.mark.parametrize("target", ["workbook.xml", "../xl/workbook.xml", "../_rels/.rels"])
    def test_relationships_that_go_in_circles(self, target):
        parts = xlsx_parts(sheet(cells(1)))
        relations = parts["xl/_rels/workbook.xml.rels"]
        parts["xl/_rels/workbook.xml.rels"] = relations.replace("worksheets/sheet1.xml", target)
        assert refused(zipped(parts)) == "broken"

    def test_relationships_that_lead_outside(self):
        parts = xlsx_parts(sheet(cells(1)))
        relations = parts["xl/_rels/workbook.xml.rels"]
        parts["xl/_rels/workbook.xml.rels"] = relations.replace("worksheets/sheet1.xml", "../../../etc/passwd")
        assert refused(zipped(parts)) == "unsafe-archive"

    @pytest.mark.parametrize("missing", ["xl/workbook.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", SHEET])
    def test_missing_parts(self, missing):
        parts = xlsx_parts(sheet(cells(1)))
        del parts[missing]
        assert refused(zipped(parts)) == "broken"

    def test_a_missing_list_of_contents(self):
        parts = xlsx_parts(sheet(cells(1)))
        del parts["[Content_Types].xml"]
        assert refused(zipped(parts)) == "broken"


class TestMarkup:
    @pytest.mark.parametrize("part", ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/styles.xml", SHEET])
    def test_a_dtd_in_any_part(self, part):
        parts = xlsx_parts(sheet(cells(1)))
        assert refused(zipped(parts | {part: DTD + parts[part]})) == "unsafe-markup"

    def test_a_dtd_in_another_encoding(self):
        parts = xlsx_parts(sheet(cells(1)))
        part = ('<?xml version="1.0" encoding="utf-16"?>' + DTD + parts[SHEET]).encode("utf-16")
        assert refused(zipped(parts | {SHEET: part})) == "unsafe-markup"

    def test_a_billion_laughs_among_the_strings(self):
        entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
        shared = f"<!DOCTYPE sst [{entities}]>" + strings("<t>&a9;</t>")
        assert refused(rows_xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared=shared)) == "unsafe-markup"

    def test_a_dtd_in_an_open_document(self):
        assert refused(zipped(ods_parts(DTD + ods_content(ods_row("x")).partition("?>")[2]))) == "unsafe-markup"

    @pytest.mark.parametrize("around", ["<extLst>{}</extLst>", "{}"])
    def test_deep_nesting(self, around):
        deep = "<a>" * 300_000 + "</a>" * 300_000
        book = read_workbook(xlsx(sheet(cells(1), after=around.format(deep))), LIMITS)
        assert book.sheets[0].rows == [[1]]

    def test_deep_nesting_in_a_cell(self):
        assert refused(rows_xlsx('<row r="1"><c r="A1">' + "<c>" * 300_000)) == "broken"

    def test_unknown_entities_and_bad_characters(self):
        inline = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'
        assert refused(rows_xlsx(inline.format("&boom;"))) == "broken"
        assert refused(rows_xlsx(inline.format("&#0;"))) == "broken"
        assert refused(xlsx(sheet(inline.format("é")).encode("latin-1"))) == "broken"


def entry_flipped(data, name, offset, value):
    """Change two bytes of an entry's header in the directory."""
    at = data.index(name.encode(), data.index(b"PK\x01\x02")) - 46
    spoiled = bytearray(data)
    struct.pack_into("<H", spoiled, at + offset, value)
    return bytes(spoiled)


class TestArchive:
    def test_one_big_bomb(self):
        rows = "<row/>" * (LIMITS.inflated // 6 + 1)
        assert refused(rows_xlsx(rows)) == "inflated-too-large"

    def test_many_bombs_together(self):
        part = sheet(" " * (LIMITS.inflated // 5))
        assert refused(xlsx(*[part] * 6)) == "inflated-too-large"

    def test_a_bomb_that_nobody_asks_for_stays_shut(self):
        bomb = b"\0" * (LIMITS.inflated + MEGABYTE)
        book = read_workbook(with_part("xl/media/image1.png", bomb), LIMITS)
        assert book.sheets[0].rows == [[1]]

    def test_overlapping_entries(self):
        data = bytearray(zipped({f"xl/{n}": b"x" * 100 for n in range(3)} | xlsx_parts(sheet(cells(1)))))
        first = data.index(b"PK\x01\x02")
        second = data.index(b"PK\x01\x02", first + 4)
        data[second + 42 : second + 46] = data[first + 42 : first + 46]
        assert refused(bytes(data)) == "unsafe-archive"

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    @pytest.mark.parametrize("again", [SHEET, SHEET.upper(), SHEET.replace("/", "\\")])
    def test_two_entries_of_one_name(self, again):
        file = io.BytesIO(zipped(xlsx_parts(sheet(cells(1)))))
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr(again, sheet(cells(2)))
        assert refused(file.getvalue()) == "unsafe-archive"

    @pytest.mark.parametrize("name", ["/xl/a.xml", "../a.xml", "xl/../../a.xml", "C:/a.xml", "x" * 300, "a\x01b"])
    def test_absurd_names(self, name):
        assert refused(with_part(name, b"")) == "unsafe-archive"

    def test_too_many_entries(self):
        assert refused(zipped({f"xl/{n}": b"" for n in range(2_001)})) == "unsafe-archive"

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_other_methods_of_compression(self, method):
        assert refused(zipped(xlsx_parts(sheet(cells(1))), method)) == "unsafe-archive"

    @pytest.mark.parametrize(("offset", "value"), [(16, 1), (20, 7), (24, 7), (24, 0xFFFF)])
    def test_sizes_and_sums_that_lie(self, offset, value):
        assert refused(entry_flipped(GOOD, SHEET, offset, value)) == "broken"

    @pytest.mark.parametrize("length", [0, 1, 2**16 - 1, 2**16, 2**16 + 1, 3 * 2**16, 3 * 2**16 + 258])
    def test_parts_of_any_length_are_inflated_whole(self, length):
        chance = random.Random(length)
        for content in (bytes(length), chance.randbytes(length), bytes(chance.choices(b"<v>1</v>", k=length))):
            assert Archive(zipped({"part": content}), LIMITS.inflated).part("part") == content

    def test_headers_that_disagree(self):
        spoiled = GOOD.replace(SHEET.encode(), SHEET.replace("sheet1", "sheet9").encode(), 1)
        assert refused(spoiled) == "unsafe-archive"

    def test_a_flipped_digit_is_noticed(self):
        data = zipped(xlsx_parts(sheet(cells(1))), zipfile.ZIP_STORED)
        assert refused(data.replace(b"<v>1</v>", b"<v>7</v>")) == "broken"

    def test_an_archive_that_contains_itself(self):
        data = GOOD
        for _ in range(5):
            data = with_part("xl/embeddings/book.xlsx", data)
        assert read_workbook(data, LIMITS).sheets[0].rows == [[1]]

    @pytest.mark.parametrize("part", ["flags", "package"])
    def test_encrypted_archives(self, part):
        manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
        data = {
            "flags": entry_flipped(GOOD, SHEET, 8, 1),
            "package": zipped(ods_parts(ods_content(""), manifest)),
        }[part]
        assert refused(data) == "encrypted"

    def test_an_encrypted_workbook(self):
        head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
        names = "".join(name.ljust(64, "\0") for name in ("EncryptionInfo", "EncryptedPackage"))
        assert refused(head + names.encode("utf-16-le")) == "encrypted"


def outcome(data):
    try:
        return "read" if read_workbook(data, LIMITS) else "none of ours"
    except Refusal as refusal:
        return refusal.code


@pytest.mark.parametrize("data", [GOOD, ods(ods_row("a", "b")), xls()], ids=["xlsx", "ods", "xls"])
class TestDamage:
    def test_cut_off_anywhere(self, data):
        for length in range(8, len(data), len(data) // 12):
            assert outcome(data[:length]) in {"broken", "none of ours"}

    def test_random_bytes_behind_the_first(self, data):
        noise = random.Random(7).randbytes(5_000)
        assert outcome(data[:8] + noise) in {"broken", "none of ours"}

    def test_random_flips_end_in_a_workbook_or_a_refusal(self, data):
        chance = random.Random(len(data))
        outcomes = set()
        for _ in range(60):
            spoiled = bytearray(data)
            for _ in range(chance.choice((1, 2, 8))):
                spoiled[chance.randrange(8, len(spoiled))] = chance.randrange(256)
            outcomes.add(outcome(bytes(spoiled)))
        assert outcomes <= {"read", "none of ours", *SENTENCES}
        assert "broken" in outcomes


def test_random_flips_in_the_markup_end_in_a_workbook_or_a_refusal():
    chance = random.Random(113)
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45540</v></c><c r="C1"><f>A1</f></c></row>'
    parts = xlsx_parts(
        sheet(rows, after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'), shared=strings("<t>x</t>")
    )
    outcomes = set()
    for _ in range(150):
        name = chance.choice([*parts])
        part = bytearray(parts[name].encode())
        for _ in range(chance.choice((1, 1, 3))):
            part[chance.randrange(len(part))] = chance.choice(b'<>/"&= 0:9AZaz\0\xff')
        outcomes.add(outcome(zipped(parts | {name: bytes(part)})))
    assert outcomes <= {"read", "none of ours", *SENTENCES}
    assert {"read", "broken"} <= outcomes


class TestOldWorkbookTables:
    @pytest.mark.parametrize("link", [0, 1, 5, 0x7FFFFFFF, 0xFFFFFFFE])
    def test_loops_in_the_table_of_sectors(self, link):
        data = bytearray(xls())
        table = (struct.unpack_from("<I", data, 76)[0] + 1) * 512
        struct.pack_into("<128I", data, table, *[link] * 128)
        assert refused(bytes(data)) in {"broken", "too-heavy"}

    def test_a_directory_that_points_to_itself(self):
        data = bytearray(xls())
        struct.pack_into("<I", data, 48, 0x7FFFFF)
        assert refused(bytes(data)) == "broken"

    def test_dimensions_beyond_all_memory(self):
        data = bytearray(xls())
        at = data.index(b"\x00\x02\x0e\x00")
        struct.pack_into("<IIHH", data, at + 4, 0, 0xFFFFFFFE, 0, 0xFFFE)
        assert refused(bytes(data)) in {"broken", "too-heavy"}
