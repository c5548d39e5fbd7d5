"""The calendar on both sides of every edge, at midnight in Taipei, over year ends and leap days."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from tianbao.calendar import (
    Amendment,
    Calendar,
    CalendarRules,
    Exemption,
    Extension,
    Facts,
    Filed,
    Menu,
    State,
    Timing,
    taipei_day,
)
from tianbao.clock import TAIPEI
from tianbao.periods import Period, PeriodRange, PeriodRanges
from tianbao.units import Level, Unit

UNIT = Unit("010301", Level.ELEMENTARY, "某國小", "臺北市")
RULES = CalendarRules()
TICK = timedelta(microseconds=1)

periods = st.builds(Period, st.integers(2023, 2060), st.integers(1, 12))
at_leisure = settings(deadline=None, max_examples=50)
"""A law is no slower for a busy machine."""

moments = st.datetimes(datetime(2023, 1, 1), datetime(2060, 1, 1), timezones=st.just(TAIPEI))
offsets = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
rules = st.integers(1, 27).flatmap(
    lambda due: st.builds(CalendarRules, opening_day=st.integers(due + 1, 28), due_day=st.just(due))
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=TAIPEI)


def month(text):
    return Period.parse(text)


def stands(facts, period, now, its_rules=RULES):
    return Calendar(now, its_rules).obligation(facts, period)


@pytest.mark.parametrize(
    ("now", "current"),
    [
        ("2024-09-10T23:59:59.999999", "2024-08"),
        ("2024-09-11T00:00", "2024-09"),
        ("2024-12-31T23:59:59", "2024-12"),
        ("2025-01-01T00:00", "2024-12"),
        ("2025-01-10T23:59:59", "2024-12"),
        ("2025-01-11T00:00", "2025-01"),
        ("2024-02-29T12:00", "2024-02"),
        ("2024-03-01T00:00", "2024-02"),
        ("2024-03-10T23:59:59", "2024-02"),
        ("2024-07-31T23:59:59", "2024-07"),
        ("2024-08-01T00:00", "2024-07"),
    ],
)
def test_the_current_period_changes_with_the_eleventh(now, current):
    assert Calendar(at(now)).current == month(current)
    assert RULES.current_period(at(now).date()) == month(current)


@pytest.mark.parametrize(
    ("period", "opens", "over", "due"),
    [
        ("2024-09", "2024-09-11", "2024-10-01", "2024-10-11"),
        ("2024-12", "2024-12-11", "2025-01-01", "2025-01-11"),
        ("2025-01", "2025-01-11", "2025-02-01", "2025-02-11"),
        ("2024-02", "2024-02-11", "2024-03-01", "2024-03-11"),
        ("2023-02", "2023-02-11", "2023-03-01", "2023-03-11"),
        ("2024-07", "2024-07-11", "2024-08-01", "2024-08-11"),
    ],
)
def test_a_month_opens_on_its_eleventh_and_is_due_by_the_end_of_the_next_tenth(period, opens, over, due):
    window = RULES.window(month(period))
    assert (window.opens_at, window.over_at, window.due_at) == (at(opens), at(over), at(due))
    assert window.due_on == at(due).date() - timedelta(days=1)


@at_leisure
@given(periods)
def test_one_tick_decides_between_early_on_time_and_late(period):
    window = RULES.window(period)
    arrivals = [window.over_at - TICK, window.over_at, window.due_at - TICK, window.due_at]
    assert [window.timing(moment) for moment in arrivals] == [
        Timing.EARLY,
        Timing.ON_TIME,
        Timing.ON_TIME,
        Timing.LATE,
    ]


@at_leisure
@given(periods, rules)
def test_an_unfiled_month_goes_from_not_yet_open_over_open_to_overdue(period, its_rules):
    window = its_rules.window(period)
    moments = [window.opens_at - TICK, window.opens_at, window.due_at - TICK, window.due_at]
    assert [stands(Facts(UNIT), period, now, its_rules).state for now in moments] == [
        State.NOT_YET_OPEN,
        State.OPEN,
        State.OPEN,
        State.OVERDUE,
    ]


@at_leisure
@given(moments, rules)
def test_at_any_moment_the_current_period_is_the_only_one_not_over_that_has_begun(now, its_rules):
    calendar = Calendar(now, its_rules)
    assert its_rules.window(calendar.current.previous).due_at <= now < its_rules.window(calendar.current).due_at
    assert calendar.current.first_day <= calendar.today


@at_leisure
@given(moments)
def test_without_a_filing_all_before_the_current_period_is_overdue_and_nothing_after_it_open(now):
    calendar = Calendar(now)
    span = [calendar.current.plus(n) for n in range(-3, 4)]
    states = [each.state for each in calendar.obligations(Facts(UNIT), span)]
    owed = sum(period >= calendar.first for period in span)
    before = owed - 4
    assert states == [State.OVERDUE] * before + [State.OPEN] + [State.NOT_YET_OPEN] * 3


@at_leisure
@given(moments, offsets)
def test_wherever_the_server_stands_it_is_the_day_in_taipei(now, elsewhere):
    here, there = Calendar(now), Calendar(now.astimezone(elsewhere))
    assert here.current == there.current == RULES.current_period(now.astimezone(elsewhere))
    assert here.obligations(Facts(UNIT)) == there.obligations(Facts(UNIT))


def test_utc_afternoon_is_the_next_day_in_taipei():
    assert taipei_day(datetime(2024, 9, 10, 15, 59, 59, tzinfo=UTC)) == date(2024, 9, 10)
    assert taipei_day(datetime(2024, 9, 10, 16, tzinfo=UTC)) == date(2024, 9, 11)


def test_a_moment_without_its_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        taipei_day(datetime(2024, 9, 10, 12))


@pytest.mark.parametrize(
    ("arrived", "state", "timing"),
    [
        ("2024-09-30T23:59:59.999999", State.FILED, Timing.EARLY),
        ("2024-10-01T00:00", State.FILED, Timing.ON_TIME),
        ("2024-10-10T23:59:59.999999", State.FILED, Timing.ON_TIME),
        ("2024-10-11T00:00", State.FILED_LATE, Timing.LATE),
    ],
)
def test_what_arrives_before_midnight_is_on_time(arrived, state, timing):
    facts = Facts(UNIT, {month("2024-09"): Filed(at(arrived))})
    obligation = stands(facts, month("2024-09"), at("2024-10-12"))
    assert (obligation.state, obligation.timing) == (state, timing)


@at_leisure
@given(periods, st.integers(-20 * 24, 60 * 24), st.booleans())
def test_a_filing_keeps_how_it_arrived_whenever_one_asks(period, hours, nil):
    window = RULES.window(period)
    arrived = window.opens_at + timedelta(hours=hours)
    facts = Facts(UNIT, {period: Filed(arrived, nil)})
    on_time = State.FILED_NIL if nil else State.FILED
    for later in (timedelta(0), timedelta(days=400)):
        obligation = stands(facts, period, arrived + later)
        assert obligation.state is (on_time if arrived < window.due_at else State.FILED_LATE)
        assert obligation.timing is window.timing(arrived)
        assert obligation.nil is nil
    assert not stands(facts, period, arrived - TICK).state.filed


def test_an_extension_puts_off_the_end_and_what_arrives_in_it_is_on_time():
    period, extension = month("2024-09"), Extension(date(2024, 10, 20), "颱風停課")
    facts = Facts(UNIT, extensions={period: extension})
    states = {day: stands(facts, period, at(day)).state for day in ("2024-10-11", "2024-10-20", "2024-10-21")}
    assert list(states.values()) == [State.OPEN, State.OPEN, State.OVERDUE]
    filed = evolve(facts, filed={period: Filed(at("2024-10-20T23:59:59"))})
    assert stands(filed, period, at("2024-11-01")).state is State.FILED
    assert stands(filed, period, at("2024-11-01")).timing is Timing.ON_TIME


def test_an_extension_never_shortens():
    period = month("2024-09")
    facts = Facts(UNIT, extensions={period: Extension(date(2024, 9, 30), "誤植")})
    assert stands(facts, period, at("2024-10-10T23:59:59")).state is State.OPEN
    assert stands(facts, period, at("2024-10-11")).state is State.OVERDUE


def test_an_exempt_month_is_owed_at_no_time_but_a_filing_of_it_still_shows():
    period = month("2024-09")
    facts = Facts(UNIT, exemptions={period: Exemption("停課")})
    days = ("2024-09-01", "2024-09-20", "2024-10-05", "2025-06-01")
    assert {stands(facts, period, at(day)).state for day in days} == {State.EXEMPT}
    assert stands(facts, period, at("2024-10-05")).timing is None
    filed = evolve(facts, filed={period: Filed(at("2024-09-20"))})
    assert stands(filed, period, at("2024-10-05")).state is State.FILED


def test_an_amendment_is_open_from_its_request_until_it_is_withdrawn_or_accepted():
    period = month("2024-09")
    asked = Amendment(period, at("2024-11-01T09:00"), 7, "漏填一位學生")
    accepted = evolve(asked, accepted_at=at("2024-11-03T09:00"))
    withdrawn = evolve(asked, withdrawn_at=at("2024-11-02T09:00"))
    filed = {period: Filed(at("2024-10-05"))}

    def states(amendment):
        facts = Facts(UNIT, filed, amendments=[amendment])
        days = ("2024-11-01T08:59", "2024-11-01T09:00", "2024-11-02T09:00", "2024-11-03T09:00", "2025-08-01T09:00")
        return [stands(facts, period, at(day)).state is State.AMENDMENT_OPEN for day in days]

    assert states(asked) == [False, True, True, True, True]
    assert states(accepted) == [False, True, True, False, False]
    assert states(withdrawn) == [False, True, False, False, False]


def test_an_amendment_of_a_month_never_filed_leaves_it_overdue():
    period = month("2024-09")
    facts = Facts(UNIT, amendments=[Amendment(period, at("2024-11-01"), 7, "電話申請", "王老師")])
    assert stands(facts, period, at("2024-11-05")).state is State.OVERDUE


def test_a_unit_owes_the_months_it_is_active_and_none_before_the_first_month_of_all():
    unit = evolve(UNIT, active=PeriodRange(month("2024-10"), month("2025-01")))
    calendar = Calendar(at("2025-06-15"))
    assert [str(each.period) for each in calendar.obligations(Facts(unit))] == [
        "2024-10",
        "2024-11",
        "2024-12",
        "2025-01",
    ]
    assert calendar.obligations(Facts(UNIT))[0].period == month("2022-08")
    later = Calendar(at("2025-06-15"), CalendarRules(first_month="2025-05"))
    assert [str(each.period) for each in later.obligations(Facts(UNIT))] == ["2025-05", "2025-06"]
    assert later.obligation(Facts(UNIT), month("2025-04")) is None


def test_a_unit_that_was_away_owes_its_months_on_both_sides():
    away = PeriodRanges([PeriodRange(month("2024-10"), month("2024-11")), PeriodRange(month("2025-05"))])
    facts = Facts(evolve(UNIT, active=away), {month("2025-01"): Filed(at("2025-02-05"))})
    calendar = Calendar(at("2025-06-15"))
    owed = [month("2024-10"), month("2024-11"), month("2025-05"), month("2025-06")]
    assert [each.period for each in calendar.obligations(facts)] == owed
    assert calendar.obligation(facts, month("2025-01")) is None, "filed, and not owed all the same"


def test_a_month_is_filed_on_its_own_page_while_it_is_current_and_through_late_filing_after():
    period = month("2024-09")
    assert stands(Facts(UNIT), period, at("2024-10-10T23:59")).menu is Menu.CURRENT
    assert stands(Facts(UNIT), period, at("2024-10-11")).menu is Menu.LATE


@pytest.mark.parametrize(
    ("now", "says"),
    [
        ("2024-10-07T12:00", "還有 3 天"),
        ("2024-10-10T00:00", "今天截止"),
        ("2024-10-10T23:59:59", "今天截止"),
        ("2024-10-11T00:00", "已逾期 1 天"),
    ],
)
def test_the_countdown_is_as_people_say_it(now, says):
    obligation = stands(Facts(UNIT), month("2024-09"), at(now))
    assert obligation.countdown == says
    assert obligation.deadline == "113年10月10日（星期四）24:00（臺灣時間）"


def test_every_number_is_a_setting():
    its_rules = CalendarRules(opening_day=21, due_day=15)
    assert Calendar(at("2024-10-15T23:59"), its_rules).current == month("2024-09")
    assert Calendar(at("2024-10-16"), its_rules).current == month("2024-10")
    assert stands(Facts(UNIT), month("2024-10"), at("2024-10-20"), its_rules).state is State.NOT_YET_OPEN
    assert stands(Facts(UNIT), month("2024-10"), at("2024-10-21"), its_rules).state is State.OPEN


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ({"opening_day": 10}, "two months would be current"),
        ({"opening_day": 29}, "opening_day"),
        ({"due_day": 0}, "due_day"),
        ({"due_day": 31}, "due_day"),
        ({"first_month": "111-08"}, "YYYY-MM"),
    ],
)
def test_numbers_that_make_no_calendar_are_refused(numbers, says):
    with pytest.raises(ValueError, match=says):
        CalendarRules(**numbers)


def test_what_counts_in_a_rate():
    assert {state for state in State if not state.counted} == {State.NOT_YET_OPEN, State.EXEMPT, State.EXTRA}
    assert {state for state in State if state.filed} < {state for state in State if state.counted}


@at_leisure
@given(st.dates(date(2023, 1, 1), date(2060, 12, 31)))
def test_a_day_and_its_noon_have_the_same_current_period(day):
    assert RULES.current_period(day) == Calendar(datetime.combine(day, time(12), TAIPEI)).current
