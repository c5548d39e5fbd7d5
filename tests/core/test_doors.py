"""What a unit may do and what it is told: every closed door says why and what to do."""

from datetime import date, datetime, timedelta

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
)
from tianbao.clock import TAIPEI
from tianbao.doors import amendable, amendment_door, catching_up, current_door, late_door, months_in_words, pending
from tianbao.errors import Refusal
from tianbao.periods import Period, PeriodRange, PeriodRanges
from tianbao.units import Level, Unit

FIRST = Period(2024, 8)
UNIT = Unit("010301", Level.ELEMENTARY, "某國小", "臺北市", PeriodRange(FIRST))

at_leisure = settings(deadline=None, max_examples=50)
"""A law is no slower for a busy machine."""

moments = st.datetimes(datetime(2024, 8, 1), datetime(2027, 1, 1), timezones=st.just(TAIPEI))


@st.composite
def situations(draw):
    """A unit with some months filed, some put off, some exempt, some to be amended."""
    months = [FIRST.plus(n) for n in range(30)]
    some = st.lists(st.sampled_from(months), unique=True)
    filed = draw(st.dictionaries(st.sampled_from(months), st.builds(Filed, moments, st.booleans())))
    later = {
        each: Extension(each.next.first_day + timedelta(days=draw(st.integers(0, 60))), "展延") for each in draw(some)
    }
    let_off = {each: Exemption("停課") for each in draw(some)}
    amendments = [Amendment(each, draw(moments), 1, "更正") for each in draw(some)]
    return Facts(UNIT, filed, later, let_off, amendments)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=TAIPEI)


def month(text):
    return Period.parse(text)


def filed(*months):
    """Filed on the fifth of the month after."""
    return {
        month(each): Filed(datetime.combine(month(each).next.first_day, at("2024-01-01T10:00").timetz()))
        for each in months
    }


def on(day):
    return Calendar(at(day))


AUTUMN = filed("2024-08", "2024-09", "2024-10")


@pytest.mark.parametrize(
    ("months", "says"),
    [
        ([], ""),
        (["2024-09"], "113年9月"),
        (["2024-10", "2024-09"], "113年9月、10月"),
        (["2025-01", "2024-11", "2024-12"], "113年11月、12月、114年1月"),
        ([f"2024-{n:02}" for n in range(2, 13)], "113年2月至12月"),
        (["2024-02", *(f"2024-{n:02}" for n in range(10, 13)), "2025-01"], "113年2月、10月至114年1月"),
    ],
)
def test_months_in_words_say_each_year_once(months, says):
    assert months_in_words(map(month, months)) == says


def test_pending_names_the_overdue_months_and_leads_to_late_filing():
    says = pending(on("2024-11-15").obligations(Facts(UNIT, filed("2024-08"))))
    assert says == "貴單位有 2 個月份逾期未填報：113年9月、10月。請先到「逾期補填」補齊，再進行當期填報。"


def test_pending_says_nothing_of_what_is_in_order_or_only_current():
    assert pending(on("2024-11-05").obligations(Facts(UNIT, filed("2024-08", "2024-09")))) == ""


def test_pending_tells_of_extensions_and_amendments_too():
    facts = Facts(
        UNIT,
        filed("2024-08"),
        {month("2024-09"): Extension(date(2024, 10, 20), "颱風")},
        amendments=[Amendment(month("2024-08"), at("2024-10-12"), 1, "更正")],
    )
    assert pending(on("2024-10-15").obligations(facts)) == (
        "113年9月已展延，請在113年10月20日（星期日）24:00（臺灣時間）前到「逾期補填」填報。"
        "113年8月已申請修改，請到「逾期補填」上傳修正後的資料；完成前仍以原填報資料為準。"
    )


def test_overdue_months_close_the_current_door_and_it_names_them():
    door = current_door(on("2024-11-15"), Facts(UNIT, filed("2024-08")))
    assert (door.open, door.code, door.leads_to) == (False, "overdue-first", Menu.LATE)
    assert door.reason == "113年9月、10月逾期未填報，補齊後才能填報當期（113年11月）。"
    assert door.remedy == "請先到「逾期補填」補齊。"


def test_the_current_door_stays_open_after_filing_until_the_month_is_due():
    facts = Facts(UNIT, filed("2024-08", "2024-09"))
    assert current_door(on("2024-10-10T23:59:59"), facts).open


