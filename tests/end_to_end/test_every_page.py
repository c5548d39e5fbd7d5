"""Every page and every state of it: for everybody, on every screen, by keyboard, on paper."""

from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from ..papers import PDF

pytestmark = pytest.mark.browser


def wrong_sign_in(page, _workbook):
    page.get_by_role("button", name="登入").click()


def refused(page, workbook):
    page.get_by_label("填好的 Excel 檔").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2"}
    )
    page.get_by_role("button", name="上傳並檢核").click()
    expect(page.get_by_role("alert")).to_be_visible()


def found(page, workbook):
    page.get_by_label("填好的 Excel 檔").set_input_files(workbook(case={"grade": 11, "identity": "", "sources": "3"}))
    page.get_by_role("button", name="上傳並檢核").click()
    page.get_by_role("link", name="D4").click()


def filed(page, workbook):
    page.get_by_label("填好的 Excel 檔").set_input_files(workbook())
    page.get_by_role("button", name="上傳並檢核").click()
    expect(page.get_by_role("heading", name="完成填報")).to_be_visible()


def nil_unconfirmed(page, _workbook):
    page.locator("form[action$=nil]").evaluate("form => { form.noValidate = true; }")
    page.get_by_role("button", name="完成填報：無個案及服務").click()
    expect(page.get_by_text("請先勾選確認")).to_be_visible()


def receipt(page, workbook):
    filed(page, workbook)
    page.get_by_role("link", name="檢視並列印收據").click()


def rows_of_it(page, workbook):
    filed(page, workbook)
    page.get_by_role("link", name="檢視填報資料").click()


def home_afterwards(page, workbook):
    filed(page, workbook)
    page.get_by_role("link", name="首頁").click()


def list_shown(page, _workbook):
    rows = "".join(f"113,0106{n:02},市立第{n}國小,[01]新北市,[242]新北市新莊區中正路{n}號\n" for n in range(30))
    list_ = f"學年度,代碼,學校名稱,縣市名稱,地址\n{rows}"
    page.get_by_label("名錄檔案").set_input_files({"name": "e1.csv", "mimeType": "text/csv", "buffer": list_.encode()})
    page.get_by_label("學制").select_option("國中")
    page.get_by_role("button", name="預覽變動").click()
    expect(page.get_by_role("heading", name="請先確認")).to_be_visible()


def unit_wrong(page, _workbook):
    page.get_by_role("button", name="新增").click()
    expect(page.get_by_role("alert")).to_be_visible()


def unit_shown(page, _workbook):
    page.get_by_role("link", name="縣立大成國中").click()


def announced(page, _workbook):
    page.get_by_label("標題").fill("系統維護")
    page.get_by_label("內文").fill("3 月 8 日停機，詳見 https://example.edu.tw/ 。")
    page.get_by_label("也顯示在登入頁").check()
    page.get_by_role("button", name="發布").click()
    expect(page.get_by_role("status").first).to_be_visible()


def announced_at_home(page, workbook):
    announced(page, workbook)
    page.get_by_role("link", name="首頁").first.click()
    page.get_by_text("系統維護").first.click()
    expect(page.get_by_role("link", name="https://example.edu.tw/")).to_be_visible()


def announcement_wrong(page, _workbook):
    page.get_by_role("button", name="發布").click()
    expect(page.get_by_role("alert")).to_be_visible()


