"""稽催函文 on the web: choosing a month, one button, the zip later; templates that are tried, put in use, refused."""

import io
import re
from datetime import datetime
from zipfile import ZipFile

import pytest

from tianbao.clock import TAIPEI
from tianbao.letters.packs import Pack, Progress
from tianbao.periods import Period
from tianbao_letters_office.opentext import OpenTextWriter

FEBRUARY = Period(2025, 2)


@pytest.fixture
def agency(visitor, people, app):
    """Somebody of the agency, on 17 March."""
    app.clock.moment = datetime(2025, 3, 17, 10, 0, tzinfo=TAIPEI)
    visitor.sign_in(people.agency)
    return visitor


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def test_the_page_counts_whom_it_would_write_to_about_whom(agency):
    page = text_of(agency.get("/letters"))
    assert "114年2月尚未完成：3 個單位" in page
    assert "國教署 1 0 0 1 0 0" in page
    assert "彰化縣政府 2 1 1 0 0 0" in page
    assert "臺北市" not in page


def test_one_button_makes_the_zip_which_is_fetched_later(agency, people):
    answer = agency.fill_in("/letters")
    assert answer.url.path == "/letters/1"
    assert "2 份函文已備妥" in answer.text
    agency.become(people.organiser)
    assert "2 份、3 個單位" in agency.get("/letters").text
    file = agency.get("/letters/1/file")
    assert file.headers["content-type"] == "application/zip"
    names = ZipFile(io.BytesIO(file.content)).namelist()
    assert {"國教署/114年2月稽催函_國教署.odt", "彰化縣政府/114年2月稽催函_彰化縣政府.docx"} <= set(names)


def test_one_that_is_being_made_says_how_far_it_is_without_a_script(agency, people, app):
    now = app.clock.now()
    with app.store.work() as work:
        work.letters.add_pack(Pack(FEBRUARY, now, people.agency.id, "蔡國教", now, done=3, total=22))
    page = agency.get("/letters/1")
    assert "已完成 3／22 份" in page.text
    assert '<progress max="22" value="3"' in page.text
    assert '<a href="/letters/1">更新進度</a>' in page.text
    assert agency.get("/letters/1/file").status_code == 404
    app.clock.goes_on(minutes=10)
    assert "產製中斷" in agency.get("/letters/1").text


def test_one_that_failed_says_why(agency, people, app):
    now = app.clock.now()
    with app.store.work() as work:
        work.letters.add_pack(Pack(FEBRUARY, now, people.agency.id, "蔡", now, Progress.FAILED, message="範本壞了。"))
    assert "範本壞了。" in agency.get("/letters/1").text
    assert agency.get("/letters/2").status_code == 404


def test_a_month_that_is_not_due_or_has_nobody_is_told_in_words(agency):
    assert "填報期限是 114年4月10日" in agency.get("/letters?period=2025-03").text
    answer = agency.fill_in("/letters", {"period": "2023-02"})
    assert answer.status_code == 422
    assert "不需要函文" in answer.text
    assert "沒有選擇月份" in agency.get("/letters?period=yesterday").text


def upload(client, data, do="use", name="函文.odt"):
    files = {"file": (name, data)} if data is not None else None
    return client.fill_in("/letters/templates", {"do": do}, files=files)


def edited(data, old, new):
    target = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as package, ZipFile(target, "w") as changed:
        for info in package.infolist():
            part = package.read(info)
            changed.writestr(info, part.decode().replace(old, new).encode() if info.filename == "content.xml" else part)
    return target.getvalue()


class TestTemplates:
    def test_the_one_in_use_is_downloaded_and_tried(self, agency):
        assert agency.get("/letters/templates/odt").content == OpenTextWriter().shipped()
        sample = agency.get("/letters/templates/docx/sample")
        assert "filename*=UTF-8''%E5%87%BD%E6%96%87%E8%A9%A6%E5%A1%AB.docx" in sample.headers["content-disposition"]
        assert agency.get("/letters/templates/pdf").status_code == 404

    def test_an_edited_one_is_put_in_use_and_taken_back(self, agency):
        template = edited(OpenTextWriter().shipped(), "普通件", "最速件")
        page = upload(agency, template).text
        assert "新的範本已啟用" in page
        assert "函文.odt" in page
        assert "蔡國教" in page
        assert agency.get("/letters/templates/odt").content == template
        token = re.search(r'name="_csrf" value="(\w+)"', page)[1]
        agency.post("/letters/templates/odt/shipped", data={"_csrf": token})
        assert agency.get("/letters/templates/odt").content == OpenTextWriter().shipped()

    def test_a_trial_changes_nothing(self, agency):
        answer = upload(agency, edited(OpenTextWriter().shipped(), "普通件", "最速件"), do="try")
        assert "最速件" in ZipFile(io.BytesIO(answer.content)).read("content.xml").decode()
        assert agency.get("/letters/templates/odt").content == OpenTextWriter().shipped()

    @pytest.mark.parametrize("do", ["use", "try"])
    def test_one_that_cannot_be_used_is_refused_with_what_to_do(self, agency, do):
        answer = upload(agency, edited(OpenTextWriter().shipped(), "{{ 受文者 }}", "{{ 受文人 }}"), do)
        assert answer.status_code == 422
        assert "是不是「受文者」" in answer.text
        assert "目前的範本沒有改變" in answer.text

    def test_without_a_file_it_asks_for_one(self, agency):
        assert "還沒有選擇檔案" in upload(agency, None).text
        assert "另存新檔" in upload(agency, b"hello", name="a.pdf").text