def test_neither_an_extension_nor_an_amendment_blocks_the_current_period():
    facts = Facts(
        UNIT,
        filed("2024-08"),
        {month("2024-09"): Extension(date(2024, 10, 20), "颱風")},
        amendments=[Amendment(month("2024-08"), at("2024-10-12"), 1, "更正")],
    )
    assert current_door(on("2024-10-15"), facts).open
    assert current_door(on("2024-10-21"), facts).code == "overdue-first"


def test_a_closed_unit_is_told_of_what_it_still_owes():
    facts = Facts(evolve(UNIT, active=PeriodRange(FIRST, month("2024-10"))), filed("2024-08", "2024-09"))
    door = current_door(on("2024-11-15"), facts)
    assert (door.code, door.leads_to) == ("after-last", Menu.LATE)
    assert door.reason == "貴單位填報至113年10月止，113年11月不必填報。"
    assert door.remedy == "另有113年10月逾期未填報，請到「逾期補填」補齊。"


def test_a_unit_that_was_away_is_told_so_of_the_months_between_and_owes_those_before():
    away = PeriodRanges([PeriodRange(FIRST, month("2024-09")), PeriodRange(month("2024-12"))])
    facts = Facts(evolve(UNIT, active=away), filed("2024-08"))
    between = late_door(on("2025-01-20"), facts, month("2024-11"))
    assert (between.code, between.reason) == (
        "between",
        "貴單位填報至113年9月止，自113年12月起恢復填報，113年11月不必填報。",
    )
    assert late_door(on("2025-01-20"), facts, month("2024-09")).open
    assert current_door(on("2025-01-20"), facts).reason.startswith("113年9月、12月逾期未填報")


def test_a_unit_without_any_months_is_told_so():
    assert current_door(on("2025-01-20"), Facts(evolve(UNIT, active=PeriodRanges()))).code == "no-months"


def test_a_new_unit_is_told_when_it_begins():
    facts = Facts(evolve(UNIT, active=PeriodRange(month("2025-02"))))
    assert current_door(on("2025-01-20"), facts).reason == "貴單位自114年2月起填報，114年1月不必填報。"


def test_a_unit_without_a_beginning_begins_with_the_first_month_of_all():
    calendar = Calendar(at("2025-03-01"), CalendarRules(first_month="2025-03"))
    assert current_door(calendar, Facts(evolve(UNIT, active=PeriodRange()))).reason.startswith("貴單位自114年3月起填報")


def test_an_exempt_month_says_why_there_is_nothing_to_file():
    facts = Facts(UNIT, AUTUMN, exemptions={month("2024-11"): Exemption("校舍整建停課")})
    for door in (
        current_door(on("2024-11-15"), facts),
        late_door(on("2025-01-15"), facts, month("2024-11")),
        amendment_door(on("2025-01-15"), facts, month("2024-11")),
    ):
        assert (door.code, door.reason) == ("exempt", "113年11月已核准免填（校舍整建停課）。")


def test_a_month_not_yet_open_says_when_it_opens():
    door = late_door(on("2024-11-10"), Facts(UNIT, AUTUMN), month("2024-11"))
    assert (door.code, door.remedy) == ("not-yet-open", "請於113年11月11日（星期一）起填報。")
    gap = Calendar(at("2024-11-12"), CalendarRules(opening_day=21))
    assert current_door(gap, Facts(UNIT, AUTUMN)).remedy == "請於113年11月21日（星期四）起填報。"


@pytest.mark.parametrize(
    ("now", "facts", "code", "leads_to"),
    [
        ("2024-10-05", Facts(UNIT, filed("2024-08")), "not-late", Menu.CURRENT),
        ("2024-10-05", Facts(UNIT, filed("2024-08", "2024-09")), "already-filed", Menu.CURRENT),
        ("2024-10-11", Facts(UNIT, filed("2024-08", "2024-09")), "already-filed", Menu.AMENDMENT),
        ("2024-10-11", Facts(UNIT, filed("2024-08")), "", None),
    ],
)
def test_late_filing_takes_what_is_late_and_else_leads_to_the_right_page(now, facts, code, leads_to):
    door = late_door(on(now), facts, month("2024-09"))
    assert (door.open, door.code, door.leads_to) == (not code, code, leads_to)


