"""寄信紀錄 and 信件內容 in a real browser, with scripts and without."""

import os
from pathlib import Path

import pytest
from attrs import evolve
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tianbao.channels import Refused, Sent
from tianbao.delivery import Worker
from tianbao.mails.samples import SAMPLES
from tianbao.periods import Period

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390, 320)


def look(page, name):
    """Nothing for axe to find, no sideways scrolling; a picture for whoever wants one (``TIANBAO_SHOTS``)."""
    found = Axe().run(page).response["violations"]
    assert not [(each["id"], [node["html"] for node in each["nodes"][:3]]) for each in found]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width} px"
        if folder := os.environ.get("TIANBAO_SHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 768})
    assert page.locator("h1").count() == 1


class Post:
    """A channel that takes everything but what goes to ``dead@``."""

    name = "email"

    def deliver(self, messages):
        for message in messages:
            yield Refused(message, "550 5.1.1 查無此人") if message.to.startswith("dead@") else Sent(message)


@pytest.fixture
def delivered(site):
    """Some messages of each fate; one waits."""
    now = site.clock.now()

    def add(key, to, template, data=None, **more):
        data = {**SAMPLES[template], **(data or {})}
        with site.app.store.work() as work:
            work.outbox.add(key, to, template, data, at=now, unit_id=site.unit.id, **more)

    add("1", "wang@example.edu.tw", "receipt")
    owed = {"period": "2025-01", "due": "2025-02-10", "late": 23}
    add("2", "dead@example.edu.tw", "chase", {"months": [owed]}, account_id=site.officer.id)
    with site.app.store.work() as work:
        work.accounts.save(evolve(site.officer, email="dead@example.edu.tw"))
    add("3", "new@example.edu.tw", "activate", secrets={"token": "open-sesame"})
    worker = Worker(site.app)
    worker.channels = {"email": Post()}
    worker.deliver_due()
    with site.app.store.work() as work:
        work.accounts.save(site.officer)
    add("4", "wang@example.edu.tw", "remind")


@pytest.mark.parametrize("since", [Period(2025, 1)])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_dead_mailbox_is_found_read_and_written_to_anew(visit, site, delivered, script):
    page = visit(site.organiser, java_script_enabled=script)
    page.goto("/post")
    if script:
        look(page, "post")
    page.get_by_role("link", name="對方拒收 1 封").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="逾期通知").click()
    expect(page.get_by_role("heading", name="接下來怎麼辦")).to_be_visible()
    expect(page.frame_locator("iframe.mail").get_by_text("請補填已逾期的輔導工作成果")).to_be_visible()
    if script:
        look(page, "post-refused")
    page.locator("summary", has_text="再寄一次").click()
    expect(page.get_by_text(f"寄到：{site.officer.email}（目前的承辦人）")).to_be_visible()
    page.get_by_role("button", name="再寄一次").click()
    expect(page.get_by_text("已排入寄送")).to_be_visible()
    page.get_by_role("button", name="取消，不要寄出").click()
    expect(page.get_by_role("status").get_by_text("已取消")).to_be_visible()


def test_sending_is_held_back_and_let_go_on(visit, site, delivered):
    page = visit(site.organiser)
    page.goto("/post")
    page.locator("summary", has_text="暫停寄信").click()
    look(page, "post-pause")
    page.get_by_role("button", name="暫停", exact=True).click()
    expect(page.get_by_role("heading", name="寄信暫停中")).to_be_visible()
    look(page, "post-paused")
    page.get_by_role("link", name="填報提醒").click()
    expect(page.get_by_text("暫停中")).to_be_visible()
    page.goto("/post")
    page.get_by_role("button", name="恢復寄信").click()
    expect(page.get_by_role("heading", name="寄信暫停中")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_text_is_written_seen_kept_and_restored(visit, site, script):
    page = visit(site.organiser, java_script_enabled=script)
    page.goto("/texts")
    if script:
        look(page, "texts")
    page.get_by_role("link", name="填報收據").click()
    preview = page.frame_locator("iframe.mail")
    expect(preview.get_by_text("主旨：已收到114年9月填報")).to_be_visible()
    page.get_by_label("內容").fill("主旨：收到了\n\n# 謝謝{{ unit }}\n\n{{ name | person }} 您好：\n")
    page.get_by_label("預覽時，用哪個單位的資料").fill("074501")
    page.get_by_role("button", name="預覽", exact=True).click()
    expect(preview.get_by_text("謝謝縣立大成國中")).to_be_visible()
    page.get_by_role("button", name="預覽純文字").click()
    expect(preview.get_by_text("【謝謝縣立大成國中】")).to_be_visible()
    if script:
        look(page, "text")
    page.get_by_role("button", name="儲存").click()
    expect(page.get_by_text("已儲存")).to_be_visible()
    page.get_by_label("內容").fill("主旨：收到了\n\n{{ student }}")
    page.get_by_role("button", name="預覽", exact=True).click()
    expect(preview.get_by_text("第 3 行：這封信沒有「student」這個欄位。")).to_be_visible()
    page.get_by_role("button", name="儲存").click()
    expect(page.locator("#source-fault")).to_contain_text("第 3 行")
    if script:
        look(page, "text-refused")
    page.get_by_role("button", name="還原為原始內容").click()
    expect(page.get_by_text("已還原為原始內容")).to_be_visible()
