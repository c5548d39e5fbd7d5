from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tianbao.periods import YEARS, Period, PeriodRange, PeriodRanges, parse_day, school_years

periods = st.builds(Period, st.sampled_from(YEARS), st.integers(1, 12))


@given(periods)
def test_a_month_is_in_its_own_semester_and_in_no_other(period):
    assert period in period.semester.periods
    assert len({p.semester for p in period.semester.periods}) == 1


@given(periods, st.integers(-400, 400))
def test_going_on_and_back_returns(period, months):
    assert period.plus(months).plus(-months) == period


@given(periods)
def test_text_and_back(period):
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    ("text", "year", "spoken"),
    [
        ("2024-08", 113, "113學年度上學期"),
        ("2025-01", 113, "113學年度上學期"),
        ("2025-02", 113, "113學年度下學期"),
        ("2025-07", 113, "113學年度下學期"),
        ("2025-08", 114, "114學年度上學期"),
        ("2024-07", 112, "112學年度下學期"),
    ],
)
def test_school_years_begin_in_august_and_second_halves_in_february(text, year, spoken):
    period = Period.parse(text)
    assert (period.school_year, period.semester.spoken) == (year, spoken)


@pytest.mark.parametrize("text", ["2024-13", "2024-00", "2024", "24-09", "2024-9", "", "2024-09-01", "２０２４-09x"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        Period.parse(text)


@pytest.mark.parametrize("text", ["0001-01", "1912-01", "1997-12", "2101-01", "2910-12", "9999-12"])
def test_what_nobody_means_is_too_far_away(text):
    with pytest.raises(ValueError, match="1998 to 2100"):
        Period.parse(text)
    with pytest.raises(ValueError, match="1998 to 2100"):
        parse_day(f"{text}-01")


@pytest.mark.parametrize("text", ["2025-02-29", "2025-13-01", "2025-00-01", "114/3/11", "", "soon"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match="is not a day"):
        parse_day(text)


def test_a_day_is_read():
    assert parse_day(" 2025-03-11 ") == date(2025, 3, 11)


def test_a_range_that_ends_before_it_begins_has_no_months():
    never = PeriodRange(Period(2025, 2), Period(2025, 1))
    assert never.spoken == "沒有月份"
    assert not any(Period(2025, 1).plus(n) in never for n in range(-3, 4))


bounds = st.none() | periods
ranges = st.lists(st.builds(PeriodRange, bounds, bounds), max_size=4)


@given(ranges, periods)
def test_several_ranges_hold_the_months_of_each_and_equal_what_holds_the_same(several, month):
    joined = PeriodRanges(several)
    assert (month in joined) == any(month in each for each in several)
    assert PeriodRanges(reversed(several)) == joined == PeriodRanges(joined.ranges)
    for before, after in pairwise(joined.ranges):
        assert before.last.next < after.first


@given(ranges, st.builds(PeriodRange, bounds, bounds), periods)
def test_what_lies_within_a_range_lies_in_both(several, months, month):
    joined = PeriodRanges(several)
    assert any(month in each for each in joined.within(months)) == (month in joined and month in months)


def test_ranges_are_spoken_one_after_the_other():
    away = PeriodRanges([PeriodRange(Period(2022, 8), Period(2024, 7)), PeriodRange(Period(2025, 8))])
    assert away.spoken == "111年8月至113年7月、114年8月起"
    assert PeriodRanges().spoken == "沒有月份"


def test_roc_and_spoken_forms():
    assert (Period(2024, 9).roc, Period(2024, 9).spoken) == ("113-09", "113年9月")
    assert Period.of(date(2024, 2, 29)) == Period(2024, 2)


@given(periods, periods, periods, periods)
def test_ranges_overlap_where_a_month_lies_in_both(a, b, c, d):
    one, two = PeriodRange(min(a, b), max(a, b)), PeriodRange(min(c, d), max(c, d))
    month = max(one.first, two.first)
    assert one.overlaps(two) == (month in one and month in two)


def test_a_range_of_school_years():
    served = school_years(111, 112)
    assert Period(2022, 8) in served
    assert Period(2024, 7) in served
    assert Period(2022, 7) not in served
    assert Period(2024, 8) not in served
    assert Period(2100, 1) in school_years(113)
