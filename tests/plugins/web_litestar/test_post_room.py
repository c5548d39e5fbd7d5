"""寄信紀錄 and 信件內容 on the web."""

import re

import pytest

from tianbao.channels import Attachment
from tianbao.mails import Mail
from tianbao.mails.samples import SAMPLES
from tianbao.mails.texts import SHIPPED
from tianbao.outbox import Fate, Kept
from tianbao.post.wording import packed

RECEIPT = "主旨：收到{{ unit }}的填報\n\n{{ name | person }} 您好：\n"


@pytest.fixture
def organiser(visitor, people):
    visitor.sign_in(people.organiser)
    return visitor


def previewed(browser, form):
    return browser.post("/texts/receipt/preview", data=form)


def token(page):
    return re.search(r'name="_csrf" value="(\w+)"', page.text)[1]


@pytest.fixture
def messages(app, people):
    """One that was refused, with a file; one that waits. Gives their numbers."""
    now, school = app.clock.now(), people.school.id
    with app.store.work() as work:
        files = [Attachment("名單.txt", "text/plain", b"list")]
        data = dict(SAMPLES["receipt"])
        work.outbox.add(
            "r", "old@b.tw", "receipt", data, at=now, unit_id=school, attachments=files, account_id=people.officer.id
        )
        work.deliveries.claim("email", "w", now, now, 9)
        kept = Kept(
            work.deliveries.model(b""), packed(Mail("當時的主旨", "當時的內容", "<body><p>當時</p></body>"), b"")
        )
        refused = work.outbox.by_key("r").id
        work.deliveries.end(refused, "w", Fate.REFUSED, "550 查無此人", kept)
        secrets = {"token": "open-sesame"}
        work.outbox.add("a", "new@b.tw", "activate", dict(SAMPLES["activate"]), at=now, secrets=secrets)
        return refused, work.outbox.by_key("a").id


def test_messages_are_listed_and_looked_for(organiser, messages):
    page = organiser.get("/post").text
    assert page.count("填報收據") == 3  # in the list, and twice to choose from
    assert "對方拒收 1 封" in page
    assert "等待寄送 1 封" in page
    assert "550 查無此人" in page
    found = organiser.get("/post", params={"words": "大成國中", "state": "refused"}).text
    assert "old@b.tw" in found
    assert "new@b.tw" not in found
    assert "沒有符合條件的信" in organiser.get("/post", params={"since": "2030-01-01"}).text
    assert organiser.get("/post", params={"since": "x", "before": "x", "state": "x"}).status_code == 200


def test_a_message_is_read_as_it_went_out_and_a_dead_mailbox_says_what_to_do(organiser, messages):
    refused, _ = messages
    page = organiser.get(f"/post/{refused}").text
    for words in ("當時的主旨", "當時的內容", "寄出的內容", "接下來怎麼辦", "王小明"):
        assert words in page
    frame = organiser.get(f"/post/{refused}/mail")
    assert "<p>當時</p>" in frame.text
    assert "主旨：當時的主旨" in frame.text
    assert "sandbox" in frame.headers["content-security-policy"]
    assert organiser.get(f"/post/{refused}/files/0").content == b"list"
    assert organiser.get(f"/post/{refused}/files/1").status_code == 404


def test_no_link_of_a_mail_is_shown(organiser, messages):
    _, waits = messages
    for address in (f"/post/{waits}", f"/post/{waits}/mail"):
        page = organiser.get(address).text
        assert "●●●●" in page
        assert "open-sesame" not in page


def test_it_is_sent_again_to_the_officers_mailbox(organiser, people, messages, app):
    refused, _ = messages
    page = organiser.get(f"/post/{refused}")
    form = {"_csrf": token(page), "to": people.officer.email, "number": "0"}
    answer = organiser.post(f"/post/{refused}/again", data=form)
    assert "已排入寄送" in answer.text
    assert people.officer.email in answer.text
    assert "再寄一次" in organiser.get(f"/post/{refused}").text
    wrong = organiser.post(f"/post/{refused}/again", data={**form, "to": "thief@evil.example"})
    assert wrong.status_code == 422
    assert "收件信箱已經不是這一個" in wrong.text
    with app.store.read() as work:
        assert len(work.outbox.to(people.officer.email)) == 1


