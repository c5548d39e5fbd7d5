"""What the Ministry's lists say, in every dress they are published in."""

import pytest

from tianbao.errors import Refusal
from tianbao.register import level_of, read_list
from tianbao.register.lists import district_of
from tianbao.units import Authority, Level
from tianbao.workbooks import Workbook, Worksheet

from .published import BASEC, CENTRES, E1, HIGH_114, HIGH_2020, J1_115


@pytest.fixture
def read(app):
    def read(data, name="e1_new.csv", level=None):
        return read_list(app, data if isinstance(data, bytes) else data.encode(), name, level)

    return read


def places(listed):
    return {code: (each.name, each.county, each.district) for code, each in listed.units.items()}


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("e1_new.csv", Level.ELEMENTARY),
        ("114_basec.csv", Level.ELEMENTARY),
        ("j1_new.xlsx", Level.JUNIOR_HIGH),
        ("C:\\下載\\high.csv", Level.SENIOR_HIGH),
        ("high(1).csv", Level.SENIOR_HIGH),
        ("輔諮中心名單.csv", Level.CENTRE),
        ("學校名錄.csv", None),
        ("highway.csv", None),
    ],
)
def test_the_published_name_tells_the_level(name, level):
    assert level_of(name) is level


def test_a_list_whose_level_nobody_tells_is_refused(read):
    with pytest.raises(Refusal) as refused:
        read(E1, "學校名錄.csv")
    assert refused.value.code == "level-unknown"
    assert read(E1, "學校名錄.csv", Level.ELEMENTARY).level is Level.ELEMENTARY


@pytest.mark.parametrize(
    "data",
    [
        E1.encode("utf-8-sig"),
        E1.encode(),
        E1.encode("cp950"),
        E1.encode("utf-16"),
        E1.replace("\n", "\r\n").encode("utf-8-sig"),
        E1.replace(",", "\t").encode("cp950"),
        ("國民小學名錄\n\n" + E1).encode("cp950"),
        (E1 + "\n資料來源：教育部統計處,,,,,,,\n,,,,,,,\n").encode(),
        E1.replace("[01]新北市", "新北市").replace("[02]宜蘭縣", " ［02］ 宜蘭縣 ").encode(),
    ],
)
def test_every_dress_of_a_list_says_the_same(read, data):
    listed = read(data)
    assert (listed.year, listed.notes) == (114, ())
    assert places(listed) == {
        "011601": ("私立育才國小", "新北市", "永和區"),
        "024601": ("縣立中山國小", "宜蘭縣", "宜蘭市"),
        "034637": ("市立平鎮國小", "桃園市", "平鎮區"),
        "313601": ("市立松山國小", "臺北市", "松山區"),
        "423602": ("市立社子國小", "臺北市", "士林區"),
        "583601": ("市立苓洲國小", "高雄市", "苓雅區"),
    }


def test_a_spreadsheet_says_it_too_and_a_zero_it_ate_is_put_back(read, as_file):
    rows = [[int(cell) if cell.isdecimal() else cell for cell in row.split(",")] for row in E1.splitlines()]
    rows[0] = ["學年度", "代碼", "學校名稱", "公/私立", "縣市名稱", "地址", "電話", "網址"]
    book = Workbook([Worksheet("說明", [["國小名錄"]]), Worksheet("名錄", [[], ["國小"], *rows])])
    listed = read(as_file(book), "e1_new.xlsx")
    assert places(listed) == places(read(E1))
    assert listed.notes == ("有 3 個代碼只有 5 碼（試算表會去掉開頭的 0），已補回 6 碼。",)


def test_a_zero_is_not_put_back_where_the_county_says_otherwise(read):
    with pytest.raises(Refusal, match="補 0 後與縣市代號"):
        read(E1.replace("114,011601,", "114,11601,").replace("[01]新北市", "[11]臺南市"))


def test_a_high_school_list_without_a_year_and_with_letters_in_codes(read):
    listed = read(HIGH_2020.replace("\n", "\r\n"), "high.csv")
    assert listed.year is None
    assert places(listed)["011C71"] == ("方曙商工(進修學校)", "新北市", "板橋區")
    assert places(read(HIGH_114, "high.csv"))["03C301"] == ("敦品中學", "桃園市", "")


