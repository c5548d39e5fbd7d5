"""Taiwan's working days, against the calendars the government published."""

from datetime import date

import pytest

from tianbao.calendar.workdays import Day, Source, Workdays

OFF_113 = (  # 113學年度, days off that fall on weekdays
    date(2024, 9, 17), date(2024, 10, 10), date(2025, 1, 1), date(2025, 1, 27), date(2025, 1, 28), date(2025, 1, 29),
    date(2025, 1, 30), date(2025, 1, 31), date(2025, 2, 28), date(2025, 4, 3), date(2025, 4, 4), date(2025, 5, 30),
)  # fmt: skip
MADE_UP = (date(2024, 2, 17), date(2025, 2, 8))


@pytest.mark.parametrize("day", OFF_113)
def test_days_off_of_the_school_year(day):
    told = Workdays().of(day)
    assert not told.working
    assert told.note


@pytest.mark.parametrize("day", MADE_UP)
def test_make_up_saturdays_are_worked(day):
    assert Workdays().of(day) == Day(day, working=True, note="補行上班")


def test_labour_day_is_for_those_under_the_labour_law_until_2026():
    assert Workdays().of(date(2025, 5, 1)).working
    assert not Workdays().of(date(2026, 5, 1)).working


def test_an_ordinary_day_says_what_it_is():
    assert Workdays().of(date(2024, 10, 11)).why == "上班日"
    assert Workdays().of(date(2024, 10, 12)).why == "星期六"


def test_what_the_organiser_set_goes_before_what_was_published():
    day = date(2024, 10, 2)
    published = Day(day, working=True, source=Source.PUBLISHED)
    typhoon = Day(day, working=False, note="山陀兒颱風", source=Source.ORGANISER)
    assert Workdays([typhoon, published]).of(day) == typhoon
    assert Workdays([published, typhoon]).next_working(day) == date(2024, 10, 3)


def test_the_next_working_day_is_the_day_itself_where_it_is_one():
    assert Workdays().next_working(date(2024, 10, 11)) == date(2024, 10, 11)
    assert Workdays().next_working(date(2025, 1, 25)) == date(2025, 2, 3)
