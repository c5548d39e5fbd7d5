"""The manual's five steps of 統計查詢, walked on both pages in a real browser."""

from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tianbao.filings import file_workbook
from tianbao.periods import Period

pytestmark = pytest.mark.browser

FEBRUARY = Period(2025, 2)


@pytest.fixture
def filed(site, workbook):
    """A month of the school's: three cases, one of them of another issue, and three services."""
    data = workbook(case={"main_issue": 1}).read_bytes()
    assert file_workbook(site.app, site.officer, site.unit, FEBRUARY, data, "二月.xlsx").filing


def table(page):
    """The figures on the screen, line by line."""
    return [row.locator("td").all_inner_texts() for row in page.locator(".counts tbody tr").all()]


def taken(page, label):
    """The file behind a link, as a browser saves it."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=label).click()
    return coming.value.path().read_bytes()


def workbook_of(data):
    sheet = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0)
    return [[f"{cell:,.0f}" for cell in row if isinstance(cell, float)] for row in sheet.to_python()[1:]]


def fits(page):
    """Whether the page is as wide as its window, and axe finds nothing, in the light and in the dark."""
    for scheme, options in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=options).response["violations"]
        assert not [(each["id"], [node["html"] for node in each["nodes"][:3]]) for each in found]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1280, 320])
def test_the_five_steps_of_school_cases(visit, site, filed, width):
    page = visit(site.officer, viewport={"width": width, "height": 768})
    page.get_by_role("link", name="資料查詢").click()
    page.get_by_role("link", name="統計查詢：個案成果").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("學校個案成果")
    fits(page)

    page.get_by_label("人次", exact=True).check()
    page.get_by_label("選擇統計資料表").select_option("表iii/III－個案年級")
    expect(page.get_by_text("資料範圍：年級", exact=True)).to_have_count(0)
    page.get_by_label("選擇統計資料表").select_option("表i/I－學校輔導議題")
    page.get_by_text("資料範圍：年級", exact=True).click()
    page.get_by_role("group", name="資料範圍：年級").get_by_role("button", name="全選").click()
    expect(page.locator("summary", has_text="資料範圍：年級")).to_contain_text("國中七年級、國中八年級、國中九年級")
    page.get_by_text("輔導人力類型", exact=True).click()
    page.get_by_label("專任輔導教師", exact=True).check()
    expect(page.locator("summary", has_text="輔導人力類型")).to_contain_text("專任輔導教師")
    page.get_by_label("逐月彙整").check()
    page.get_by_label("主類別", exact=True).check()
    page.get_by_label("總計", exact=True).check()
    page.get_by_role("button", name="送出查詢").click()

    expect(page.locator("h2.found")).to_be_focused()
    expect(page.locator("h2.found")).to_have_text("表i－學校輔導議題人次")
    assert "reading=main" in page.url
    shown = table(page)
    assert len(shown) == 20
    assert workbook_of(taken(page, "Excel")) == shown
    fits(page)
    page.reload()
    assert table(page) == shown


def test_the_five_steps_of_school_services(visit, site, filed):
    page = visit(site.officer)
    page.get_by_role("link", name="資料查詢").click()
    page.get_by_role("link", name="統計查詢：服務成果").click()
    page.get_by_label("次數", exact=True).check()
    page.get_by_label("選擇統計資料表").select_option("表ii/II－服務對象")
    expect(page.locator("summary", has_text="服務項目")).to_be_visible()
    page.get_by_label("生理女").check()
    page.get_by_role("button", name="送出查詢").click()
    expect(page.locator("h2.found")).to_have_text("表II－服務對象次數")
    assert workbook_of(taken(page, "Excel")) == table(page)
    chart = ET.fromstring(taken(page, "下載這張圖"))
    assert "表II－服務對象次數：各類" in [each.text for each in chart.iter("{http://www.w3.org/2000/svg}text")]
    fits(page)
    page.emulate_media(media="print")
    expect(page.locator(".counts thead th").first).to_have_css("position", "static")  # it would cover rows on paper


def test_a_changed_step_greys_the_result_until_it_is_asked_for_again(visit, site, filed):
    page = visit(site.officer)
    page.goto("/statistics/case?table=issue&school_year=113")
    says, result = page.get_by_text("條件已變更"), page.locator("[data-greyed]")
    expect(says).to_be_hidden()

    page.get_by_label("生理男").check()
    expect(says).to_be_visible()
    assert result.evaluate("part => part.inert")
    fits(page)
    page.get_by_label("All").check()
    expect(says).to_be_hidden()

    page.get_by_label("選擇統計資料表").select_option("表iii/III－個案年級")
    expect(page.locator("summary", has_text="資料範圍：年級")).to_have_count(0)
    expect(says).to_be_visible()
    expect(page.locator("h2.found")).to_have_text("表I－學校輔導議題人次")
    page.get_by_role("button", name="送出查詢").click()
    expect(page.locator("h2.found")).to_have_text("表III－個案年級人次")
    expect(says).to_be_hidden()
    assert not result.evaluate("part => part.inert")
    page.go_back()
    expect(page.locator("h2.found")).to_have_text("表I－學校輔導議題人次")


def test_a_figure_opens_its_records(visit, site, filed):
    page = visit(site.officer)
    page.goto("/statistics/case?table=issue&reading=main&school_year=113&sex=total")
    page.get_by_role("row", name="人際困擾").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("歷史個案")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_all_of_it_without_a_script(visit, site, filed):
    page = visit(site.officer, java_script_enabled=False)
    page.goto("/statistics/case")
    page.get_by_label("選擇統計資料表").select_option("表ii/II－個案來源")
    page.get_by_role("button", name="顯示這張表的篩選條件").click()
    expect(page.get_by_text("還沒有送出查詢")).to_be_visible()
    page.get_by_label("總計", exact=True).check()
    page.get_by_role("button", name="送出查詢").click()
    expect(page.locator("h2.found")).to_have_text("表II－個案來源人次")
    page.get_by_text("學年度", exact=True).first.click()
    assert table(page)


STATES = {
    "nothing found": "/statistics/service?table=item&school_year=111",
    "by county, hidden": "/statistics/case?table=counsellor&school_year=113&by=county&public=yes",
    "by month and unit": "/statistics/case?table=issue&year=113,114&layout=monthly&by=unit",
    "refused": "/statistics/case?table=issue",
    "unit refused": "/statistics/case/ask?table=issue&school_year=113&unit=x",
}


def test_every_state_for_everybody(visit, site, filed):
    page = visit(site.organiser)
    for state, address in STATES.items():
        page.goto(address)
        fits(page)
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, state
        page.set_viewport_size({"width": 1280, "height": 768})
        assert page.locator("h1").count() == 1, state