def test_one_that_waits_is_given_up(organiser, messages):
    _, waits = messages
    form = {"_csrf": token(organiser.get(f"/post/{waits}"))}
    assert "已取消" in organiser.post(f"/post/{waits}/give-up", data=form).text
    again = organiser.post(f"/post/{waits}/give-up", data=form)
    assert again.status_code == 422
    assert "不能再寄" in again.text


def test_sending_is_held_back_loudly_and_let_go_on(organiser, app):
    form = {"_csrf": token(organiser.get("/post"))}
    page = organiser.post("/post/pause", data={**form, "kind": "receipt"}).text
    assert "寄信暫停中" in page
    page = organiser.post("/post/pause", data={**form, "kind": ""}).text
    assert "所有的信" in page
    assert "忘記密碼等帳號的信也不會寄出" in page
    for kind in ("", "receipt"):
        page = organiser.post("/post/resume", data={**form, "kind": kind}).text
    assert "寄信暫停中" not in page


def test_support_sees_accounts_letters_and_changes_nothing(visitor, people, messages):
    visitor.sign_in(people.support)
    refused, waits = messages
    page = visitor.get("/post").text
    assert "new@b.tw" in page
    assert "old@b.tw" not in page
    assert "暫停寄信" not in page
    assert visitor.get(f"/post/{waits}").status_code == 200
    assert visitor.get(f"/post/{refused}").status_code == 404
    assert visitor.get(f"/post/{refused}/files/0").status_code == 404


def test_a_text_is_previewed_kept_and_restored(organiser, people):
    assert "填報收據" in organiser.get("/texts").text
    page = organiser.get("/texts/receipt")
    assert "收據編號" in page.text
    form = {"_csrf": token(page), "basis": "0", "source": RECEIPT}
    assert "主旨：收到國立華僑高級中等學校的填報" in previewed(organiser, form).text
    assert "主旨：收到縣立大成國中的填報" in previewed(organiser, {**form, "unit": "074501"}).text
    assert "王小明 您好" in previewed(organiser, {**form, "unit": "縣立大成國中", "form": "plain"}).text
    assert "有多個單位" in previewed(organiser, {**form, "unit": "大成"}).text
    assert "找不到單位" in previewed(organiser, {**form, "unit": "無此校"}).text
    kept = organiser.post("/texts/receipt", data=form)
    assert "已儲存" in kept.text
    assert "歷次修改" in kept.text
    assert "已修改" in organiser.get("/texts").text
    basis = re.search(r'name="basis" value="(\d+)"', kept.text)[1]
    back = organiser.post("/texts/receipt/restore", data={"_csrf": form["_csrf"], "basis": basis})
    assert "已還原為原始內容" in back.text
    assert "主旨：已收到" in organiser.get("/texts/receipt/preview").text


def test_a_wrong_text_is_refused_with_its_line_and_stays_as_typed(organiser):
    page = organiser.get("/texts/receipt")
    form = {"_csrf": token(page), "basis": "0", "source": "主旨：x\n\n{{ student }}"}
    answer = organiser.post("/texts/receipt", data=form)
    assert answer.status_code == 422
    assert "第 3 行：這封信沒有「student」這個欄位" in answer.text
    assert "{{ student }}" in answer.text
    frame = previewed(organiser, form)
    assert frame.status_code == 422
    assert "第 3 行" in frame.text
    stale = organiser.post("/texts/receipt", data={**form, "source": RECEIPT, "basis": "x"})
    assert "剛剛有人修改過" in stale.text


def test_what_was_typed_is_never_html(organiser):
    form = {
        "_csrf": token(organiser.get("/texts/receipt")),
        "basis": "0",
        "source": "主旨：<b>x\n\n</textarea><script>",
    }
    for answer in (organiser.post("/texts/receipt", data=form), previewed(organiser, form)):
        assert "<script>" not in answer.text.replace('<script src="', "")
        assert "<b>x" not in answer.text


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_text_has_its_page_and_preview(organiser, name):
    assert organiser.get(f"/texts/{name}").status_code == 200
    assert organiser.get(f"/texts/{name}/preview").status_code == 200


def test_what_is_not_there_is_not_found(organiser):
    for address in ("/texts/nonsense", "/texts/nonsense/preview", "/post/99", "/post/99/mail"):
        assert organiser.get(address).status_code == 404
