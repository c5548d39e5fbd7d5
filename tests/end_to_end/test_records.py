"""The manual's pages on 填報紀錄, walked in a real browser."""

from io import BytesIO
from urllib.parse import unquote_plus

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tianbao.filings import Filing, Way, file_workbook
from tianbao.periods import Period

pytestmark = pytest.mark.browser

FEBRUARY = Period(2025, 2)
HOSTILE = ("=cmd|' /C calc'!A0", "<script>alert(1)</script>", "\u202egnp.exe\u200f")


@pytest.fixture
def filed(site, workbook):
    """A month of the school's: three cases, two of them not of the first's issue."""
    data = workbook(case={"main_issue": 1}).read_bytes()
    outcome = file_workbook(site.app, site.officer, site.unit, FEBRUARY, data, "二月.xlsx")
    assert outcome.filing, outcome.verdict.findings
    return outcome.filing


@pytest.fixture
def hostile(site, filed):
    """The same cases again in January, past the check, with teachers' codes that mean harm."""
    from attrs import evolve

    with site.app.store.work() as work:
        cases, _ = work.filings.rows(filed)
        bad = [evolve(case, teacher_code=text) for case, text in zip(cases, HOSTILE, strict=True)]
        again = Filing(
            0, site.unit, FEBRUARY.previous, 1, Way.CURRENT, nil=False, template_key="113", fingerprint="f",
            file_name="x", file_hash="0", counts={"case": 3, "service": 0}, filed_at=site.clock.now(),
            filed_by=site.officer.id, filed_by_name="王", receipt="R-1", in_force=True,
        )  # fmt: skip
        work.filings.add(again, {"case": list(enumerate(bad, 4)), "service": []})


def table(page):
    return [[cell.inner_text() for cell in row.locator("th, td").all()] for row in page.locator("tbody tr").all()]


def taken(page, label):
    """The file behind a link of 下載."""
    page.get_by_text("下載", exact=True).click()
    with page.expect_download() as coming:
        page.get_by_role("link", name=label).click()
    return coming.value


def test_choose_filter_clear_download_and_send_on(visit, site, filed):
    page = visit(site.officer)
    page.get_by_role("link", name="資料查詢").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("歷史個案")

    page.get_by_role("link", name="項目篩選").click()
    boxes = page.locator("#panel input[type=checkbox]")
    expect(page.locator("#panel h2")).to_be_focused()
    for box in boxes.all():
        box.uncheck()
    for name in ("學生代號", "個案類別(主)"):
        page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="將「個案類別(主)」往前移").click()
    expect(page.get_by_label("個案類別(主)", exact=True)).to_be_checked()
    page.get_by_role("button", name="套用").click()
    expect(page.locator("thead th")).to_have_count(2)

    page.get_by_role("columnheader", name="個案類別(主)").get_by_role("link").click()
    page.get_by_label("條件 1", exact=True).select_option("包含")
    page.get_by_label("條件 1 的內容").fill("人際")
    page.get_by_label("或（符合一個即可）").check()
    page.get_by_label("條件 2", exact=True).select_option("包含")
    page.get_by_label("條件 2 的內容").fill("家庭")
    page.get_by_role("button", name="套用").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_text("共 1 筆")).to_be_visible()
    assert "main_issue has 人際 or has 家庭" in unquote_plus(page.url)

    shown = table(page)
    excel = taken(page, "Excel")
    sheet = CalamineWorkbook.from_filelike(BytesIO(excel.path().read_bytes())).get_sheet_by_index(0).to_python()
    headings = [each.split(" ")[0] for each in page.locator("thead th").all_inner_texts()]
    assert sheet == [[each.strip().removesuffix("▾").removesuffix("篩").strip() for each in headings], *shown]
    expect(page.get_by_text("檔案已備妥")).to_be_visible()

    other = visit(site.organiser)
    other.goto(page.url)
    assert table(other) == shown

    page.get_by_role("link", name="清除篩選").click()
    expect(page.locator("tbody tr")).to_have_count(3)


def test_what_is_hostile_does_no_harm(visit, site, hostile):
    page = visit(site.officer)
    page.goto("/records/case?columns=teacher_code&period=2025-01")
    assert {row[0] for row in table(page)} == set(HOSTILE)
    sheet = CalamineWorkbook.from_filelike(BytesIO(taken(page, "Excel").path().read_bytes()))
    assert {row[0] for row in sheet.get_sheet_by_index(0).to_python()[1:]} == set(HOSTILE)
    page.goto("/records/case?search=%3Cscript%3Ealert(1)%3C/script%3E&columns=teacher_code")
    assert len(table(page)) == 1


def test_a_query_is_kept_and_opened(visit, site, filed):
    page = visit(site.officer)
    page.goto("/records/case?where=main_issue+any+1")
    page.get_by_text("我的查詢").click()
    page.get_by_label("目前查詢的名稱").fill("人際困擾")
    page.get_by_role("button", name="儲存查詢").click()
    page.goto("/records/case")
    page.get_by_text("我的查詢（1）").click()
    page.get_by_role("link", name="人際困擾", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(3)


def test_all_of_it_without_a_script(visit, site, filed):
    page = visit(site.officer, java_script_enabled=False)
    page.goto("/records/case?columns=student_code,main_issue")
    page.get_by_role("columnheader", name="個案類別(主)").get_by_role("link").click()
    page.get_by_label("1 人際困擾", exact=True).check()
    page.get_by_role("button", name="套用").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("searchbox").fill("nobody")
    page.get_by_role("button", name="查詢", exact=True).click()
    expect(page.get_by_role("heading", name="沒有符合條件的紀錄")).to_be_visible()


def test_by_keyboard_alone(visit, site, filed):
    page = visit(site.officer)
    page.goto("/records/case?columns=student_code,main_issue")
    page.get_by_role("columnheader", name="個案類別(主)").get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("1 人際困擾", exact=True)).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator(".found")).to_be_focused()


STATES = {
    "rows": "/records/case?where=main_issue+any+1,5&sort=-period",
    "nothing found": "/records/case?search=nobody",
    "nothing there": "/records/service?period=2024-08",
    "refused": "/records/case?x=1",
    "columns": "/records/case/columns?query=",
    "filter": "/records/case/filter?query=&column=main_issue",
    "filter refused": "/records/case/filter/set?query=&column=sessions&op1=gt&value1=x",
    "unit refused": "/records/case/ask?query=&unit=x",
}


def test_every_state_for_everybody(visit, site, filed):
    page = visit(site.organiser)
    for state, address in STATES.items():
        page.goto(address)
        for scheme, options in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, options=options).response["violations"]
            assert not [(state, each["id"], [node["html"] for node in each["nodes"][:3]]) for each in found]
        for width, height in ((320, 640), (390, 844), (640, 384), (1280, 768)):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{state} at {width} px"
        assert page.locator("h1").count() == 1, state
