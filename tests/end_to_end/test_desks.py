"""The desks in the browser: county, organiser, agency, support, each from its home to what it is there for."""

import re
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tianbao import accounts, filings
from tianbao.accounts import Account, Role
from tianbao.periods import Period, PeriodRange
from tianbao.units import Level, Unit

pytestmark = pytest.mark.browser
FEBRUARY = Period(2025, 2)


@pytest.fixture
def country(site, hasher, since):
    """Two more schools, and somebody at each desk; 大成國中 has filed February."""
    known = hasher.hash("Kestrel-7-lantern")
    with site.app.store.work() as work:

        def enter(code, level, name, county):
            return work.units.get(
                work.units.add(Unit(code, level, name, county, PeriodRange(since), district="大村鄉"))
            )

        def person(login, role, name, **more):
            handle = login.partition("_")[2] or None
            account = Account(
                0, login, role, name, f"{login}@example.tw", handle=handle, created_at=site.clock.now(), **more
            )
            return accounts.add(work, account, known)

        near = enter("074601", Level.ELEMENTARY, "縣立大成國小", "彰化縣")
        found = SimpleNamespace(
            near=near,
            far=enter("340301", Level.SENIOR_HIGH, "市立遠山高中", "臺北市"),
            near_officer=person("074601_chen_1", Role.UNIT_OFFICER, "陳小華", unit_id=near.id),
            county=person("cha_lin_01", Role.COUNTY_OFFICER, "林縣府", county="彰化縣"),
            support=person("help_wu01", Role.SUPPORT, "吳客服"),
            agency=person("k12_tsai", Role.AGENCY, "蔡國教"),
        )
    filings.file_nil(site.app, site.officer, site.unit, FEBRUARY)
    return found


@pytest.fixture
def since():
    return FEBRUARY


def sound(page):
    """Nothing for axe to find, in the light and in the dark, and no scrolling sideways on the narrowest screen."""
    found = Axe().run(page).response["violations"]
    assert not [(each["id"], [node["html"] for node in each["nodes"][:3]]) for each in found]
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.emulate_media(color_scheme="dark")
    found = Axe().run(page).response["violations"]
    assert not [(each["id"], [node["html"] for node in each["nodes"][:3]]) for each in found]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)
    assert page.locator("h1").count() == 1


def test_a_county_officer_from_home_to_a_reminder(visit, site, country):
    page = visit(country.county)
    expect(page.get_by_role("heading", level=1)).to_have_text("114年2月還有 1 個單位未填報")
    sound(page)
    page.get_by_role("link", name="查看並提醒未填報的單位").click()
    expect(page.get_by_role("row", name="縣立大成國小")).to_be_visible()
    expect(page.get_by_role("row", name="縣立大成國中")).to_have_count(0)
    sound(page)
    page.get_by_role("link", name="清除條件").click()
    filed = page.get_by_role("row", name="縣立大成國中").get_by_role("cell")
    expect(filed.filter(has_text="無個案")).to_have_count(1)
    page.get_by_role("checkbox", name="提醒縣立大成國小（國小）").check()
    page.get_by_role("button", name="提醒勾選的單位").click()
    expect(page.get_by_text(country.near_officer.email)).to_be_visible()
    sound(page)
    page.get_by_role("button", name="寄出 1 封提醒信").click()
    expect(page.get_by_role("heading", name="已寄出 1 封提醒信")).to_be_visible()
    sound(page)
    with site.app.store.read() as work:
        (message,) = work.outbox.to(country.near_officer.email)
    assert (message.template, message.data["sender"]) == ("remind-now", "彰化縣政府")


def test_the_grid_by_keyboard_and_on_paper(visit, country):
    page = visit(country.county)
    page.goto("/completeness")
    page.get_by_role("checkbox", name="提醒縣立大成國小（國小）").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="提醒縣立大成國小（國小）")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="縣立大成國小")).to_be_focused()
    page.emulate_media(media="print")
    expect(page.get_by_role("table").get_by_text("無個案")).to_be_visible()
    expect(page.get_by_role("button", name="提醒勾選的單位")).to_be_hidden()
    expect(page.get_by_role("navigation").first).to_be_hidden()


