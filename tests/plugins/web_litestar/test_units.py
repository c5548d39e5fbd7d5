"""單位名錄 on the web: a list is shown before it is taken; a unit is found, mended, entered by hand."""

import html
import re

import pytest

from tianbao.filings import file_nil
from tianbao.periods import Period
from tianbao.units import Authority, Level

LIST = "學年度,代碼,學校名稱,縣市名稱,地址\n" + "".join(
    f"113,0106{n:02},市立第{n}國小,[01]新北市,[242]新北市新莊區中正路{n}號\n" for n in range(1, 31)
)
SHORT = "\n".join(LIST.splitlines()[:20])


@pytest.fixture
def desk(visitor, people):
    """The organiser, at a register that has no elementary school but those of the list."""
    visitor.sign_in(people.organiser)
    return visitor


def look(desk, text, name="e1_new.csv", **fields):
    fields = {"level": "", "since": "2025-02", **fields}
    return desk.fill_in("/units/import", fields, files={"file": (name, text.encode("cp950"), "text/csv")})


def confirm(desk, shown, **more):
    fields = {name: re.search(rf'name="{name}" value="([\w-]+)"', shown.text)[1] for name in ("_csrf", "key", "seen")}
    return desk.post("/units/import/confirm", data={**fields, **more})


def take(desk, text):
    return confirm(desk, look(desk, text), sure="yes")


def find(app, code, level=Level.ELEMENTARY):
    with app.store.read() as work:
        return work.units.find(code, level)


def said(answer):
    return html.unescape(re.sub(r"<[^>]+>|\s+", "", answer.text))


def test_a_list_is_shown_first_and_taken_when_it_is_confirmed(app, desk):
    shown = look(desk, LIST)
    assert "國小，113學年度，共30個單位" in said(shown)
    assert "新增30" in said(shown)
    assert find(app, "010601") is None
    done = confirm(desk, shown)
    assert "名錄匯入完成" in done.text
    unit = find(app, "010601")
    assert (unit.district, unit.active.spoken) == ("新莊區", "114年2月起")


def test_the_same_list_again_has_nothing_to_confirm(desk):
    take(desk, LIST)
    shown = look(desk, LIST)
    assert "名錄與現況相同" in said(shown)


def test_what_changed_meanwhile_is_shown_anew_and_not_taken(app, desk):
    take(desk, LIST)
    shown = look(desk, LIST.replace("市立第1國小", "市立第一國小"))
    unit = find(app, "010602")
    desk.fill_in(f"/units/{unit.id}/edit", {"name": "市立別的國小", "county": "新北市"})
    refused = confirm(desk, shown)
    assert refused.status_code == 422
    assert "單位名錄已有變動" in refused.text
    assert "原名市立別的國小" in said(refused)
    assert find(app, "010601").name == "市立第1國小"
    assert "名錄匯入完成" in confirm(desk, refused).text
    assert find(app, "010602").name == "市立第2國小"


def test_a_truncated_list_is_taken_only_with_the_tick(app, desk):
    take(desk, LIST)
    shown = look(desk, SHORT)
    assert "我已確認學制與檔案無誤" in shown.text
    assert confirm(desk, shown).status_code == 422
    assert find(app, "010630").active.goes_on
    confirm(desk, shown, sure="yes")
    assert not find(app, "010630").active.goes_on


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("a,b\n1,2\n", "e1_new.csv", "找不到名錄的欄位名稱"),
        (LIST, "list.csv", "看不出是哪一個學制"),
        (LIST.replace("[01]新北市", "新竹"), "e1_new.csv", "名錄有 30 列讀不懂"),
        ("", "e1_new.csv", "還沒有選擇檔案"),
    ],
)
def test_what_is_no_list_is_refused_on_the_form(desk, text, name, says):
    refused = look(desk, text, name)
    assert refused.status_code == 422
    assert says in refused.text
    assert 'type="file"' in refused.text


def test_a_list_that_is_no_longer_kept_is_asked_for_again(desk):
    shown = look(desk, LIST)
    answer = desk.post("/units/import/confirm", data={"_csrf": re.search(r'name="_csrf" value="(\w+)"', shown.text)[1]})
    assert "請再上傳一次" in answer.text


