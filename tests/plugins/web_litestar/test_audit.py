"""稽核紀錄 on the web: found by what the form says, taken along, and what cannot be meant is said beside its field."""

import pytest

from tianbao.filings import file_nil
from tianbao.periods import Period


@pytest.fixture
def organiser(visitor, app, people):
    """The organiser, signed in, after a school has filed."""
    file_nil(app, people.officer, people.school, Period(2025, 2))
    visitor.sign_in(people.organiser)
    return visitor


def test_all_of_it_the_latest_first(organiser):
    page = organiser.get("/audit").text
    assert page.index("登入") < page.index("填報無個案及服務")
    assert "縣立大成國中（國中） 114年2月" in page


def test_it_is_found_by_what_the_form_says(organiser, people):
    def found(**asked):
        page = organiser.get("/audit", params=asked).text
        return "王小明（074501_wang01）" in page, "許研發（rd_hsu_1）" in page

    assert found(who=people.officer.login) == (True, False)
    assert found(act="filing.nil") == (True, False)
    assert found(unit="074501") == (True, False)
    assert found(since="2025-03-06") == (False, False)
    assert found(until="2025-03-05") == (True, True)


def test_words_that_mean_several_units_ask_which(organiser, people):
    page = organiser.get("/audit", params={"unit": "大成", "act": "filing.nil"}).text
    assert "請選擇單位" in page
    assert f"/audit?act=filing.nil&amp;subject=unit%2F{people.school.id}" in page


def test_what_cannot_be_meant_is_said_beside_its_field(organiser):
    page = organiser.get("/audit", params={"who": "nobody", "since": "yesterday", "unit": "查無此校"})
    assert page.status_code == 422
    for words in ("沒有「nobody」這個登入帳號。", "「yesterday」不是日期。", "找不到符合「查無此校」的單位。"):
        assert words in page.text


def test_what_is_taken_along_is_what_was_found(organiser, people):
    file = organiser.get("/audit/download/csv", params={"who": people.officer.login, "ticket": "t1"})
    assert "attachment" in file.headers["content-disposition"]
    assert len(file.text.splitlines()) == 2
    assert organiser.get("/downloads/t1").json() == {"rows": 1, "done": True}
    assert organiser.get("/audit/download/nothing").status_code == 404


def test_it_says_whether_it_is_whole(organiser, app):
    assert "完整" in organiser.get("/audit/soundness").text
    with app.store.work() as work:
        work.connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        work.connection.exec_driver_sql("UPDATE audit SET actor = 1 WHERE id = 2")
    assert "第 2 筆與前一筆不相扣" in organiser.get("/audit/soundness").text
