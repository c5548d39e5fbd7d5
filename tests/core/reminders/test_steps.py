"""On which day each step falls, for how long it makes sense, and which settings make none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tianbao.calendar import CalendarRules
from tianbao.calendar.workdays import Day, Source, Workdays
from tianbao.clock import FixedClock
from tianbao.errors import TianbaoError
from tianbao.periods import Period
from tianbao.reminders.settings import RemindersSettings
from tianbao.reminders.steps import Schedule, Step

SEPTEMBER = Period(2024, 9)


def schedule(*entered, **options):
    return Schedule(RemindersSettings(**options), CalendarRules(), Workdays(entered))


def test_the_11th_and_the_16th_give_way_to_days_off():
    due = schedule().of(Step.CHASE, Period(2024, 12))  # Saturday, 11 January 2025
    assert (due.regular, due.day) == (date(2025, 1, 11), date(2025, 1, 13))
    assert due.shift == "11日（星期六、星期日）遇假日，順延至1月13日（星期一）"
    assert schedule().of(Step.COMPILE, Period(2025, 1)).day == date(2025, 2, 17)  # the 16th is a Sunday


def test_the_1st_stays_where_it_is_unless_it_is_set_to_move():
    assert schedule().of(Step.REMIND, Period(2024, 12)).day == date(2025, 1, 1)
    assert schedule(move=("remind",)).of(Step.REMIND, Period(2024, 12)).day == date(2025, 1, 2)
    assert schedule(move=("remind",)).of(Step.CHASE, Period(2024, 12)).day == date(2025, 1, 11)


def test_a_make_up_saturday_is_a_working_day_and_a_typhoon_day_is_none():
    assert schedule(chase_day=17, compile_day=18).of(Step.CHASE, Period(2024, 1)).day == date(2024, 2, 17)
    typhoon = Day(date(2024, 10, 11), working=False, note="颱風停班停課", source=Source.ORGANISER)
    due = schedule(typhoon).of(Step.CHASE, SEPTEMBER)
    assert due.day == date(2024, 10, 14)
    assert due.shift.startswith("11日（颱風停班停課、星期六、星期日）遇假日，順延至10月14日")


def test_a_reminder_that_asks_to_file_by_a_day_is_not_sent_after_it():
    remind = schedule().of(Step.REMIND, Period(2024, 1))  # the chase gives way to the New Year, until 15 February
    assert remind.open_at(FixedClock.at("2024-02-10T23:59:59").now())
    assert not remind.open_at(FixedClock.at("2024-02-11T00:00").now())


def test_a_reminder_that_days_off_put_off_until_it_is_pointless_falls_on_no_day():
    moved = schedule(remind_day=8, move=("remind", "chase", "compile"))  # the days off are 8 to 14 February
    assert [due.step for due in moved.on(date(2024, 2, 15))] == [Step.CHASE]
    assert [due.step for due in moved.open_at(FixedClock.at("2024-02-15T08:00").now())] == [Step.CHASE]


def test_a_step_is_due_from_its_hour_until_a_later_one_says_more():
    chase = schedule().of(Step.CHASE, SEPTEMBER)
    for moment, is_open in (
        ("2024-10-11T07:59:59", False),
        ("2024-10-11T08:00", True),
        ("2024-11-01T07:59:59", True),
        ("2024-11-01T08:00", False),
    ):
        assert chase.open_at(FixedClock.at(moment).now()) == is_open


def test_what_is_open_at_a_moment():
    now = FixedClock.at("2024-10-17T09:00").now()
    assert [(due.step, due.period) for due in schedule().open_at(now)] == [
        (Step.CHASE, SEPTEMBER),
        (Step.COMPILE, SEPTEMBER),
    ]


def test_nobody_owes_a_month_before_the_first():
    first = CalendarRules().first_month
    assert not schedule().in_month(Period.parse(first))
    assert len(schedule().in_month(Period.parse(first).next)) == len(Step)


@pytest.mark.parametrize("days", [{"chase_day": 10}, {"chase_day": 16}, {"remind_day": 12}])
def test_steps_out_of_order_are_refused(days):
    with pytest.raises(TianbaoError, match="must follow one another"):
        schedule(**days)


def test_an_unknown_step_is_refused():
    with pytest.raises(ValueError, match="remind, chase, compile"):
        RemindersSettings(move=("escalate",))


off_days = st.lists(st.tuples(st.dates(date(2024, 8, 1), date(2025, 7, 31)), st.booleans()), max_size=12)


@given(off_days, st.dates(date(2024, 9, 1), date(2025, 6, 30)))
def test_each_step_happens_once_a_month_on_a_working_day_before_it_is_over(set_days, day):
    entered = [Day(each, working=working, source=Source.ORGANISER) for each, working in set_days]
    made = schedule(*entered)
    for step in Step:
        due = made.of(step, Period.of(day).previous)
        assert due.regular <= due.day
        assert due.opens_at < due.closes_at
        assert due in made.on(due.day)
        assert due in made.open_at(due.opens_at)
        assert due not in made.open_at(due.closes_at)
        assert due not in made.open_at(due.opens_at - timedelta(seconds=1))
        if step is not Step.REMIND:
            assert made.workdays.of(due.day).working
