"""The account life as people live it: in a browser, with the mails read from a real mail server."""

import email
import email.policy
import re

import pyotp
import pytest
from aiosmtpd.controller import Controller
from attrs import evolve
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tianbao import accounts
from tianbao.accounts import Account, Role, invitations, second_step
from tianbao.delivery import Worker
from tianbao.periods import Period, PeriodRange
from tianbao.units import Level, Unit

pytestmark = pytest.mark.browser

PASSWORD = "Kestrel-7-lantern"
NEW_PASSWORD = "Lantern-9-kestrel"
SCREENS = ((1280, 768), (640, 384), (390, 844), (320, 640))


class Mailboxes:
    """A handler of aiosmtpd that keeps what arrives, by recipient."""

    def __init__(self):
        self.by_address = {}

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        for address in envelope.rcpt_tos:
            self.by_address.setdefault(address, []).append(mail)
        return "250 taken"


class MailServer(Controller):
    """On whichever port is free."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture(scope="module")
def mail_server():
    boxes = Mailboxes()
    server = MailServer(boxes, hostname="127.0.0.1", port=0, server_hostname="mail.example.edu.tw")
    server.start()
    yield boxes, server.port
    server.stop()


@pytest.fixture
def post(site, mail_server, monkeypatch):
    """Deliver what waits, by e-mail; gives the link in the newest mail to an address, on this site."""
    boxes, port = mail_server
    boxes.by_address.clear()
    for name, value in {"HOST": "127.0.0.1", "PORT": port, "SECURITY": "none", "SENDER": "t@example.tw"}.items():
        monkeypatch.setenv(f"TIANBAO_NOTIFY_EMAIL_{name}", str(value))
    worker = Worker(site.app)

    def link(to):
        worker.deliver_due()
        text = boxes.by_address[to][-1].get_body(("plain",)).get_content()
        return re.search(r"https?://[^/]+(/(?:activate|password|email|invitation)/[\w-]+)", text)[1]

    return link


@pytest.fixture
def vacant(site):
    """A 完全中學 without accounts: two units with one code."""
    with site.app.store.work() as work:
        for level in (Level.JUNIOR_HIGH, Level.SENIOR_HIGH):
            work.units.add(Unit("070307", level, "國立華僑高中", "彰化縣", PeriodRange(Period(2025, 2))))


def looks_well(page):
    """axe finds nothing, nothing goes sideways, there is one heading of the page."""
    assert not Axe().run(page).response["violations"]
    size = page.viewport_size
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} at {width} px"
    page.set_viewport_size(size)
    assert page.locator("h1").count() == 1


def register(page):
    """①-⑨ of the manual."""
    page.goto("/sign-in")
    page.get_by_role("link", name="新建帳號").click()
    page.get_by_text("高中職").click()
    page.get_by_label("學校關鍵字").fill("華僑")
    page.get_by_role("link", name="國立華僑高中").click()
    expect(page.get_by_text("070307", exact=True)).to_be_visible()
    page.get_by_label("個人帳號").press_sequentially("lee_01")
    expect(page.get_by_text("可以使用，登入帳號是 070307h_lee_01")).to_be_visible()
    page.get_by_label("密碼", exact=True).press_sequentially(NEW_PASSWORD)
    expect(page.locator("[data-pattern].met")).to_have_count(4)
    page.get_by_label("姓名").fill("李新任")
    page.get_by_label("職稱").fill("輔導組長")
    page.get_by_label("公務電話").fill("04-7222121")
    page.get_by_label("公務信箱").fill("lee@example.edu.tw")
    page.get_by_role("button", name="送出，寄開通信給我").click()
    expect(page.get_by_role("heading", name="請至信箱收信")).to_be_visible()


def test_a_new_account(visit, vacant, post):
    page = visit()
    register(page)
    looks_well(page)
    page.goto(post("lee@example.edu.tw"))
    looks_well(page)
    page.get_by_role("button", name="開通帳號並登入").click()
    expect(page.get_by_text("李新任")).to_be_visible()
    expect(page.get_by_role("link", name="開始填報")).to_be_visible()


def test_the_search_and_the_form_without_a_script(visit, vacant):
    page = visit(java_script_enabled=False)
    page.goto("/register")
    page.get_by_label("國中", exact=True).check()
    page.get_by_label("學校關鍵字").fill("華僑")
    page.get_by_role("button", name="搜尋").click()
    page.get_by_role("link", name="國立華僑高中").click()
    expect(page.get_by_text("070307j_")).to_be_visible()
    page.get_by_label("個人帳號").fill("Lee")
    page.get_by_role("button", name="送出，寄開通信給我").click()
    expect(page.get_by_role("alert")).to_contain_text("姓名沒有填。")
    expect(page.get_by_label("個人帳號")).to_have_value("Lee")


def test_every_page_of_registering_looks_well(visit, vacant):
    page = visit()
    for address in ("/register?category=senior_high&q=華僑", "/register?q=無此校", "/register/070307-senior_high"):
        page.goto(address)
        looks_well(page)
    page.get_by_role("button", name="送出，寄開通信給我").click()
    expect(page.get_by_role("alert")).to_be_visible()
    looks_well(page)
    page.goto("/register/074501-junior_high")
    expect(page.get_by_text("已有使用中的帳號")).to_be_visible()
    looks_well(page)


def test_a_forgotten_password(visit, site, post):
    page = visit()
    page.goto("/sign-in")
    page.get_by_role("link", name="忘記密碼").click()
    looks_well(page)
    page.get_by_label("帳號或註冊信箱").fill(site.officer.login)
    page.get_by_role("button", name="寄信給我").click()
    expect(page.get_by_role("heading", name="請至信箱收信")).to_be_visible()
    link = post(site.officer.email)
    page.goto(link)
    looks_well(page)
    page.get_by_label("新密碼").fill(NEW_PASSWORD)
    page.get_by_role("button", name="設定新密碼").click()
    page.get_by_role("link", name="前往登入").click()
    page.get_by_label("帳號").fill(site.officer.login)
    page.get_by_label("密碼").fill(NEW_PASSWORD)
    page.get_by_role("button", name="登入").click()
    expect(page.get_by_role("link", name="開始填報")).to_be_visible()
    page.goto(link)
    expect(page.get_by_text("這個連結已經使用過了。")).to_be_visible()
    looks_well(page)
    page.get_by_role("link", name="再寄一次信").click()
    expect(page.get_by_label("帳號或註冊信箱")).to_be_visible()


def test_a_new_address_is_confirmed_and_the_old_one_told(visit, site, post, mail_server):
    page = visit(site.officer)
    page.goto("/account/email")
    page.get_by_label("新的公務信箱").fill("new@example.tw")
    page.get_by_label("目前的密碼").fill(PASSWORD)
    page.get_by_role("button", name="寄出確認信").click()
    link = post("new@example.tw")
    page.goto("/account")
    expect(page.get_by_text(site.officer.email)).to_be_visible()
    page.goto(link)
    looks_well(page)
    page.get_by_role("button", name="確認使用這個信箱").click()
    expect(page.get_by_role("heading", name="已更換信箱")).to_be_visible()
    Worker(site.app).deliver_due()
    told = mail_server[0].by_address[site.officer.email][-1]
    assert "信箱" in told["subject"]
    page.goto("/account")
    expect(page.get_by_text("new@example.tw")).to_be_visible()


def test_details_and_password_are_changed_and_other_sessions_end(visit, site, post, mail_server):
    page, elsewhere = visit(site.officer), visit(site.officer)
    page.goto("/account/details")
    page.get_by_label("職稱").fill("專任輔導教師")
    page.get_by_role("button", name="儲存").click()
    expect(page.get_by_text("專任輔導教師")).to_be_visible()
    page.goto("/account/password")
    page.get_by_label("目前的密碼").fill(PASSWORD)
    page.get_by_label("新密碼").fill(NEW_PASSWORD)
    page.get_by_role("button", name="更改密碼").click()
    Worker(site.app).deliver_due()
    assert "密碼" in mail_server[0].by_address[site.officer.email][-1]["subject"]
    page.goto("/account")
    expect(page.get_by_role("heading", name="帳號管理")).to_be_visible()
    elsewhere.goto("/account")
    expect(elsewhere.get_by_role("button", name="登入")).to_be_visible()


def test_a_reset_is_registered_carried_out_and_told_and_the_unit_registers_anew(visit, site, post, mail_server):
    with site.app.store.work() as work:
        person = Account(0, "help_wu01", Role.SUPPORT, "吳客服", "help@example.tw", created_at=site.clock.now())
        support = accounts.add(work, person, site.app.hasher.hash(PASSWORD))
    page = visit(support)
    page.goto("/support?q=大成")
    page.get_by_role("link", name="大成").first.click()
    page.get_by_label("職務轉換").check()
    page.get_by_label("來電者").fill("新任輔導組長")
    page.get_by_role("button", name="登記帳號重置").click()
    page.goto("/support")
    page.get_by_role("link", name="大成").first.click()
    page.get_by_role("button", name="完成帳號重置").click()
    Worker(site.app).deliver_due()
    assert "重置" in mail_server[0].by_address[site.officer.email][-1]["subject"]
    other = visit()
    other.goto("/register/074501-junior_high")
    expect(other.get_by_label("個人帳號")).to_be_visible()


def test_an_invitation_and_the_second_step(visit, site, post):
    invitations.invite(site.app, Role.SUPPORT, "help_new", "吳客服", "help@example.tw", site.organiser)
    page = visit()
    page.goto(post("help@example.tw"))
    looks_well(page)
    page.get_by_label("密碼").fill(NEW_PASSWORD)
    page.get_by_label("職稱").fill("工程師")
    page.get_by_label("公務電話").fill("049-2910960")
    page.get_by_role("button", name="接受邀請並登入").click()
    expect(page.get_by_role("button", name="登出")).to_be_visible()
    page.get_by_role("button", name="登出").click()

    with site.app.store.read() as work:
        account = work.accounts.by_login("help_new")
    secret = second_step.offer(account).secret
    second_step.turn_on(site.app, account, secret, pyotp.TOTP(secret).at(site.clock.now()))
    site.clock.goes_on(minutes=1)
    page.get_by_label("帳號").fill("help_new")
    page.get_by_label("密碼").fill(NEW_PASSWORD)
    page.get_by_role("button", name="登入").click()
    looks_well(page)
    page.get_by_label("6 位數驗證碼").fill(pyotp.TOTP(secret).at(site.clock.now()))
    page.get_by_role("button", name="登入").click()
    expect(page.get_by_role("button", name="登出")).to_be_visible()


def test_an_account_of_the_old_system_chooses_its_handle(visit, site, vacant):
    with site.app.store.work() as work:
        unit = work.units.find("070307", Level.SENIOR_HIGH)
        old = Account(0, "070307", Role.UNIT_OFFICER, "周舊任", "chou@example.tw", unit_id=unit.id)
        accounts.add(work, evolve(old, created_at=site.clock.now()), site.app.hasher.hash(PASSWORD))
    page = visit()
    page.get_by_label("帳號").fill("070307")
    page.get_by_label("密碼").fill(PASSWORD)
    page.get_by_role("button", name="登入").click()
    expect(page.get_by_role("heading", name="變更登入帳號")).to_be_visible()
    page.goto("/filing/current")
    expect(page.get_by_role("heading", name="變更登入帳號")).to_be_visible()
    looks_well(page)
    page.get_by_label("個人帳號").press_sequentially("chou_1")
    expect(page.get_by_text("可以使用，登入帳號是 070307h_chou_1")).to_be_visible()
    page.get_by_role("button", name="變更登入帳號").click()
    expect(page.get_by_role("heading", name="已變更登入帳號")).to_be_visible()
    page.get_by_role("link", name="前往首頁").click()
    expect(page.get_by_role("link", name="開始填報")).to_be_visible()
