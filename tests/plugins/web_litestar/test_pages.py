"""首頁、填報說明、收據、填報資料, and pages that are not there."""

import re

import pytest

from tianbao.audit import Act
from tianbao.errors import Refusal


def test_home_says_what_to_do_until_when(officer):
    page = officer.get("/").text
    assert "請填報 114年2月" in page
    assert "114年3月10日（星期一）" in page
    assert "還有 5 天" in page


def test_home_on_the_last_day(officer, clock, people):
    clock.goes_on(days=5)
    officer.sign_in(people.officer)
    assert "今天截止" in officer.get("/").text


def test_home_says_when_nothing_is_left_to_do(officer):
    officer.fill_in("/filing/current/nil", {"sure": "yes"})
    page = officer.get("/").text
    assert "已完成填報" in page
    assert "開始填報" not in page


@pytest.mark.parametrize("who", ["county_officer", "organiser", "support", "agency"])
def test_home_for_everybody_else(visitor, people, who):
    account = getattr(people, who)
    page = visitor.sign_in(account)
    assert page.status_code == 200
    assert account.role.label in page.text
    assert "當期填報" not in page.text


def test_every_page_says_whom_to_ask(officer):
    for address in ("/", "/filing/guide", "/filing/current", "/nowhere"):
        page = officer.get(address).text
        assert "承辦單位：國立彰化高級中學" in page
        assert "系統客服：國立暨南國際大學資訊工程學系" in page


def test_both_templates_can_be_chosen_the_months_own_first(officer):
    page = officer.get("/filing/guide").text
    assert page.index("113學年度表格") < page.index("111學年度表格")
    assert "勿使用填報範例上傳" in page
    assert "114年2月使用" in page


@pytest.mark.parametrize("key", ["111", "113"])
def test_blank_example_and_guide(officer, key):
    assert "個案類別" in officer.get(f"/filing/guide/{key}").text
    assert "範例" not in officer.get(f"/filing/guide/{key}/blank").headers["content-disposition"]
    assert "範例T1" in officer.get(f"/filing/guide/{key}/example").text


def test_the_blank_bears_the_units_name_and_the_month(officer, people):
    assert f"[114-02] {people.school.name}" in officer.get("/filing/guide/113/blank").text
    assert "[114-02]" not in officer.get("/filing/guide/111/blank").text


def test_the_blank_for_a_late_month_bears_that_month(officer, people):
    """One titled for the current month would be refused as the wrong month's once it is filled in."""
    assert f"[114-01] {people.school.name}" in officer.get("/filing/guide/113/blank?period=2025-01").text
    assert officer.get("/filing/guide/113/blank?period=now").status_code == 404


@pytest.mark.parametrize(
    "address", ["/nowhere", "/filing/guide/999", "/filings/99", "/filings/99/receipt", "/filings/x"]
)
def test_what_is_not_there_says_so(officer, address):
    page = officer.get(address)
    assert page.status_code == 404
    assert "找不到這個頁面" in page.text


@pytest.fixture
def filed(officer, book):
    page = officer.upload(book(service=[{"male": 1200}]), "\u202e二月<成果>.xlsx")
    return re.search(r"/filings/\d+", page.text)[0]


def test_the_receipt_says_what_was_filed(officer, filed, app, people):
    page = officer.get(f"{filed}/receipt").text
    with app.store.read() as work:
        [filing] = work.filings.all_in_force(people.school)
    for fact in (filing.receipt, filing.file_hash, filing.fingerprint, "113學年度表格", people.school.code, "第 1 次"):
        assert fact in page
    assert "114年3月5日（星期三）10:00" in page
    assert "二月_成果_.xlsx" in page


@pytest.mark.parametrize("below", ["", "/receipt"])
def test_from_a_filing_everyone_finds_a_way_back(officer, filed, people, below):
    assert 'class="back" href="/filing/current"' in officer.get(f"{filed}{below}").text
    officer.sign_in(people.organiser)
    assert f'class="back" href="/filings?unit={people.school.id}"' in officer.get(f"{filed}{below}").text


def test_filed_rows_are_shown_with_the_meaning_of_their_codes(officer, filed):
    page = officer.get(filed).text
    assert "5\xa0情緒困擾" in page
    assert ">1,200<" in page


def test_a_look_at_the_rows_is_audited(officer, filed, app, people):
    officer.get(filed)
    officer.get(f"{filed}/file")
    with app.store.read() as work:
        acts = [entry.action for entry in work.audit.entries() if entry.actor == people.officer.id]
    assert {Act.CASES_SEEN, Act.FILE_TAKEN} <= set(acts)


def test_the_original_file_comes_back_as_it_was(officer, filed, book):
    answer = officer.get(f"{filed}/file")
    assert answer.content == book(service=[{"male": 1200}])
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("below", ["", "/receipt", "/file"])
def test_others_filings_are_not_there(officer, filed, people, below):
    officer.become(people.neighbours_officer)
    assert officer.get(filed + below).status_code == 404


def test_a_fault_of_ours_shows_no_trace(visitor, monkeypatch, caplog):
    def fail(*_args, **_more):
        raise RuntimeError("secret detail")

    visitor.get("/sign-in")
    monkeypatch.setattr("tianbao.accounts.sign_in", fail)
    page = visitor.fill_in("/sign-in", {"login": "a", "password": "b"})
    assert page.status_code == 500
    assert "系統發生問題" in page.text
    assert "secret detail" not in page.text
    assert "secret detail" in caplog.text


def test_a_refusal_of_the_store_is_told(visitor, monkeypatch):
    def busy(*_args, **_more):
        raise Refusal("busy", "系統忙碌中。", "請過一會兒再試。")

    visitor.get("/sign-in")
    monkeypatch.setattr("tianbao.accounts.sign_in", busy)
    assert "請過一會兒再試。" in visitor.fill_in("/sign-in", {"login": "a", "password": "b"}).text
