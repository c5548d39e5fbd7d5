"""稽催預演, 假日設定, 聯絡不到的單位: what the pages say and do."""

from datetime import date, timedelta

import pytest

from tianbao.calendar.workdays import calculated
from tianbao.units import Level, Unit


@pytest.fixture
def organiser(visitor, people):
    visitor.sign_in(people.organiser)
    return visitor


def calendar(year=2025, off=()):
    day, lines = date(year, 1, 1), ["西元日期,星期,是否放假,備註"]
    while day.year == year:
        working = calculated(day).working and day not in off
        lines.append(f"{day:%Y%m%d},{'一二三四五六日'[day.weekday()]},{0 if working else 2},{'' if working else '假'}")
        day += timedelta(days=1)
    return "\r\n".join(lines).encode("utf-8-sig")


def test_a_day_shows_who_would_get_what_and_why(organiser):
    page = organiser.get("/reminders?day=2025-03-11").text
    assert "縣立大成國中" in page
    assert "114年2月逾期" in page
    assert "會寄給填報單位 2、縣市政府 1。" in page
    assert "16日（星期日）遇假日，順延至3月17日（星期一）" in page


def test_one_unit_is_found(organiser):
    page = organiser.get("/reminders?day=2025-03-11&q=074501").text
    assert "縣立大成國中" in page
    assert "縣立大成國小" not in page
    assert "這天不會收到稽催的信" in organiser.get("/reminders?day=2025-03-11&q=無此校").text


def test_a_day_without_steps_says_what_is_next(organiser):
    page = organiser.get("/reminders?day=2025-03-14").text
    assert "沒有要寄的信" in page
    assert "114年3月17日（星期一）彙整" in page


def test_what_is_no_day_is_said_beside_the_field(organiser):
    answer = organiser.get("/reminders?day=tomorrow")
    assert answer.status_code == 422
    assert "這不是日期" in answer.text


def test_a_message_is_read_before_it_is_sent(organiser, people):
    key = f"reminder/chase/2025-02/unit/{people.school.id}"
    page = organiser.get("/reminders/message", params={"day": "2025-03-11", "key": key}).text
    assert "王小明 您好" in page
    gone = organiser.get("/reminders/message?day=2025-03-11&key=none", follow_redirects=False)
    assert gone.headers["location"] == "/reminders?day=2025-03-11"


def test_a_typhoon_day_moves_the_chase_and_can_be_taken_back(organiser):
    day = {"day": "2025-03-11", "kind": "off", "note": "颱風停班停課"}
    page = organiser.fill_in("/reminders/days", day).text
    assert "已設定" in page
    assert "11日（颱風停班停課）遇假日，順延至3月12日（星期三）" in organiser.get("/reminders?day=2025-03-12").text
    token = organiser.get("/reminders/days").text.split('name="_csrf" value="')[1].split('"')[0]
    assert "已取消設定" in organiser.post("/reminders/days/2025-03-11/unset", data={"_csrf": token}).text
    assert "順延至3月12日" not in organiser.get("/reminders?day=2025-03-12").text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"day": "", "kind": "off", "note": "颱風"}, "日期沒有填"),
        ({"day": "2025-03-11", "note": "颱風"}, "沒有選擇放假或上班"),
        ({"day": "2025-03-11", "kind": "off", "note": ""}, "原因"),
        ({"day": "2055-03-11", "kind": "off", "note": "颱風"}, "超過三年"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(organiser, form, says):
    answer = organiser.fill_in("/reminders/days", form)
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{form["note"]}"' in answer.text


def test_the_official_calendar_is_seen_before_it_is_taken(organiser):
    file = ("113.csv", calendar(off=[date(2025, 3, 11)]))
    page = organiser.fill_in("/reminders/days/import", files={"file": file}).text
    assert "與系統推算不同的有 1 天" in page
    assert "114年3月11日" in page
    assert "順延至3月12日" not in organiser.get("/reminders?day=2025-03-12").text
    kept = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("_csrf", "file")}
    assert "已匯入" in organiser.post("/reminders/days/import/confirm", data=kept).text
    assert "順延至3月12日" in organiser.get("/reminders?day=2025-03-12").text


def test_what_is_no_calendar_is_refused_in_words(organiser):
    answer = organiser.fill_in("/reminders/days/import", files={"file": ("a.csv", b"a,b\n1,2")})
    assert answer.status_code == 422
    assert "不是政府行政機關辦公日曆表" in answer.text
    tampered = {
        "_csrf": organiser.get("/reminders/days").text.split('name="_csrf" value="')[1].split('"')[0],
        "file": "?",
    }
    assert "請再上傳一次" in organiser.post("/reminders/days/import/confirm", data=tampered).text


def test_support_sees_whom_no_mail_reaches(visitor, people):
    visitor.sign_in(people.support)
    page = visitor.get("/support/unreachable").text
    assert "市立遠山高中" in page
    assert "一直沒有註冊" in page
    assert "縣立大成國中" not in page
    assert "市立遠山高中" not in visitor.get("/support/unreachable?county=基隆市").text


def test_a_long_list_comes_in_pages_and_whole_as_a_file(visitor, app, people):
    with app.store.work() as work:
        for number in range(150):
            unit = Unit(f"9{number:05}", Level.ELEMENTARY, f"第{number:03}國小", "基隆市", people.far.active)
            work.units.add(unit)
    visitor.sign_in(people.support)
    first, second, beyond = (
        visitor.get("/support/unreachable", params={"county": "基隆市", "page": page}).text for page in ("", "2", "99")
    )
    assert "第098國小" in first  # the county's office is the first of all
    assert "第099國小" in second
    assert "第099國小" not in first
    assert "第 2／2 頁" in second
    assert "第 2／2 頁" in beyond
    assert 'href="/support/unreachable?county=%E5%9F%BA%E9%9A%86%E5%B8%82&amp;page=2"' in first
    taken = visitor.get("/support/unreachable/download/csv", params={"county": "基隆市"})
    assert sum("國小" in row and "沒有帳號" in row for row in taken.text.splitlines()) == 150
    assert "臺北市政府" not in taken.text
    assert visitor.get("/support/unreachable/download/exe").status_code == 404


def test_a_county_whose_units_can_all_be_reached_is_told_so(visitor, people):
    visitor.sign_in(people.county_officer)
    assert "信也都寄得到" in visitor.get("/support/unreachable").text
