"""Overdue, amended and cross-semester months: 首頁, 當期填報, 逾期補填, 申請修改, 開放月份, 填報歷程, 續報, 換新表格."""

import re

import pytest

from tianbao.filings import Way, file_nil, file_workbook
from tianbao.filings.amendments import ask, open_month
from tianbao.periods import Period
from tianbao.testing.builders import filled

NOVEMBER, JANUARY, FEBRUARY = Period(2024, 11), Period(2025, 1), Period(2025, 2)
owing = pytest.mark.parametrize("since", [NOVEMBER])
owing_january = pytest.mark.parametrize("since", [JANUARY])


def form(page):
    return re.search(r'name="_csrf" value="(\w+)"', page.text)[1]


def upload(officer, period, data):
    return officer.fill_in(f"/filing/late/{period}", files={"file": ("a.xlsx", data)})


@pytest.fixture
def in_force(app, people):
    def find(period):
        with app.store.read() as work:
            return work.filings.in_force(people.school, period)

    return find


@pytest.fixture
def in_march(app, people, clock, book):
    """February and March were filed; it is 15 March, so February can be amended."""
    file_workbook(app, people.officer, people.school, FEBRUARY, book(case=[{}, {"sessions": 2}]), "feb.xlsx")
    clock.goes_on(days=10)


@owing
def test_home_names_what_is_overdue_and_leads_there(officer):
    page = officer.get("/").text
    assert "請先補填 3 個月份" in page
    assert "113年11月、12月、114年1月" in page
    assert 'class="button" href="/filing/late"' in page


@owing
def test_current_is_closed_while_months_are_overdue(officer, book, in_force):
    page = officer.get("/filing/current").text
    assert "補齊後才能填報當期（114年2月）" in page
    assert 'href="/filing/late/2024-11"' in page
    assert 'type="file"' not in page
    refused = officer.post(
        "/filing/current",
        data={"_csrf": re.search(r'name="_csrf" value="(\w+)"', page)[1], "period": "2025-02"},
        files={"file": ("a.xlsx", book())},
    )
    assert refused.status_code == 422
    assert in_force(FEBRUARY) is None
    assert refused.text.count("補齊後才能填報當期") == 1


@pytest.mark.parametrize("since", [Period(2024, 2)])
def test_a_long_backlog_is_said_once_and_shortly(officer):
    page = officer.get("/filing/current").text
    assert page.count("113年2月至114年1月逾期未填報") == 1
    assert page.count("113年5月") == 1  # in the list


@owing
def test_late_months_are_filed_both_ways_and_open_the_current_one(officer, book, in_force):
    listed = officer.get("/filing/late").text
    for month in ("2024-11", "2024-12", "2025-01"):
        assert f'href="/filing/late/{month}"' in listed
        assert f'href="/filing/late/{month}/nil"' in listed
    assert '/blank?period=2024-11" download' in officer.get(f"/filing/late/{NOVEMBER}").text
    page = upload(officer, NOVEMBER, book())
    assert "完成填報" in page.text
    assert "/filing/late/2024-12" in page.text
    for month in ("2024-12", "2025-01"):
        officer.fill_in(f"/filing/late/{month}/nil", {"sure": "yes"})
    assert in_force(NOVEMBER).way is Way.LATE
    assert in_force(JANUARY).nil
    assert "沒有需要補填的月份" in officer.get("/filing/late").text
    assert 'type="file"' in officer.get("/filing/current").text


@owing
def test_a_late_workbook_with_a_mistake_files_nothing(officer, book, in_force):
    page = upload(officer, NOVEMBER, book(case=[{"grade": 10}]))
    assert page.status_code == 422
    assert "還有 1 處要修正" in page.text
    assert in_force(NOVEMBER) is None


def test_the_current_month_has_its_own_page(officer):
    assert officer.get("/filing/late/2025-02").url.path == "/filing/current"


@pytest.mark.parametrize("address", ["/filing/late/2025-99", "/filing/late/x", "/filing/late/x/nil"])
def test_what_is_no_month_is_not_there(officer, address):
    assert officer.get(address).status_code == 404


