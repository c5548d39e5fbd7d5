"""首頁 of those who file nothing themselves: what must I do, by when."""

from datetime import date

import pytest

from tianbao import filings
from tianbao.accounts import resets
from tianbao.filings import amendments, grants
from tianbao.periods import Period

FEBRUARY = Period(2025, 2)


def home(visitor, account):
    visitor.sign_in(account)
    return visitor.get("/").text


def test_a_county_officer_how_many_are_unfinished_until_when_and_one_button(visitor, people):
    page = home(visitor, people.county_officer)
    assert "114年2月<wbr>還有 2 個單位<wbr>未填報" in page
    assert "114年3月10日（星期一）" in page
    assert "還有 5 天" in page
    assert page.count('class="button" ') == 1
    assert "查看並提醒未填報的單位" in page


def test_after_the_due_day_it_is_said_that_it_is_late(visitor, people, clock):
    clock.goes_on(days=8)
    page = home(visitor, people.county_officer)
    assert "逾期未填報" in page
    assert "已逾期 3 天" in page
    assert "獲准展延" not in page


def test_who_was_given_longer_is_unfiled_but_not_late(visitor, people, app, clock):
    clock.goes_on(days=8)
    grants.extend(app, people.organiser, [people.school], FEBRUARY, date(2025, 3, 20), "颱風停課")
    page = home(visitor, people.county_officer)
    assert "還有 2 個單位" in page
    assert "1 個獲准展延，尚未逾期" in page


def test_when_all_have_filed_it_says_so(visitor, people, app):
    filings.file_nil(app, people.officer, people.school, FEBRUARY)
    filings.file_nil(app, people.neighbours_officer, people.neighbour, FEBRUARY)
    assert "已全部完成填報" in home(visitor, people.county_officer)


def test_the_organiser_the_progress_and_what_waits(visitor, people, app, clock):
    filings.file_nil(app, people.officer, people.school, FEBRUARY)
    clock.goes_on(days=8)
    amendments.open_month(app, people.organiser, people.school, FEBRUARY, "王老師", "漏填一位")
    with app.store.work() as work:
        work.outbox.add("x", "gone@example.tw", "remind", {}, at=app.clock.now())
        work.connection.exec_driver_sql("UPDATE outbox SET state = 'refused' WHERE key = 'x'")
    page = home(visitor, people.organiser)
    assert "還有 2 個單位<wbr>未填報" in page
    assert "1 個月份開放修改中" in page
    assert "1 封信沒有寄達" in page
    assert "個單位聯絡不到" in page, "the far senior high has no account"
    assert "114年3月17日（星期一）　114年2月彙整" in page


def test_the_agency_the_rate_and_the_lists(visitor, people):
    page = home(visitor, people.agency)
    assert "完成率 <strong>0%</strong>" in page
    assert 'href="/letters"' in page
    assert "聯絡不到" not in page


def test_support_the_queue_and_whom_no_mail_reaches_and_no_filings(visitor, people, app):
    asked = resets.request(app, people.support, people.officer, resets.Reason.NEW_POST, "新任組長")
    page = home(visitor, people.support)
    assert "有 1 件帳號重置等待安排" in page
    assert "個單位聯絡不到" in page
    assert "完成率" not in page
    resets.schedule(app, people.support, asked.id, app.clock.now().date())
    assert "有 1 件帳號重置應在今天辦理" in visitor.get("/").text
    resets.withdraw(app, people.support, asked.id)
    assert "目前沒有今天要辦的帳號重置" in visitor.get("/").text


@pytest.mark.parametrize("since", [Period(2025, 4)], indirect=True)
def test_where_nothing_is_due_no_rate_is_made_up(visitor, people, since):
    page = home(visitor, people.agency)
    assert "114年2月<wbr>沒有應填報的單位" in page
    assert "%" not in page.partition("<main")[2].partition("</section>")[0]


@pytest.mark.parametrize("since", [Period(2025, 1)], indirect=True)
def test_only_who_is_late_with_earlier_months_is_to_be_reminded_first(visitor, people, app, since):
    assert "2 個單位有本學年度更早的逾期月份" in home(visitor, people.county_officer)
    grants.extend(app, people.organiser, [people.school], since, date(2025, 3, 20), "颱風停課")
    assert "1 個單位有本學年度更早的逾期月份" in visitor.get("/").text


@pytest.fixture
def since(request):
    return getattr(request, "param", FEBRUARY)
