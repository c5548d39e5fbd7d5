"""Days off: the published calendar is read in any of its forms and refused otherwise; what is set goes first."""

from datetime import date, timedelta

import pytest

from tianbao.accounts.forms import FormRefusal
from tianbao.calendar.published import read_published
from tianbao.calendar.workdays import Source, Workdays, calculated
from tianbao.errors import Refusal
from tianbao.records import Operator
from tianbao.reminders.days import import_published, set_day, unset_day, year_of

NEW_YEARS_EVE = date(2025, 12, 31)


def published(year=2025, other=(), encoding="utf-8-sig", slashes=False):
    """The file of a year: as calculated, but for the days that are other."""
    lines = ["西元日期,星期,是否放假,備註"]
    day = date(year, 1, 1)
    while day.year == year:
        told = calculated(day)
        working = told.working != (day in other)
        shown = f"{day:%Y/%m/%d}" if slashes else f"{day:%Y%m%d}"
        lines.append(
            f"{shown},{'一二三四五六日'[day.weekday()]},{0 if working else 2},{told.note if day not in other else '調整'}"
        )
        day += timedelta(days=1)
    return "\r\n".join(lines).encode(encoding)


@pytest.mark.parametrize("form", [{}, {"encoding": "utf-8"}, {"encoding": "cp950"}, {"slashes": True}])
def test_the_published_calendar_is_read_in_its_forms(form):
    year = read_published(published(other=[NEW_YEARS_EVE], **form))
    assert year.year == 2025
    assert len(year.days) == 365
    assert [(day.day, day.working, day.note) for day in year.other] == [(NEW_YEARS_EVE, False, "調整")]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "不是政府行政機關辦公日曆表"),
        (b"\xff\xfe\x00", "不是政府行政機關辦公日曆表"),
        (b"Subject,Start Date\r\nx,2025/1/1\r\n", "不是政府行政機關辦公日曆表"),
        (b"x" * 300_000, "不是政府行政機關辦公日曆表"),
        (published().replace(b"20250301", b"20250231"), "看不懂"),
        (published().replace(b"20250301,\xe5\x85\xad,2", b"20250301,\xe5\x85\xad,1"), "看不懂"),
        (published()[:3000], "看不懂|缺少"),
        (published().replace(b"20250301", b"20250302"), "缺少2025年03月01日"),
        (published() + b"\r\n20260101,\xe5\x9b\x9b,2,", "不同年度"),
        (published() + b"\r\n20251231,\xe4\xb8\x89,0,", "出現兩次"),
        (published().replace(b",0,", b",2,"), "從2025年01月01日起連續放假 365 天"),
    ],
)
def test_what_is_no_whole_year_is_refused_with_what_is_wrong(data, says):
    with pytest.raises(Refusal, match=says):
        read_published(data)


def stored(app):
    with app.store.read() as work:
        return Workdays(work.days.between(date(2025, 1, 1), date(2025, 12, 31)))


def test_an_imported_year_replaces_itself_and_leaves_what_the_organiser_set(app, people):
    set_day(app, people.organiser, date(2025, 3, 11), "颱風", working=False)
    import_published(app, people.organiser, read_published(published(other=[NEW_YEARS_EVE, date(2025, 3, 11)])))
    assert not stored(app).of(NEW_YEARS_EVE).working
    assert stored(app).of(date(2025, 3, 11)).source is Source.ORGANISER
    import_published(app, Operator("root"), read_published(published()))
    assert stored(app).of(NEW_YEARS_EVE).working
    assert stored(app).of(date(2025, 3, 11)).note == "颱風"


def test_a_day_is_set_set_again_and_taken_back(app, people):
    day = date(2025, 3, 11)
    set_day(app, people.organiser, day, "颱風停班停課", working=False)
    assert not stored(app).of(day).working
    set_day(app, people.organiser, day, "更正", working=True)
    assert stored(app).of(day).working
    unset_day(app, people.organiser, day)
    assert stored(app).of(day) == calculated(day)
    with pytest.raises(Refusal, match="沒有設定"):
        unset_day(app, people.organiser, day)
    with app.store.read() as work:
        acts = [entry.action for entry in work.audit.entries(subject=f"day/{day}")]
    assert sorted(acts) == ["official-day.set", "official-day.set", "official-day.unset"]


def test_a_day_needs_a_reason_and_a_year_that_can_be_meant(app, people):
    with pytest.raises(FormRefusal):
        set_day(app, people.organiser, date(2025, 3, 11), " ", working=False)
    with pytest.raises(Refusal, match="超過三年"):
        set_day(app, people.organiser, date(2052, 3, 11), "颱風", working=False)


def test_a_year_shows_what_is_other_than_its_day_of_the_week(app, people):
    set_day(app, people.organiser, date(2025, 3, 11), "颱風", working=False)
    year = year_of(app, people.organiser, 2025)
    days = {day.day: day for day in year.days}
    assert days[date(2025, 2, 8)].working
    assert not days[date(2025, 1, 27)].working
    assert date(2025, 3, 12) not in days
    assert date(2025, 3, 15) not in days  # an ordinary Saturday
    assert [day.day for day in year.set_days] == [date(2025, 3, 11)]


def test_the_organiser_keeps_the_days_and_nobody_else(app, people):
    for account in (people.officer, people.county_officer, people.support, people.agency):
        with pytest.raises(Refusal, match="不能進行"):
            set_day(app, account, date(2025, 3, 11), "颱風", working=False)
        with pytest.raises(Refusal, match="不能進行"):
            year_of(app, account, 2025)
