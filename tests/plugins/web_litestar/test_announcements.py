"""公告 and the files beside each template, on the web."""

import io
import re
import zipfile

import pytest

from ...papers import PDF

GOOD = {"title": "系統維護", "text": "3 月 8 日停機。\n\n<b>詳見</b> https://example.edu.tw/", "first": "2025-03-05"}


@pytest.fixture
def organiser(visitor, people):
    visitor.sign_in(people.organiser)
    return visitor


def docm():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"):
            archive.writestr(name, b"x")
    return buffer.getvalue()


def hand_out(desk, data=PDF, name="113 簡報.pdf", **fields):
    fields = {"template": "113", "kind": "presentation", "title": "113 說明簡報", **fields}
    return desk.fill_in("/announcements/files/new", fields, files={"file": (name, data)})


def test_an_announcement_stands_where_people_arrive(organiser, people):
    assert "公告已發布" in organiser.fill_in("/announcements/new", {**GOOD, "public": "yes"}).text
    for page in ("/", "/filing/guide"):
        assert "系統維護" in organiser.get(page).text
    assert "系統維護" not in organiser.get("/account").text
    organiser.become(people.officer)
    assert "系統維護" in organiser.get("/").text
    organiser.fill_in("/sign-out")
    page = organiser.get("/sign-in").text
    assert "系統維護" in page
    assert "&lt;b&gt;詳見&lt;/b&gt;" in page
    assert '<a href="https://example.edu.tw/" rel="noopener noreferrer nofollow">' in page


def test_one_for_some_is_shown_to_them_alone(organiser, people):
    organiser.fill_in("/announcements/new", {**GOOD, "roles": ["unit_officer"], "levels": ["elementary"]})
    assert "系統維護" not in organiser.get("/").text
    organiser.become(people.officer)
    assert "系統維護" not in organiser.get("/").text
    organiser.become(people.neighbours_officer)
    assert "系統維護" in organiser.get("/").text
    organiser.fill_in("/sign-out")
    assert "系統維護" not in organiser.get("/sign-in").text


def test_it_is_changed_and_taken_back(organiser):
    organiser.fill_in("/announcements/new", GOOD)
    edit = re.search(r'href="(/announcements/\d+/edit)"', organiser.get("/announcements").text)[1]
    assert "3 月 8 日停機。" in organiser.get(edit).text
    refused = organiser.fill_in(edit, {**GOOD, "title": "", "last": "2025-03-01"})
    assert refused.status_code == 422
    for words in ("標題沒有填", "結束日期早於開始日期", "3 月 8 日停機。"):
        assert words in refused.text
    organiser.fill_in(edit, {**GOOD, "title": "改期"})
    assert "改期" in organiser.get("/").text
    page = organiser.get("/announcements").text
    withdraw = re.search(r'action="(/announcements/\d+/withdraw)"', page)[1]
    token = re.search(r'name="_csrf" value="(\w+)"', page)[1]
    assert "公告已撤下" in organiser.post(withdraw, data={"_csrf": token}).text
    assert "改期" not in organiser.get("/").text


def test_a_file_is_listed_beside_the_blank_and_saved_not_shown(organiser, people):
    assert "檔案已上傳" in hand_out(organiser).text
    organiser.become(people.officer)
    guide = organiser.get("/filing/guide").text
    assert "下載113 說明簡報" in guide
    address = re.search(r'href="(/filing/guide/113/files/\d+)"', guide)[1]
    answer = organiser.get(address)
    assert answer.content == PDF
    assert answer.headers["content-type"].startswith("application/pdf")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert organiser.get(address.replace("113", "111")).status_code == 404


def test_a_file_that_was_taken_back_is_not_there(organiser):
    hand_out(organiser)
    page = organiser.get("/announcements").text
    address = re.search(r'href="(/filing/guide/113/files/\d+)"', page)[1]
    withdraw = re.search(r'action="(/filing/guide/113/files/\d+/withdraw)"', page)[1]
    token = re.search(r'name="_csrf" value="(\w+)"', page)[1]
    assert "檔案已撤下" in organiser.post(withdraw, data={"_csrf": token}).text
    assert organiser.get(address).status_code == 404
    assert "113 說明簡報" not in organiser.get("/filing/guide").text


@pytest.mark.parametrize(
    ("data", "fields", "says"),
    [
        (b"MZ\x90", {}, "這種檔案不能上傳"),
        (docm(), {}, "含有巨集"),
        (b"", {}, "檔案是空的"),
        (PDF, {"kind": ""}, "檔案的種類沒有選"),
    ],
)
def test_what_cannot_be_handed_out_is_refused_on_the_form(organiser, data, fields, says):
    refused = hand_out(organiser, data, **fields)
    assert refused.status_code == 422
    assert says in refused.text


def test_a_file_beyond_the_limit_is_cut_off_with_its_own_limit_named(organiser):
    refused = hand_out(organiser, b"%PDF-" + b"x" * (21 * 2**20))
    assert refused.status_code == 413
    assert "上限 20 MB" in refused.text


def test_a_file_is_for_who_is_signed_in(organiser, visitor):
    hand_out(organiser)
    organiser.fill_in("/sign-out")
    assert "登入" in organiser.get("/filing/guide/113/files/1").text
