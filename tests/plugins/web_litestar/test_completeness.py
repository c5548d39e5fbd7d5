"""填報情形: who sees which units, the same signs everywhere, reminding, downloads, and a page that asks by itself."""

import json
from datetime import timedelta

import pytest
from attrs import evolve

from tianbao import filings
from tianbao.periods import Period, PeriodRange

FEBRUARY = Period(2025, 2)


@pytest.fixture
def filed(app, people):
    """The junior high has filed February, its neighbour and the far senior high have not."""
    filings.file_nil(app, people.officer, people.school, FEBRUARY)


@pytest.fixture
def county(visitor, people, filed):
    visitor.sign_in(people.county_officer)
    return visitor


@pytest.fixture
def organiser(visitor, people, filed):
    visitor.sign_in(people.organiser)
    return visitor


def test_a_county_officer_opens_the_own_county_at_once(county):
    page = county.get("/completeness").text
    assert "彰化縣</h1>" in page
    assert "已填報 <strong>1</strong>／應填報 2 個單位，完成率 <strong>50%</strong>" in page
    assert "縣立大成國中" in page
    assert "市立遠山高中" not in page


def test_every_page_says_whom_to_ask(organiser, people):
    for address in ("", "/units", "/progress", f"/units/{people.school.id}"):
        page = organiser.get(f"/completeness{address}").text
        assert "承辦單位：國立彰化高級中學" in page
        assert "系統客服：國立暨南國際大學資訊工程學系" in page


def test_each_state_is_told_by_its_sign_and_its_word(county):
    page = county.get("/completeness").text
    assert '<span aria-hidden="true">○</span>無個案' in page
    assert '<span aria-hidden="true">→</span>待填報' in page
    assert '<span class="unseen">不必填報</span>' in page


def test_what_was_filed_and_is_not_owed_is_seen_and_on_neither_side_of_the_rate(app, county, people):
    with app.store.work() as work:
        work.units.save(evolve(people.school, active=PeriodRange(FEBRUARY.next)))
    page = county.get("/completeness").text
    extra = '<span aria-hidden="true">＋</span>額外填報'
    assert "已填報 <strong>0</strong>／應填報 1 個單位" in page
    assert extra in page.partition('id="legend"')[0]
    for address in (f"/completeness/units/{people.school.id}", f"/filings?unit={people.school.id}"):
        assert extra in county.get(address).text


@pytest.mark.parametrize("address", ["/completeness?county=臺北市", "/completeness/units?county=臺北市", "/completeness/progress?county=臺北市", "/completeness/download/csv?county=臺北市"])  # fmt: skip
def test_another_county_is_refused_in_words(county, address):
    answer = county.get(address)
    assert answer.status_code == 403
    assert "不能查看臺北市的填報情形" in answer.text


def test_the_country_by_county_and_level(organiser):
    page = organiser.get("/completeness").text
    assert "完成率 <strong>33.3%</strong>" in page
    assert 'href="/completeness?county=%E5%BD%B0%E5%8C%96%E7%B8%A3&amp;year=113&amp;month=2025-02"' in page
    assert "各縣市完成率" in page, "the map has its title"
    past = organiser.get("/completeness?month=2025-01").text
    assert "應填報 0 個單位。" in past
    assert "100%" not in past.partition("<svg")[0], "nothing due is no rate"


@pytest.mark.parametrize(
    ("query", "says"),
    [("level=primary", "學制"), ("state=lost", "狀態"), ("year=abc", "學年度"), ("month=2025-13", "月份"), ("county=大明國", "縣市"), ("page=-1", "頁次")],
)  # fmt: skip
def test_an_address_that_names_what_there_is_not_is_refused(organiser, query, says):
    answer = organiser.get(f"/completeness/units?{query}")
    assert answer.status_code == 422
    assert f"網址中的{says}不正確" in answer.text


def test_narrowed_down_to_who_has_yet_to_file(organiser):
    page = organiser.get("/completeness/units?county=彰化縣&state=unfinished&month=2025-02").text
    assert "縣立大成國小" in page
    assert "縣立大成國中" not in page
    assert "應填報 2 個單位，完成率 <strong>50%</strong>" in page, "the rate is of all of them"
    assert "沒有符合條件的單位" in organiser.get("/completeness/units?q=不存在").text