def test_a_month_before_the_units_time_is_closed_with_a_reason(officer):
    page = officer.get("/filing/late/2024-09").text
    assert "貴單位自114年2月起填報" in page
    assert 'type="file"' not in page


def test_an_amendment_is_asked_for_shown_and_confirmed(officer, in_march, people, book, in_force):
    officer.sign_in(people.officer)
    page = officer.fill_in("/filing/amendments", {"period": "2025-02", "reason": "漏填一列"})
    assert "等待上傳修正資料" in page.text
    assert "漏填一列" in officer.get("/filing/late").text
    first = in_force(FEBRUARY)

    preview = upload(officer, FEBRUARY, book(case=[{}, {"sessions": 5}, {}]))
    assert "新增 1 列、修改 1 列" in preview.text
    assert in_force(FEBRUARY) == first
    key = re.search(r'name="key" value="([^"]+)"', preview.text)[1]
    fields = {"_csrf": form(preview), "key": key}
    done = officer.post("/filing/late/2025-02/confirm", data=fields)
    assert "完成填報" in done.text
    assert (in_force(FEBRUARY).version, in_force(FEBRUARY).way) == (2, Way.AMENDMENT)


def test_a_preview_that_is_gone_says_so(officer, in_march, people, app, in_force):
    officer.sign_in(people.officer)
    ask(app, people.officer, people.school, FEBRUARY, "更正")
    page = officer.get("/filing/late/2025-02")
    answer = officer.post("/filing/late/2025-02/confirm", data={"_csrf": form(page), "key": "x"})
    assert "再上傳一次" in answer.text
    assert in_force(FEBRUARY).version == 1


def test_taking_everything_away_is_shown_first(officer, in_march, people, app, in_force):
    officer.sign_in(people.officer)
    ask(app, people.officer, people.school, FEBRUARY, "更正")
    preview = officer.fill_in("/filing/late/2025-02/nil", {"sure": "yes"})
    assert "刪除 3 列" in preview.text
    assert not in_force(FEBRUARY).nil
    officer.post("/filing/late/2025-02/confirm", data={"_csrf": form(preview), "key": "nil"})
    assert in_force(FEBRUARY).nil


def test_a_request_can_be_withdrawn(officer, in_march, people, app):
    officer.sign_in(people.officer)
    ask(app, people.officer, people.school, FEBRUARY, "更正")
    token = form(officer.get("/filing/amendments"))
    page = officer.post("/filing/amendments/2025-02/withdraw", data={"_csrf": token})
    assert "等待上傳修正資料" not in page.text


@pytest.mark.parametrize(
    ("typed", "says"), [({"period": "2025-02"}, "修改原因沒有填"), ({"period": "", "reason": "漏填"}, "月份沒有選")]
)
def test_a_request_without_month_or_reason_keeps_what_was_typed(officer, in_march, people, typed, says):
    officer.sign_in(people.officer)
    page = officer.fill_in("/filing/amendments", typed)
    assert page.status_code == 422
    assert says in page.text
    assert "checked" in page.text or "漏填</textarea>" in page.text


def test_another_semester_is_the_organisers_to_open(officer, people):
    page = officer.get("/filing/amendments").text
    assert "要修改其他學期的月份" in page
    assert "04-7222121" in page


@owing_january
def test_the_organiser_opens_a_month_of_another_semester(visitor, people, app, in_force):
    file_nil(app, people.officer, people.school, JANUARY)
    visitor.sign_in(people.organiser)
    found = visitor.get("/months?q=大成國中")
    fields = {"_csrf": form(found), "q": "大成國中", "units": str(people.school.id), "kind": "open"}
    missing = visitor.post("/months", data={**fields, "period": "2025-01", "reason": "漏報"})
    assert "來電者沒有填" in missing.text
    assert 'value="漏報"' in missing.text
    done = visitor.post("/months", data={**fields, "period": "2025-01", "reason": "漏報", "caller": "王小明主任"})
    assert "王小明主任" in done.text
    visitor.become(people.officer)
    assert "114年1月 " in visitor.get("/filing/late").text