def test_the_organiser_from_the_country_to_an_extension(visit, site, country):
    page = visit(site.organiser)
    sound(page)
    page.get_by_role("link", name="查看填報進度").click()
    expect(page.get_by_role("img", name="114年2月填報進度").locator("visible=true")).to_have_count(1)
    sound(page)
    page.get_by_role("link", name="填報情形").last.click()
    expect(page.get_by_role("row", name="彰化縣")).to_contain_text("50%")
    sound(page)
    page.get_by_role("link", name="彰化縣").first.click()
    page.get_by_role("link", name="縣立大成國小").click()
    expect(page.get_by_text("還有 1 個月份未完成：114年2月。")).to_be_visible()
    sound(page)
    page.get_by_role("link", name=re.compile("展延.*114年2月")).click()
    expect(page.get_by_role("checkbox", name="縣立大成國小")).to_be_checked()
    expect(page.get_by_role("radio", name="展延")).to_be_checked()
    page.get_by_label("新的期限（展延時）").fill("2025-03-20")
    page.get_by_label("原因").fill("颱風停課")
    page.get_by_role("button", name="確認辦理").click()
    expect(page.get_by_role("heading", name="已完成")).to_be_visible()
    page.goto(f"/completeness/units/{country.near.id}")
    expect(page.get_by_text("114年3月20日（星期四）").first).to_be_visible()


def test_the_progress_asks_again_by_itself(visit, site, country):
    page = visit(site.organiser)
    page.clock.install()
    page.goto("/completeness/progress")
    expect(page.get_by_text("已填報 1／應填報 3 個單位")).to_be_visible()
    filings.file_nil(site.app, country.near_officer, country.near, FEBRUARY)
    page.clock.fast_forward(61_000)
    expect(page.get_by_text("已填報 2／應填報 3 個單位")).to_be_visible()


def test_the_agency_reads_and_takes_the_table_along(visit, country):
    page = visit(country.agency)
    sound(page)
    expect(page.get_by_role("link", name="函文名單")).to_be_visible()
    page.get_by_role("link", name="各縣市填報情形").click()
    page.get_by_text("下載", exact=True).click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    assert taken.value.suggested_filename.startswith("填報情形_")
    page.get_by_role("link", name="臺北市").first.click()
    expect(page.get_by_role("row", name="市立遠山高中")).to_contain_text("待填報")
    expect(page.get_by_role("checkbox")).to_have_count(0)
    sound(page)


def test_support_from_the_call_to_the_mail_in_three_steps(visit, country):
    page = visit(country.support)
    sound(page)
    page.get_by_role("link", name="前往客服工作臺").click()
    page.get_by_label("查詢單位或縣市").fill("大成國小")
    page.get_by_role("button", name="查詢").click()
    page.get_by_role("link", name="縣立大成國小").click()
    page.get_by_label("職務轉換").check()
    page.get_by_label("來電者").fill("大成國小 李主任")
    page.get_by_role("button", name="登記帳號重置").click()
    sound(page)
    page.get_by_role("link", name=re.compile("安排.*大成國小")).click()
    sound(page)
    page.get_by_label("辦理的日期").fill("2025-03-06")
    page.get_by_role("button", name="安排").click()
    expect(page.get_by_text("114年3月6日（星期四）辦理")).to_be_visible()
    page.get_by_role("link", name=re.compile("辦理.*大成國小")).click()
    page.get_by_role("button", name="完成帳號重置").click()
    expect(page.get_by_text("114年3月5日（星期三）完成")).to_be_visible()
    sound(page)
    page.goto("/completeness")
    expect(page.get_by_text("不能進行")).to_be_visible()