def handed_out(page, _workbook):
    page.get_by_label("填報表格說明簡報").check()
    page.get_by_label("檔案", exact=True).set_input_files(
        {"name": "簡報.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="上傳").click()
    page.goto("/filing/guide")
    expect(page.get_by_role("link", name="下載填報表格說明簡報")).to_be_visible()


def handout_wrong(page, _workbook):
    page.get_by_role("button", name="上傳").click()
    expect(page.get_by_role("alert")).to_be_visible()


def day_wrong(page, _workbook):
    page.get_by_role("button", name="設定", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def calendar_shown(page, _workbook):
    days = [date(2025, 1, 1) + timedelta(n) for n in range(365)]
    lines = [f"{day:%Y%m%d},,{2 if day.weekday() > 4 else 0},週末" for day in days]
    content = "\n".join(["西元日期,星期,是否放假,備註", *lines]).encode()
    page.get_by_label("辦公日曆表").set_input_files({"name": "114.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="預覽").click()
    expect(page.get_by_role("button", name="確認匯入")).to_be_visible()


def message_shown(page, _workbook):
    page.get_by_role("link", name="預覽").first.click()
    expect(page.get_by_text("您好：")).to_be_visible()


STATES = {
    "sign-in": (None, "/sign-in", None),
    "sign-in wrong": (None, "/sign-in", wrong_sign_in),
    "home": ("officer", "/", None),
    "home of others": ("organiser", "/", None),
    "guides": ("officer", "/filing/guide", None),
    "guide": ("officer", "/filing/guide/113", None),
    "current": ("officer", "/filing/current", None),
    "nil": ("officer", "/filing/current/nil", None),
    "nil unconfirmed": ("officer", "/filing/current/nil", nil_unconfirmed),
    "refused": ("officer", "/filing/current", refused),
    "found": ("officer", "/filing/current", found),
    "filed": ("officer", "/filing/current", filed),
    "receipt": ("officer", "/filing/current", receipt),
    "rows": ("officer", "/filing/current", rows_of_it),
    "home afterwards": ("officer", "/filing/current", home_afterwards),
    "letters": ("organiser", "/letters", None),
    "letter templates": ("organiser", "/letters/templates", None),
    "audit": ("organiser", "/audit", None),
    "audit refused": ("organiser", "/audit?who=nobody&since=yesterday", None),
    "audit soundness": ("organiser", "/audit/soundness", None),
    "units": ("organiser", "/units?q=大成", None),
    "unit": ("organiser", "/units?q=大成", unit_shown),
    "unit wrong": ("organiser", "/units/new", unit_wrong),
    "units import": ("organiser", "/units/import", None),
    "units shown": ("organiser", "/units/import", list_shown),
    "announcements": ("organiser", "/announcements/new", announced),
    "announcement at home": ("organiser", "/announcements/new", announced_at_home),
    "announcement wrong": ("organiser", "/announcements/new", announcement_wrong),
    "handed out": ("organiser", "/announcements/files/new", handed_out),
    "handout wrong": ("organiser", "/announcements/files/new", handout_wrong),
    "reminders": ("organiser", "/reminders?day=2025-03-11", None),
    "reminders without": ("organiser", "/reminders?day=2025-03-12", None),
    "reminder read": ("organiser", "/reminders?day=2025-03-11", message_shown),
    "days": ("organiser", "/reminders/days?year=2025", None),
    "day wrong": ("organiser", "/reminders/days", day_wrong),
    "calendar shown": ("organiser", "/reminders/days/import", calendar_shown),
    "unreachable": ("organiser", "/support/unreachable", None),
    "lost": ("officer", "/nowhere", None),
    "not allowed": ("organiser", "/filing/current", None),
}
SCREENS = ((1280, 768), (640, 384), (390, 844), (320, 640))
"""The manual's screen, the same at 200 %, a phone, and the narrowest."""


@pytest.mark.parametrize("state", STATES)
def test_page(visit, site, workbook, state):
    who, address, then = STATES[state]
    page = visit(getattr(site, who) if who else None)
    page.goto(address)
    if then:
        then(page, workbook)
    assert not violations(page)
    page.emulate_media(color_scheme="dark")
    assert not violations(page, runOnly=["color-contrast"])  # what else differs in the dark
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{state} at {width} px"
    assert page.locator("h1").count() == 1


def violations(page, **options):
    found = Axe().run(page, options=options).response["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"][:3]]) for each in found]


def test_by_keyboard_alone(visit, site):
    page = visit()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到主要內容")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("帳號")).to_be_focused()
    page.keyboard.type(site.officer.login)
    page.keyboard.press("Tab")
    page.keyboard.type("Kestrel-7-lantern")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="開始填報")).to_be_visible()


def test_the_result_is_where_the_reader_is(visit, site, workbook):
    page = visit(site.officer)
    page.goto("/filing/current")
    page.get_by_label("填好的 Excel 檔").set_input_files(workbook(case={"grade": 11}))
    page.get_by_role("button", name="上傳並檢核").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_be_in_viewport()


def test_a_printed_filing_keeps_all_its_columns(visit, site, workbook):
    page = visit(site.officer, viewport={"width": 1032, "height": 703})  # what can be printed on of an A4 lying across
    page.goto("/filing/current")
    rows_of_it(page, workbook)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") == 1032
    page.goto("/records")
    assert page.evaluate("document.documentElement.scrollWidth") == 1032


def test_a_printed_receipt_holds_the_receipt_alone(visit, site, workbook):
    page = visit(site.officer)
    page.goto("/filing/current")
    receipt(page, workbook)
    page.emulate_media(media="print")
    expect(page.get_by_text("檔案雜湊")).to_be_visible()
    for name in ("登出", "列印收據"):
        expect(page.get_by_role("button", name=name)).to_be_hidden()
    expect(page.get_by_role("navigation")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
