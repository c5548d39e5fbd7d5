"""當期填報: two ways, one page, clean means filed."""

import re

import pytest
from attrs import evolve
from litestar.testing import TestClient

from tianbao.periods import Period
from tianbao_web_litestar.app import create

FEBRUARY = Period(2025, 2)


@pytest.fixture
def in_force(app, people):
    def find():
        with app.store.read() as work:
            return work.filings.in_force(people.school, FEBRUARY)

    return find


def test_a_clean_workbook_is_filed_without_another_button(officer, book, in_force):
    page = officer.upload(book())
    assert page.url.path == "/filing/current"
    assert "完成填報" in page.text
    filing = in_force()
    assert filing.receipt in page.text
    assert filing.counts == {"case": 1, "service": 1}


def test_findings_are_shown_with_a_link_to_each_cell(officer, book, in_force):
    page = officer.upload(book(case=[{"grade": 10}, {"sessions": None}]))
    assert page.status_code == 422
    assert in_force() is None
    assert "還有 2 處要修正" in page.text
    for cell, word in (("D4", "誤"), ("O5", "缺")):
        assert f'<a href="#case-{cell}">{cell}</a>' in page.text
        marked = re.search(rf'<td class="(\w+)[^"]*"><details><summary><b>(.)</b>.*?id="case-{cell}"', page.text)
        assert marked[2] == word


def test_the_same_mistake_is_folded_with_its_count(officer, book):
    page = officer.upload(book(case=[{"identity": None}] * 30))
    assert "30 處相同" in page.text
    assert "其餘 18 處" in page.text


def test_personal_data_is_not_repeated(officer, book):
    page = officer.upload(book(case=[{"student_code": "A123456789"}]))
    assert page.status_code == 422
    assert "A123456789" not in page.text


def test_what_a_school_wrote_cannot_become_markup(officer, book):
    page = officer.upload(book(case=[{"main_issue": "<script>alert(1)</script>"}]), "<b>.xlsx")
    assert "<script>alert" not in page.text
    assert "<b>.xlsx" not in page.text


def test_the_marked_workbook_can_be_had_without_sending_the_file_again(officer, book):
    page = officer.upload(book(case=[{"grade": 10}]), "二月成果.xlsx")
    address = re.search(r'href="(/filing/current/marked/[^"]+)"', page.text)[1]
    marked = officer.get(address)
    assert marked.status_code == 200
    assert "但國中的年級為" in marked.text
    assert "%E4%BA%8C%E6%9C%88%E6%88%90%E6%9E%9C.xlsx" in marked.headers["content-disposition"]


def test_the_marked_workbook_is_its_senders_alone(officer, book, people):
    page = officer.upload(book(case=[{"grade": 10}]))
    address = re.search(r'href="(/filing/current/marked/[^"]+)"', page.text)[1]
    officer.become(people.neighbours_officer)
    assert officer.get(address).status_code == 422
    officer.become(people.officer)
    assert officer.get(address).status_code == 200


def test_the_marked_workbook_is_not_kept_for_ever(officer, book, clock):
    page = officer.upload(book(case=[{"grade": 10}]))
    address = re.search(r'href="(/filing/current/marked/[^"]+)"', page.text)[1]
    clock.goes_on(minutes=29)
    assert officer.get(address).status_code == 200
    clock.goes_on(minutes=2)
    assert "再上傳一次" in officer.get(address).text


def test_a_file_that_is_no_workbook_is_refused_with_a_remedy(officer, in_force):
    page = officer.upload(b"a,b,c\n1,2,3\n", "data.csv")
    assert page.status_code == 422
    assert "另存新檔" in page.text
    assert in_force() is None


def test_a_workbook_of_another_template_leads_to_the_right_blank(officer, as_file, plugins):
    from tianbao.testing.builders import filled

    page = officer.upload(as_file(filled(plugins.templates["111"])))
    problem = page.text[page.text.index('id="problem"') :]
    assert '<a href="/filing/guide/113/blank?period=2025-02" download>' in problem


def test_no_file_is_said_beside_the_field(officer):
    page = officer.fill_in("/filing/current", files={"file": ("", b"")})
    assert page.status_code == 422
    assert "還沒有選擇檔案" in page.text
    assert 'aria-describedby="file-hint file-fault"' in page.text


def test_a_file_over_the_limit_is_cut_off_and_told_so(app, people):
    limits = evolve(app.settings.limits, bytes=200_000)
    app = evolve(app, settings=evolve(app.settings, limits=limits))
    with TestClient(create(app)) as client:
        body = {"login": people.officer.login, "password": people.password}
        token = client.post("/api/v1/session", json=body).json()["csrf_token"]
        page = client.post(
            "/filing/current",
            files={"file": ("big.xlsx", b"x" * 400_000)},
            headers={"X-CSRF-Token": token, "HX-Request": "true"},
        )
    assert page.status_code == 413
    assert "超過上限" in page.text
    assert page.headers["hx-retarget"] == "#result"


def test_a_form_of_another_month_files_nothing(officer, book, clock, in_force):
    page = officer.get("/filing/current").text
    token = re.search(r'name="_csrf" value="(\w+)"', page)[1]
    clock.goes_on(minutes=25)
    form = {"_csrf": token, "period": "2025-01"}
    answer = officer.post("/filing/current", data=form, files={"file": ("a.xlsx", book())})
    assert answer.status_code == 422
    assert "現在是114年2月的填報期間" in answer.text
    assert in_force() is None


def test_the_same_file_again_is_the_same_filing(officer, book, in_force):
    officer.upload(book())
    first = in_force()
    page = officer.upload(book())
    assert "收據不變" in page.text
    assert in_force() == first


def test_a_correction_takes_its_place_only_once_it_is_clean(officer, book, in_force):
    officer.upload(book())
    page = officer.upload(book(case=[{"grade": 10}]))
    assert in_force().version == 1
    assert "目前的資料仍然有效" in page.text
    officer.upload(book(case=[{}, {}]))
    assert (in_force().version, in_force().counts["case"]) == (2, 2)


def test_nothing_to_file_is_one_confirmed_click(officer, in_force):
    page = officer.fill_in("/filing/current/nil")
    assert page.status_code == 422
    assert "請先勾選確認" in page.text
    assert in_force() is None
    page = officer.fill_in("/filing/current/nil", {"sure": "yes"})
    assert "無個案及服務" in page.text
    assert in_force().nil


def test_a_session_that_ended_during_an_upload_leads_to_the_door(officer, book, clock):
    page = officer.get("/filing/current").text
    token = re.search(r'name="_csrf" value="(\w+)"', page)[1]
    clock.goes_on(hours=1)
    answer = officer.post(
        "/filing/current",
        data={"_csrf": token},
        files={"file": ("a.xlsx", book())},
        headers={"HX-Request": "true", "Referer": f"{str(officer.base_url).rstrip('/')}/filing/late/2025-01"},
    )
    assert answer.headers["hx-redirect"] == "/sign-in?unsent=1&next=/filing/late/2025-01"
    assert "剛才送出的內容沒有收下" in officer.get(answer.headers["hx-redirect"]).text
