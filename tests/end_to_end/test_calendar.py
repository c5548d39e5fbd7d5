"""The filing calendar in a real browser: early, on time, late, blocked, amended, of another semester."""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tianbao.filings.filing import file_nil, file_workbook
from tianbao.periods import Period

pytestmark = pytest.mark.browser
SCREENS = ((1280, 768), (390, 844), (320, 640))


def look(page, name):
    """Nothing for axe to find, no sideways scrolling; a picture for whoever wants one (``TIANBAO_SHOTS``)."""
    found = Axe().run(page).response["violations"]
    assert not [(each["id"], [node["html"] for node in each["nodes"][:3]]) for each in found]
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width} px"
        if folder := os.environ.get("TIANBAO_SHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 768})
    assert page.locator("h1").count() == 1


def upload(page, path):
    page.get_by_label("填好的 Excel 檔").set_input_files(path)
    page.get_by_role("button", name="上傳並檢核").click()


@pytest.mark.parametrize("since", [Period(2024, 12)])
def test_blocked_then_late_then_current(visit, site, workbook):
    page = visit(site.officer)
    expect(page.get_by_role("heading", level=1)).to_have_text("請先補填 2 個月份的輔導工作成果")
    look(page, "home-overdue")
    page.get_by_role("link", name="工作填報").click()
    page.get_by_role("link", name="當期填報", exact=True).click()
    expect(page.get_by_label("填好的 Excel 檔")).to_have_count(0)
    look(page, "blocked")
    page.get_by_role("link", name="前往逾期補填").click()
    look(page, "late")
    page.get_by_role("link", name=re.compile("^有個案及服務.*113年12月")).click()
    look(page, "late-month")
    upload(page, workbook())
    expect(page.get_by_role("heading", name="完成填報")).to_be_visible()
    look(page, "late-filed")
    page.get_by_role("main").get_by_role("link", name="114年1月").click()
    page.get_by_role("link", name="無個案及服務").click()
    page.get_by_label("我確認").check()
    page.get_by_role("button", name="完成填報：無個案及服務").click()
    page.get_by_role("link", name="前往當期填報").click()
    upload(page, workbook())
    expect(page.get_by_role("heading", name="完成填報")).to_be_visible()
    page.get_by_role("link", name="填報歷程").click()
    for word in ("準時", "逾期", "無個案及服務"):
        expect(page.get_by_role("main").get_by_text(word).first).to_be_visible()
    look(page, "history")


@pytest.mark.parametrize("since", [Period(2024, 2)])
def test_a_long_backlog(visit, site):
    page = visit(site.officer)
    look(page, "home-backlog")
    page.goto("/filing/current")
    look(page, "blocked-backlog")


def test_early(visit, site, workbook):
    file_nil(site.app, site.officer, site.unit, Period(2025, 2))
    site.clock.goes_on(days=8)
    page = visit(site.officer)
    expect(page.get_by_role("heading", level=1)).to_contain_text("114年3月")
    page.goto("/filing/current")
    upload(page, workbook())
    expect(page.get_by_role("heading", name="完成填報")).to_be_visible()
    page.goto("/filings")
    expect(page.get_by_role("region", name="114年3月的各次填報")).to_contain_text("提前")


@pytest.fixture
def filed_february(site, workbook):
    """February is filed and March has come."""
    file_workbook(site.app, site.officer, site.unit, Period(2025, 2), workbook().read_bytes(), "feb.xlsx")
    site.clock.goes_on(days=10)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_amended(visit, site, workbook, filed_february, script):
    page = visit(site.officer, java_script_enabled=script)
    page.get_by_role("link", name="工作填報").click()
    page.get_by_role("link", name="申請修改").click()
    page.get_by_label("114年2月").check()
    page.get_by_label("修改原因").fill("漏填一位學生")
    if script:
        look(page, "amendments")
    page.get_by_role("button", name="送出申請").click()
    if script:
        look(page, "amendments-asked")
    page.get_by_role("link", name="上傳修正後的資料").click()
    upload(page, workbook(count=4, case={"sessions": 9}))
    expect(page.get_by_role("heading", level=1)).to_contain_text("請確認要修改的內容")
    if script:
        look(page, "preview")
    page.get_by_role("button", name="確認修改，完成填報").click()
    expect(page.get_by_role("heading", name="完成填報")).to_be_visible()
    with site.app.store.read() as work:
        assert work.filings.in_force(site.unit, Period(2025, 2)).version == 2


@pytest.mark.parametrize("since", [Period(2025, 1)])
def test_another_semester(visit, site, workbook):
    file_nil(site.app, site.officer, site.unit, Period(2025, 1))
    page = visit(site.organiser)
    page.get_by_role("link", name="填報管理").click()
    page.get_by_role("link", name="開放月份與展延").click()
    page.get_by_label("找填報單位").fill("大成")
    page.get_by_role("button", name="尋找").click()
    page.get_by_role("radio", name="開放修改").check()
    page.get_by_label("月份", exact=True).select_option("2025-01")
    page.get_by_label("來電者（開放修改時）").fill("王怡君老師")
    page.get_by_label("原因").fill("漏報個案")
    look(page, "months")
    page.get_by_role("button", name="確認辦理").click()
    expect(page.get_by_role("heading", name="已完成")).to_be_visible()
    look(page, "months-done")
    officer = visit(site.officer)
    officer.goto("/filing/late/2025-01")
    upload(officer, workbook())
    officer.get_by_role("button", name="確認修改，完成填報").click()
    expect(officer.get_by_role("heading", name="完成填報")).to_be_visible()


def test_old_rows_in_new_workbooks(visit, site, workbook, filed_february, tmp_path):
    from tianbao_templates_111 import TEMPLATE as T111

    page = visit(site.officer)
    page.goto("/filing/current")
    page.get_by_role("link", name="已帶入114年2月個案的表格").click()
    look(page, "continued")
    with page.expect_download() as download:
        page.get_by_role("link", name="（續報）").click()
    assert "續報_114-03" in download.value.suggested_filename
    page.goto("/filing/current")
    upload(page, workbook("舊.xlsx", T111))
    page.get_by_role("link", name="把資料帶到新表格").click()
    look(page, "converted")
    with page.expect_download() as download:
        page.get_by_role("link", name="下載帶好資料的新表格").click()
    download.value.save_as(tmp_path / "new.xlsx")
    assert site.app.plugins.read_workbook((tmp_path / "new.xlsx").read_bytes(), site.app.settings.limits).sheets
    page.goto("/filing/guide/113")
    expect(page.get_by_role("heading", name="這份表格改了什麼")).to_be_visible()