def test_what_is_asked_for_goes_in_through_late_filing_also_of_another_semester():
    facts = Facts(UNIT, AUTUMN, amendments=[Amendment(month("2024-09"), at("2025-03-01"), 2, "來電更正", "王老師")])
    assert late_door(on("2025-03-05"), facts, month("2024-09")).open
    assert not late_door(on("2025-02-28"), facts, month("2024-09")).open


@pytest.mark.parametrize(
    ("now", "months"),
    [
        ("2024-09-10", []),
        ("2024-09-11", ["2024-08"]),
        ("2025-01-11", ["2024-08", "2024-09", "2024-10", "2024-11", "2024-12"]),
        ("2025-02-10T23:59:59", ["2024-08", "2024-09", "2024-10", "2024-11", "2024-12"]),
        ("2025-02-11", []),
        ("2025-03-11", ["2025-02"]),
        ("2025-08-10T23:59:59", ["2025-02", "2025-03", "2025-04", "2025-05", "2025-06"]),
        ("2025-08-11", []),
    ],
)
def test_amendable_are_the_earlier_months_of_the_semester_of_the_current_period(now, months):
    facts = Facts(UNIT, filed(*(str(FIRST.plus(n)) for n in range(-3, 13))))
    doors = amendable(on(now), facts)
    assert [str(each) for each in doors] == months
    assert all(door.open for door in doors.values())


def test_another_semesters_month_is_a_telephone_call_to_the_organiser():
    door = amendment_door(on("2025-03-05"), Facts(UNIT, AUTUMN), month("2024-09"))
    assert (door.code, door.leads_to) == ("other-semester", Menu.HELP)
    assert door.reason == "113年9月屬113學年度上學期，不是當學期（113學年度下學期）的月份。"
    assert door.remedy == "請致電承辦單位，說明要修改的月份與原因；承辦單位開放後，再到「逾期補填」上傳修正後的資料。"


@pytest.mark.parametrize(
    ("period", "code", "leads_to"),
    [
        ("2024-08", "already-asked", Menu.LATE),
        ("2024-09", "", None),
        ("2024-10", "not-filed", Menu.LATE),
        ("2024-11", "is-current", Menu.CURRENT),
        ("2024-12", "not-yet-open", None),
        ("2024-07", "before-first", Menu.HELP),
    ],
)
def test_each_month_of_the_semester_says_whether_it_can_be_amended(period, code, leads_to):
    facts = Facts(
        UNIT, filed("2024-08", "2024-09"), amendments=[Amendment(month("2024-08"), at("2024-11-12"), 1, "更正")]
    )
    door = amendment_door(on("2024-11-15"), facts, month(period))
    assert (door.open, door.code, door.leads_to) == (not code, code, leads_to)


def test_going_through_a_closed_door_is_refused_with_its_words():
    door = current_door(on("2024-11-15"), Facts(UNIT))
    with pytest.raises(Refusal) as refused:
        door.demand()
    assert (refused.value.code, refused.value.message, refused.value.remedy) == (door.code, door.reason, door.remedy)
    current_door(on("2024-08-15"), Facts(UNIT)).demand()


@at_leisure
@given(situations(), moments)
def test_closed_doors_always_say_why_and_what_to_do(facts, now):
    calendar = Calendar(now)
    doors = [current_door(calendar, facts)]
    for n in range(-2, 32):
        doors += [late_door(calendar, facts, FIRST.plus(n)), amendment_door(calendar, facts, FIRST.plus(n))]
    for door in doors:
        assert door.open or (door.code and door.reason.endswith("。") and door.remedy.endswith("。"))
        assert not (door.open and door.reason)


@at_leisure
@given(situations(), moments)
def test_overdue_months_alone_keep_a_unit_from_its_current_period(facts, now):
    calendar = Calendar(now)
    states = {each.period: each.state for each in calendar.obligations(facts)}
    owed = states.get(calendar.current) not in (None, State.EXEMPT)
    assert current_door(calendar, facts).open == (owed and State.OVERDUE not in states.values())


@at_leisure
@given(situations(), moments)
def test_a_month_is_never_both_late_to_file_and_free_to_amend(facts, now):
    calendar = Calendar(now)
    late = {each.period for each in catching_up(calendar.obligations(facts))}
    free = {each for each, door in amendable(calendar, facts).items() if door.open}
    assert not late & free
    assert all(each.semester == calendar.current.semester and each < calendar.current for each in free)
    assert all(facts.filed[each].first_at <= now for each in free)