def test_units_are_found_by_name_code_and_county(desk):
    assert "縣立大成國小" in desk.get("/units", params={"q": "大成"}).text
    assert "縣立大成國小" in desk.get("/units", params={"q": "0746"}).text
    found = desk.get("/units", params={"county": "彰化縣", "level": "elementary"}).text
    assert "縣立大成國小" in found
    assert "縣立大成國中" not in found
    assert "找不到符合的單位" in desk.get("/units", params={"q": "無此校"}).text


def test_a_unit_shows_its_months_its_filings_its_account_and_its_names(app, desk, people):
    file_nil(app, people.officer, people.school, Period(2025, 2))
    address = f"/units/{people.school.id}"
    done = desk.fill_in(f"{address}/edit", {"name": "縣立大成完全國中", "county": "彰化縣", "district": "埔心鄉"})
    assert "已更新單位資料" in done.text
    page = said(desk.get(address))
    for words in (
        "縣立大成完全國中",
        "彰化縣埔心鄉",
        "114年2月起",
        "1個月份，最近為114年2月",
        "074501_wang01",
        "縣立大成國中，用到",
    ):
        assert words in page


def test_a_unit_is_not_closed_before_what_it_has_filed(app, desk, people):
    file_nil(app, people.officer, people.school, Period(2025, 2))
    fields = {"name": "縣立大成國中", "county": "彰化縣"}
    refused = desk.fill_in(f"/units/{people.school.id}/edit", {**fields, "last": "2025-01"})
    assert refused.status_code == 422
    assert "已填報到114年2月" in refused.text
    desk.fill_in(f"/units/{people.school.id}/edit", {**fields, "last": "2025-02"})
    assert find(app, "074501", Level.JUNIOR_HIGH).active.last == Period(2025, 2)


def test_a_closed_unit_files_again_from_the_month_that_is_chosen_and_keeps_the_months_before(app, desk, people):
    address, fields = f"/units/{people.school.id}", {"name": "縣立大成國中", "county": "彰化縣"}
    assert "恢復填報月份" not in desk.get(f"{address}/edit").text
    desk.fill_in(f"{address}/edit", {**fields, "last": "2025-03"})
    refused = desk.fill_in(f"{address}/edit", {**fields, "again": "2025-03"})
    assert refused.status_code == 422
    assert "恢復填報的月份必須在它之後" in refused.text
    desk.fill_in(f"{address}/edit", {**fields, "name": "縣立新大成國中"})
    assert find(app, "074501", Level.JUNIOR_HIGH).active.last == Period(2025, 3), "nothing said, nothing reopened"
    desk.fill_in(f"{address}/edit", {**fields, "again": "2025-08"})
    assert "114年2月至114年3月、114年8月起" in said(desk.get(address))


def test_a_list_that_has_a_closed_unit_again_tells_all_its_months(desk, people):
    desk.fill_in(f"/units/{people.neighbour.id}/edit", {"name": "縣立大成國小", "county": "彰化縣", "last": "2025-03"})
    listed = (LIST + "113,074601,縣立大成國小,[07]彰化縣,\n").replace("\n113,", "\n115,")
    shown = look(desk, listed, since="2026-02")
    assert "應填月份：114年2月至114年3月、115年2月起" in said(shown)


def test_a_centre_is_entered_by_hand_and_answers_to_whom_was_chosen(app, desk):
    fields = {
        "level": "centre",
        "code": "07z001",
        "name": "彰化區輔諮中心",
        "county": "彰化縣",
        "answers_to": "agency",
        "since": "2025-03",
    }
    assert "已新增這個單位" in desk.fill_in("/units/new", fields).text
    centre = find(app, "07Z001", Level.CENTRE)
    assert (centre.answers_to, centre.active.spoken) == (Authority.AGENCY, "114年3月起")
    again = desk.fill_in("/units/new", fields)
    assert again.status_code == 422
    assert "代碼 07Z001 已經是「彰化區輔諮中心」" in again.text


def test_everything_wrong_with_a_unit_is_said_at_once(desk):
    refused = desk.fill_in("/units/new", {"level": "centre", "code": "7", "district": "永和", "since": "2025-03"})
    assert refused.status_code == 422
    for words in ("代碼要 6 碼", "名稱沒有填", "縣市沒有選", "鄉鎮市區的寫法不正確"):
        assert words in refused.text
    assert 'value="永和"' in refused.text
