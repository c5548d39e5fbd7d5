"""帳號管理, the desks of support and the organiser, and the warning before the session ends, in a browser."""

from types import SimpleNamespace

import pytest
from attrs import evolve
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tianbao import accounts
from tianbao.accounts import Account, Role, resets

pytestmark = pytest.mark.browser
PASSWORD = "Kestrel-7-lantern"
WIDTHS = (1280, 390, 320)


@pytest.fixture
def people(site, hasher):
    """The site's two, somebody of support, with a reset that waits, and somebody who is asked for a code."""
    with site.app.store.work() as work:
        person = Account(0, "help_wu01", Role.SUPPORT, "吳客服", "help@example.tw", created_at=site.clock.now())
        support = accounts.add(work, person, hasher.hash(PASSWORD))
        holder = accounts.add(work, evolve(person, login="k12_tsai", role=Role.AGENCY, name="蔡國教"))
        work.accounts.set_totp_secret(holder.id, "unused")
    waiting = resets.request(site.app, support, site.officer, resets.Reason.NEW_POST, "新任輔導組長")
    return SimpleNamespace(
        officer=site.officer, organiser=site.organiser, support=support, holder=holder, waiting=waiting
    )


PAGES = {
    "account": ("officer", "/account"),
    "details": ("officer", "/account/details"),
    "password": ("officer", "/account/password"),
    "email": ("officer", "/account/email"),
    "code": ("organiser", "/account/code"),
    "people": ("organiser", "/people"),
    "invite": ("organiser", "/people/invite"),
    "codes": ("support", "/codes"),
    "lift": ("support", "/codes/{holder}"),
    "support": ("support", "/support?q=大成"),
    "place": ("support", "/support/units/1"),
    "county": ("support", "/support/counties/彰化縣"),
    "reset": ("support", "/support/resets/1"),
}
SENT_EMPTY = ("details", "password", "email", "code", "invite", "lift")


@pytest.mark.parametrize("name", PAGES)
def test_page(visit, people, name):
    who, address = PAGES[name]
    page = visit(getattr(people, who))
    page.goto(address.format(holder=people.holder.id))
    _look_at(page, name)
    if name in SENT_EMPTY:
        page.locator("main form").first.locator("button").click()
        expect(page.get_by_role("alert")).to_be_visible()
        _look_at(page, f"{name}-wrong")


def _look_at(page, name):
    assert page.locator("h1").count() == 1
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width} px"
    assert not [each["id"] for each in Axe().run(page).response["violations"]]


def test_a_reset_is_carried_out(visit, people):
    page = visit(people.support)
    page.get_by_role("link", name="前往客服工作臺").click()
    page.get_by_role("link", name="安排").click()
    page.get_by_role("button", name="完成帳號重置").click()
    expect(page.get_by_role("status").filter(has_text="帳號重置完成")).to_be_visible()


def test_the_warning_before_the_end_offers_to_go_on(visit, people, site):
    page = visit(people.officer)
    page.clock.install()
    page.goto("/account")
    page.clock.fast_forward("27:00")
    expect(page.get_by_role("button", name="繼續使用")).to_be_hidden()
    page.clock.fast_forward("01:05")
    expect(page.get_by_role("button", name="繼續使用")).to_be_visible()
    _look_at(page, "idle")
    page.get_by_role("button", name="繼續使用").click()
    expect(page.get_by_role("button", name="繼續使用")).to_be_hidden()
    page.clock.fast_forward("30:05")
    expect(page.get_by_role("link", name="重新登入")).to_be_visible()