def test_a_list_without_addresses_has_no_districts(read):
    assert {district for *_, district in places(read(J1_115, "j1_new.csv")).values()} == {""}


def test_attached_departments_keep_their_high_schools_codes(read):
    listed = read(BASEC, "114_basec.csv")
    assert places(listed)["011301"] == ("私立淡江高中附設國小部", "新北市", "淡水區")
    assert listed.level is Level.ELEMENTARY


def test_of_several_years_the_newest_is_taken_and_said(read):
    older = E1.replace("114,", "113,").replace("市立松山國小", "市立舊松山國小").split("\n", 1)[1]
    listed = read(E1 + older)
    assert listed.units["313601"].name == "市立松山國小"
    assert listed.notes == ("檔案裡有 2 個學年度，只採用最新的 114學年度，略過較早的 6 列。",)


def test_old_names_of_counties_are_understood(read):
    listed = read(
        E1.replace("[01]新北市", "[01]臺北縣").replace("[58]高雄市", "[58]高雄縣").replace("臺北市", "台北市")
    )
    assert {each.county for each in listed.units.values()} == {"新北市", "宜蘭縣", "桃園市", "臺北市", "高雄市"}


def test_a_list_of_centres_says_whom_each_answers_to(read):
    listed = read(CENTRES, "輔諮中心.csv")
    assert [(each.county, each.answers_to, each.district) for each in listed.units.values()] == [
        ("彰化縣", Authority.COUNTY, "彰化市"),
        ("彰化縣", Authority.AGENCY, ""),
        ("臺北市", None, "大安區"),
    ]


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("114,011601,", "114,01160X1,", "第 2 列的代碼「01160X1」不是 6 碼"),
        ("私立育才國小", "", "第 2 列（代碼 011601）的名稱空白"),
        ("私立育才國小", "私立育\ufffd國小", "亂碼"),
        ("[01]新北市", "[01]新竹", "第 2 列的縣市「[01]新竹」不是 22 縣市之一"),
        ("114,024601", ",024601", "第 3 列的學年度空白"),
        ("114,024601", "114,011601", "第 3 列的代碼 011601 和第 2 列重複，內容卻不同"),
        ("(07)3307120,http://www.lcs.kh.edu.tw\n", "\n114,5836", "第 8 列"),
    ],
)
def test_a_row_that_cannot_be_understood_keeps_the_whole_list_out(read, wrong, right, says):
    with pytest.raises(Refusal) as refused:
        read(E1.replace(wrong, right))
    assert refused.value.code == "list-rows"
    assert says in refused.value.message


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("", "list-headings"),
        ("姓名,電話\n王小明,02\n", "list-headings"),
        (E1.splitlines()[0], "list-empty"),
        (E1.encode("cp950") + b"\xff\xff", "list-encoding"),
        (b"%PDF-1.7 \0\0", "pdf"),
        (b"x" * (10 * 2**20 + 1), "too-large"),
    ],
)
def test_what_is_no_list_is_refused(read, data, code):
    with pytest.raises(Refusal) as refused:
        read(data)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("address", "county", "district"),
    [
        ("[324]桃園市平鎮區中興路1號", "桃園市", "平鎮區"),
        ("[713]臺南市左鎮區中正里171之3號", "臺南市", "左鎮區"),
        ("台南市新市區永就里1號", "臺南市", "新市區"),
        ("[300]新竹市東區學府路1號", "新竹市", "東區"),
        ("[905]屏東縣里港鄉", "屏東縣", "里港鄉"),
        ("[302]新竹縣竹北市中山路1號", "新竹縣", "竹北市"),
        ("[849]高雄市那瑪夏區達卡努瓦里1號", "高雄市", "那瑪夏區"),
        ("永和區福和路", "新北市", "永和區"),
        ("", "新北市", ""),
        ("郵政信箱7號", "新北市", ""),
    ],
)
def test_the_district_stands_in_the_address(address, county, district):
    assert district_of(address, county) == district