@owing_january
def test_the_organiser_extends_exempts_and_revokes(visitor, people, app):
    visitor.sign_in(people.organiser)
    fields = {"_csrf": form(visitor.get("/months")), "units": str(people.school.id), "period": "2025-01"}
    visitor.post("/months", data={**fields, "kind": "extend", "due": "2025-03-20", "reason": "颱風停課"})
    page = visitor.post("/months", data={**fields, "kind": "exempt", "reason": "停辦"}).text
    assert "114年3月20日" in page
    assert "停辦" in page
    for number in sorted(set(re.findall(r"/months/grants/(\d+)/revoke", page))):
        visitor.post(f"/months/grants/{number}/revoke", data={"_csrf": fields["_csrf"]})
    assert "/revoke" not in visitor.get("/months").text


def test_only_the_organiser_opens_months(officer):
    assert officer.get("/months").status_code == 403


def test_the_history_tells_every_version(officer, book):
    officer.upload(book())
    officer.upload(book(case=[{}, {}]))
    page = officer.get("/filings").text
    for fact in ("個案 1 筆", "個案 2 筆", "王小明", "準時", "113學年度表格", "原始檔", "已由較新的取代"):
        assert fact in page


def test_a_history_is_for_those_who_may(visitor, people):
    visitor.sign_in(people.neighbours_officer)
    assert visitor.get(f"/filings?unit={people.school.id}").status_code == 404
    visitor.become(people.county_officer)
    assert people.school.name in visitor.get(f"/filings?unit={people.school.id}").text


def test_last_months_students_are_carried_on(officer, in_march, people):
    officer.sign_in(people.officer)
    assert "/filing/continued/2025-03" in officer.get("/filing/current").text
    assert "帶入 2 位續談學生" in officer.get("/filing/continued/2025-03").text
    assert "[114-03]" in officer.get("/filing/continued/2025-03/workbook").text


def test_an_old_workbook_is_carried_over(officer, as_file, plugins):
    refused = officer.upload(as_file(filled(plugins.templates["111"], case=[{}])))
    address = re.search(r'href="(/filing/convert/[^"]+)"', refused.text)[1]
    page = officer.get(address).text
    assert "已將" in page
    assert "個案 1 列" in page
    assert "[114-02]" in officer.get(f"{address}/workbook").text


def test_what_is_of_the_new_template_need_not_be_carried(officer, book):
    page = officer.fill_in("/filing/convert", files={"file": ("a.xlsx", book())})
    assert page.status_code == 422
    assert "不必轉換" in page.text


def test_the_guide_says_what_changed(officer):
    assert "這份表格改了什麼" in officer.get("/filing/guide/113").text
    assert "這份表格改了什麼" not in officer.get("/filing/guide/111").text


@owing
def test_the_api_tells_what_is_owed(officer):
    body = officer.get("/api/v1/obligations").json()
    assert [each["state"] for each in body["obligations"]] == ["overdue", "overdue", "overdue", "open"]
    assert body["current"] == "2025-02"
    assert "113年11月" in body["pending"]


def test_the_api_asks_and_withdraws(officer, in_march, people):
    officer.sign_in(people.officer)
    headers = {"X-CSRF-Token": form(officer.get("/"))}
    asked = officer.post("/api/v1/amendments/2025-02", json={"reason": "漏填"}, headers=headers)
    assert asked.status_code == 201
    assert officer.delete("/api/v1/amendments/2025-02", headers=headers).status_code == 204


def test_an_opened_month_can_be_taken_back_by_the_organiser(visitor, in_march, people, app):
    open_month(app, people.organiser, people.school, FEBRUARY, "王主任", "更正")
    visitor.sign_in(people.organiser)
    token = form(visitor.get("/months"))
    visitor.post(f"/months/units/{people.school.id}/2025-02/withdraw", data={"_csrf": token})
    assert "王主任" not in visitor.get("/months").text