def test_reminding_says_first_who_gets_it_and_who_does_not(organiser, app, people):
    chosen = {"units": [people.school.id, people.neighbour.id, people.far.id], "period": "2025-02", "back": "county=x"}
    token = _token(organiser)
    said = organiser.post("/completeness/remind", data={**chosen, "_csrf": token})
    assert "將寄提醒信給 <strong>1</strong> 個單位的承辦人" in said.text
    assert people.neighbours_officer.email in said.text
    assert "「縣立大成國中」已完成114年2月的填報" in said.text
    assert "「市立遠山高中」沒有使用中的帳號" in said.text
    assert not _reminders(app), "nothing has gone out yet"
    done = organiser.post("/completeness/remind/send", data={**chosen, "_csrf": token})
    assert "已寄出 1 封提醒信" in done.text
    assert [message.recipient for message in _reminders(app)] == [people.neighbours_officer.email]


def test_reminding_nobody_is_refused(county):
    answer = county.post("/completeness/remind", data={"_csrf": _token(county), "period": "2025-02"})
    assert "沒有勾選要提醒的單位" in answer.text


def test_a_county_reminds_its_own_units_alone(county, app, people):
    sent = {"_csrf": _token(county), "period": "2025-02", "units": [people.neighbour.id, people.far.id]}
    assert county.post("/completeness/remind/send", data=sent).status_code == 403
    assert not _reminders(app)


def test_the_agency_reads_and_reminds_nobody(visitor, people, filed):
    visitor.sign_in(people.agency)
    page = visitor.get("/completeness/units").text
    assert "提醒勾選的單位" not in page
    assert 'type="checkbox"' not in page


def test_whom_no_mail_reaches_is_marked_for_those_who_call(organiser, people):
    page = organiser.get("/completeness/units").text
    assert page.count('<span aria-hidden="true">✆ </span>沒有帳號</span>') == 1, "the far senior high"
    organiser.become(people.agency)
    assert "✆" not in organiser.get("/completeness/units").text


def test_a_unit_has_its_months_its_officer_and_what_can_be_done_for_it(organiser, people):
    page = organiser.get(f"/completeness/units/{people.neighbour.id}").text
    assert "還有 1 個月份未完成：114年2月" in page
    assert people.neighbours_officer.email in page
    assert f"/months?unit={people.neighbour.id}&amp;period=2025-02&amp;kind=extend" in page


def test_from_there_the_month_and_what_to_do_are_chosen_already(organiser, people):
    page = organiser.get(f"/months?unit={people.neighbour.id}&period=2025-02&kind=extend").text
    assert f'value="{people.neighbour.id}" checked' in page
    assert 'value="extend" checked' in page
    assert '<option value="2025-02" selected>' in page


def test_the_agency_sees_a_units_months_but_not_its_account(visitor, people, filed):
    visitor.sign_in(people.agency)
    page = visitor.get(f"/completeness/units/{people.school.id}").text
    assert "無個案" in page
    assert people.officer.email not in page


def test_downloads_hold_the_same_and_say_as_of_when(organiser):
    rows = organiser.get("/completeness/download/csv?county=彰化縣").text.splitlines()
    assert rows[0].startswith("\ufeff縣市,鄉鎮市區,單位代碼,學制,單位,113年8月")
    assert len(rows) == 3
    found = json.loads(organiser.get("/completeness/overview/json?month=2025-02").text)
    assert found["rows"][-1][-3:] == [1, 3, "33.3%"]
    assert dict(found["about"])["資料時間"] == "114年3月5日（星期三）10:00"
    assert organiser.get("/completeness/download/exe").status_code == 404


def test_the_progress_of_the_month_beside_the_one_before(organiser, people):
    assert "114年2月填報進度" in organiser.get("/completeness/progress").text
    organiser.become(people.county_officer)
    page = organiser.get("/completeness/progress").text
    assert "每日累計完成率" in page
    assert "各縣市完成率" not in page


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(organiser, app, clock):
    minutes = app.settings.session_minutes
    clock.goes_on(minutes=minutes - 1)
    assert organiser.get("/completeness/progress", headers={"X-Unattended": "1"}).status_code == 200
    clock.goes_on(minutes=2)
    assert organiser.get("/completeness/progress", follow_redirects=False).status_code == 303


def test_a_page_that_is_opened_keeps_one_signed_in(organiser, app, clock):
    clock.moment += timedelta(minutes=app.settings.session_minutes - 1)
    organiser.get("/completeness/progress")
    clock.goes_on(minutes=2)
    assert organiser.get("/completeness/progress", follow_redirects=False).status_code == 200


def _token(browser):
    return browser.get("/completeness/units").text.partition('name="_csrf" value="')[2].partition('"')[0]


def _reminders(app):
    with app.store.read() as work:
        return [message for message in work.outbox.all() if message.template == "remind-now"]
