"""A whole school year, day by day, for a unit in every situation.

Each table is a diary: from that day on the unit stands so, until the next line. The twelve signs are the
months August to July:

    -  not its to file      .  not yet open     e  open, early       o  open, on time     X  overdue
    F  filed                N  filed nil        L  filed late        A  being amended     _  exempt

and behind them is whether 當期填報 is open, else why not.
"""

from datetime import date, datetime, time, timedelta

import pytest

from tianbao.calendar import Amendment, Calendar, Exemption, Extension, Facts, Filed, State, Timing
from tianbao.clock import TAIPEI
from tianbao.doors import catching_up, current_door, late_door
from tianbao.periods import Period, PeriodRange
from tianbao.units import Level, Unit

YEAR = tuple(Period(2024, 8).plus(n) for n in range(12))
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER, JANUARY, *SPRING = YEAR
DAYS = [date(2024, 8, 1) + timedelta(days=n) for n in range(365)]

SIGNS = {
    State.NOT_YET_OPEN: ".",
    State.OPEN: "o",
    State.FILED: "F",
    State.FILED_NIL: "N",
    State.OVERDUE: "X",
    State.FILED_LATE: "L",
    State.AMENDMENT_OPEN: "A",
    State.EXEMPT: "_",
}

NEVER = """
2024-08-01 ............ before-first
2024-08-11 e........... open
2024-09-01 o........... open
2024-09-11 Xe.......... overdue-first
2024-10-01 Xo.......... overdue-first
2024-10-11 XXe......... overdue-first
2024-11-01 XXo......... overdue-first
2024-11-11 XXXe........ overdue-first
2024-12-01 XXXo........ overdue-first
2024-12-11 XXXXe....... overdue-first
2025-01-01 XXXXo....... overdue-first
2025-01-11 XXXXXe...... overdue-first
2025-02-01 XXXXXo...... overdue-first
2025-02-11 XXXXXXe..... overdue-first
2025-03-01 XXXXXXo..... overdue-first
2025-03-11 XXXXXXXe.... overdue-first
2025-04-01 XXXXXXXo.... overdue-first
2025-04-11 XXXXXXXXe... overdue-first
2025-05-01 XXXXXXXXo... overdue-first
2025-05-11 XXXXXXXXXe.. overdue-first
2025-06-01 XXXXXXXXXo.. overdue-first
2025-06-11 XXXXXXXXXXe. overdue-first
2025-07-01 XXXXXXXXXXo. overdue-first
2025-07-11 XXXXXXXXXXXe overdue-first
"""

ON_TIME = """
2024-08-01 ............ before-first
2024-08-11 e........... open
2024-09-01 o........... open
2024-09-05 F........... open
2024-09-11 Fe.......... open
2024-10-01 Fo.......... open
2024-10-05 FF.......... open
2024-10-11 FFe......... open
2024-11-01 FFo......... open
2024-11-05 FFF......... open
2024-11-11 FFFe........ open
2024-12-01 FFFo........ open
2024-12-05 FFFF........ open
2024-12-11 FFFFe....... open
2025-01-01 FFFFo....... open
2025-01-05 FFFFF....... open
2025-01-11 FFFFFe...... open
2025-02-01 FFFFFo...... open
2025-02-05 FFFFFF...... open
2025-02-11 FFFFFFe..... open
2025-03-01 FFFFFFo..... open
2025-03-05 FFFFFFF..... open
2025-03-11 FFFFFFFe.... open
2025-04-01 FFFFFFFo.... open
2025-04-05 FFFFFFFF.... open
2025-04-11 FFFFFFFFe... open
2025-05-01 FFFFFFFFo... open
2025-05-05 FFFFFFFFF... open
2025-05-11 FFFFFFFFFe.. open
2025-06-01 FFFFFFFFFo.. open
2025-06-05 FFFFFFFFFF.. open
2025-06-11 FFFFFFFFFFe. open
2025-07-01 FFFFFFFFFFo. open
2025-07-05 FFFFFFFFFFF. open
2025-07-11 FFFFFFFFFFFe open
"""

NIL_AND_EARLY = """
2024-08-01 ............ before-first
2024-08-11 e........... open
2024-08-20 N........... open
2024-09-11 Ne.......... open
2024-09-20 NN.......... open
2024-10-11 NNe......... open
2024-10-20 NNN......... open
2024-11-11 NNNe........ open
2024-11-20 NNNN........ open
2024-12-11 NNNNe....... open
2024-12-20 NNNNN....... open
2025-01-11 NNNNNe...... open
2025-01-20 NNNNNN...... open
2025-02-11 NNNNNNe..... open
2025-02-20 NNNNNNN..... open
2025-03-11 NNNNNNNe.... open
2025-03-20 NNNNNNNN.... open
2025-04-11 NNNNNNNNe... open
2025-04-20 NNNNNNNNN... open
2025-05-11 NNNNNNNNNe.. open
2025-05-20 NNNNNNNNNN.. open
2025-06-11 NNNNNNNNNNe. open
2025-06-20 NNNNNNNNNNN. open
2025-07-11 NNNNNNNNNNNe open
2025-07-20 NNNNNNNNNNNN open
"""

ALWAYS_LATE = """
2024-08-01 ............ before-first
2024-08-11 e........... open
2024-09-01 o........... open
2024-09-11 Xe.......... overdue-first
2024-09-15 Le.......... open
2024-10-01 Lo.......... open
2024-10-11 LXe......... overdue-first
2024-10-15 LLe......... open
2024-11-01 LLo......... open
2024-11-11 LLXe........ overdue-first
2024-11-15 LLLe........ open
2024-12-01 LLLo........ open
2024-12-11 LLLXe....... overdue-first
2024-12-15 LLLLe....... open
2025-01-01 LLLLo....... open
2025-01-11 LLLLXe...... overdue-first
2025-01-15 LLLLLe...... open
2025-02-01 LLLLLo...... open
2025-02-11 LLLLLXe..... overdue-first
2025-02-15 LLLLLLe..... open
2025-03-01 LLLLLLo..... open
2025-03-11 LLLLLLXe.... overdue-first
2025-03-15 LLLLLLLe.... open
2025-04-01 LLLLLLLo.... open
2025-04-11 LLLLLLLXe... overdue-first
2025-04-15 LLLLLLLLe... open
2025-05-01 LLLLLLLLo... open
2025-05-11 LLLLLLLLXe.. overdue-first
2025-05-15 LLLLLLLLLe.. open
2025-06-01 LLLLLLLLLo.. open
2025-06-11 LLLLLLLLLXe. overdue-first
2025-06-15 LLLLLLLLLLe. open
2025-07-01 LLLLLLLLLLo. open
2025-07-11 LLLLLLLLLLXe overdue-first
2025-07-15 LLLLLLLLLLLe open
"""

NEW_UNIT = """
2024-08-01 ------...... before-first
2025-02-11 ------e..... open
2025-03-01 ------o..... open
2025-03-10 ------F..... open
2025-03-11 ------Fe.... open
2025-04-01 ------Fo.... open
2025-04-10 ------FF.... open
2025-04-11 ------FFe... open
2025-05-01 ------FFo... open
2025-05-10 ------FFF... open
2025-05-11 ------FFFe.. open
2025-06-01 ------FFFo.. open
2025-06-10 ------FFFF.. open
2025-06-11 ------FFFFe. open
2025-07-01 ------FFFFo. open
2025-07-10 ------FFFFF. open
2025-07-11 ------FFFFFe open
"""

CLOSING_UNIT = """
2024-08-01 ......------ before-first
2024-08-11 e.....------ open
2024-08-20 F.....------ open
2024-09-11 Fe....------ open
2024-09-20 FF....------ open
2024-10-11 FFe...------ open
2024-10-20 FFF...------ open
2024-11-11 FFFe..------ open
2024-11-20 FFFF..------ open
2024-12-11 FFFFe.------ open
2024-12-20 FFFFF.------ open
2025-01-11 FFFFFe------ open
2025-02-01 FFFFFo------ open
2025-02-11 FFFFFX------ after-last
2025-02-25 FFFFFL------ after-last
"""

EXEMPT_MONTHS = """
2024-08-01 ..._._...... before-first
2024-08-11 e.._._...... open
2024-08-20 F.._._...... open
2024-09-11 Fe._._...... open
2024-09-20 FF._._...... open
2024-10-11 FFe_._...... open
2024-10-20 FFF_._...... open
2024-11-11 FFF_._...... exempt
2024-12-11 FFF_e_...... open
2024-12-20 FFF_F_...... open
2025-01-11 FFF_F_...... exempt
2025-02-11 FFF_F_e..... open
2025-02-20 FFF_F_F..... open
2025-03-11 FFF_F_Fe.... open
2025-03-20 FFF_F_FF.... open
2025-04-11 FFF_F_FFe... open
2025-04-20 FFF_F_FFF... open
2025-05-11 FFF_F_FFFe.. open
2025-05-20 FFF_F_FFFF.. open
2025-06-11 FFF_F_FFFFe. open
2025-06-20 FFF_F_FFFFF. open
2025-07-11 FFF_F_FFFFFe open
2025-07-20 FFF_F_FFFFFF open
"""

EXTENDED_MONTHS = """
2024-08-01 ............ before-first
2024-08-11 e........... open
2024-08-20 F........... open
2024-09-11 Fe.......... open
2024-10-01 Fo.......... open
2024-10-11 Foe......... open
2024-10-18 FFe......... open
2024-10-20 FFF......... open
2024-11-11 FFFe........ open
2024-11-20 FFFF........ open
2024-12-11 FFFFe....... open
2024-12-20 FFFFF....... open
2025-01-11 FFFFFe...... open
2025-02-01 FFFFFo...... open
2025-02-11 FFFFFoe..... open
2025-02-20 FFFFFoF..... open
2025-03-01 FFFFFXF..... overdue-first
2025-03-03 FFFFFLF..... open
2025-03-11 FFFFFLFe.... open
2025-03-20 FFFFFLFF.... open
2025-04-11 FFFFFLFFe... open
2025-04-20 FFFFFLFFF... open
2025-05-11 FFFFFLFFFe.. open
2025-05-20 FFFFFLFFFF.. open
2025-06-11 FFFFFLFFFFe. open
2025-06-20 FFFFFLFFFFF. open
2025-07-11 FFFFFLFFFFFe open
2025-07-20 FFFFFLFFFFFF open
"""

AMENDING = """
2024-08-01 ............ before-first
2024-08-11 e........... open
2024-08-20 F........... open
2024-09-11 Fe.......... open
2024-09-20 FF.......... open
2024-10-11 FFe......... open
2024-10-20 FFF......... open
2024-11-04 FAF......... open
2024-11-06 FFF......... open
2024-11-11 FFFe........ open
2024-11-20 FFFF........ open
2024-12-02 FAFF........ open
2024-12-11 FAFFe....... open
2024-12-13 FFFFe....... open
2024-12-20 FFFFF....... open
2025-01-11 FFFFFe...... open
2025-01-20 FFFFFF...... open
2025-02-11 FFFFFFe..... open
2025-02-20 FFFFFFF..... open
2025-03-03 FFFFAFF..... open
2025-03-11 FFFFAFFe.... open
2025-03-20 FFFFAFFF.... open
2025-04-11 FFFFAFFFe... open
2025-04-20 FFFFAFFFF... open
2025-05-11 FFFFAFFFFe.. open
2025-05-20 FFFFAFFFFF.. open
2025-06-11 FFFFAFFFFFe. open
2025-06-20 FFFFAFFFFFF. open
2025-07-11 FFFFAFFFFFFe open
2025-07-20 FFFFAFFFFFFF open
"""


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=TAIPEI)


def unit(first=AUGUST, last=None):
    return Unit("010301", Level.ELEMENTARY, "某國小", "臺北市", PeriodRange(first, last))


def within(day, months=YEAR, *, nil=False):
    """Filed on that day of the month itself, at ten o'clock."""
    return {each: Filed(datetime.combine(each.first_day.replace(day=day), time(10), TAIPEI), nil) for each in months}


def after(day, months=YEAR):
    """Filed on that day of the month after, at ten o'clock."""
    return {each: Filed(datetime.combine(each.next.first_day.replace(day=day), time(10), TAIPEI)) for each in months}


SITUATIONS = {
    "never": (Facts(unit()), NEVER),
    "on time": (Facts(unit(), after(5)), ON_TIME),
    "nil and early": (Facts(unit(), within(20, nil=True)), NIL_AND_EARLY),
    "always late": (Facts(unit(), after(15)), ALWAYS_LATE),
    "a new unit, on the last day": (Facts(unit(first=SPRING[0]), after(10)), NEW_UNIT),
    "a closing unit, its last month late": (
        Facts(unit(last=JANUARY), within(20, YEAR[:5]) | after(25, [JANUARY])),
        CLOSING_UNIT,
    ),
    "exempt months": (
        Facts(
            unit(),
            within(20, [each for each in YEAR if each not in (NOVEMBER, JANUARY)]),
            exemptions={NOVEMBER: Exemption("停課"), JANUARY: Exemption("停課")},
        ),
        EXEMPT_MONTHS,
    ),
    "extended months, one kept and one not": (
        Facts(
            unit(),
            within(20) | {SEPTEMBER: Filed(at("2024-10-18T10:00")), JANUARY: Filed(at("2025-03-03T10:00"))},
            extensions={
                SEPTEMBER: Extension(date(2024, 10, 20), "颱風"),
                JANUARY: Extension(date(2025, 2, 28), "寒假"),
            },
        ),
        EXTENDED_MONTHS,
    ),
    "amending: withdrawn, accepted, and another semester's left open": (
        Facts(
            unit(),
            within(20),
            amendments=[
                Amendment(SEPTEMBER, at("2024-11-04T09:00"), 1, "漏填", withdrawn_at=at("2024-11-06T09:00")),
                Amendment(SEPTEMBER, at("2024-12-02T09:00"), 1, "漏填", accepted_at=at("2024-12-13T09:00")),
                Amendment(DECEMBER, at("2025-03-03T09:00"), 2, "來電", "王老師"),
            ],
        ),
        AMENDING,
    ),
}


def noon(day):
    return Calendar(datetime.combine(day, time(12), TAIPEI))


def sign(obligation):
    if obligation is None:
        return "-"
    early = obligation.state is State.OPEN and obligation.timing is Timing.EARLY
    return "e" if early else SIGNS[obligation.state]


def seen(facts, day):
    """The unit as it stands at noon, in the diary's signs."""
    calendar = noon(day)
    signs = "".join(sign(calendar.obligation(facts, each)) for each in YEAR)
    return f"{signs} {current_door(calendar, facts).code or 'open'}"


def every_day(diary):
    """The diary with a line for each day of the school year."""
    lines = {date.fromisoformat(line[:10]): line[11:] for line in diary.split("\n") if line}
    stands = ""
    for day in DAYS:
        stands = lines.get(day, stands)
        yield day, stands


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_unit_stands_every_day_as_its_diary_says(situation):
    facts, diary = SITUATIONS[situation]
    assert [(day, seen(facts, day)) for day in DAYS] == list(every_day(diary))


@pytest.mark.parametrize("situation", SITUATIONS)
def test_on_no_day_is_a_month_owed_that_no_page_takes(situation):
    """Whatever is open or overdue can be filed somewhere, or the page says what comes first."""
    facts, _ = SITUATIONS[situation]
    for day in DAYS:
        calendar = noon(day)
        obligations = calendar.obligations(facts)
        late = [each.period for each in catching_up(obligations)]
        takes = {each.period for each in obligations if late_door(calendar, facts, each.period).open}
        assert takes == set(late)
        owed = {each.period for each in obligations if each.state in (State.OPEN, State.OVERDUE)}
        assert owed <= takes | {calendar.current}
        if calendar.current in owed and not late:
            assert current_door(calendar, facts).open


def test_the_year_is_walked_to_its_end():
    assert (DAYS[0], DAYS[-1]) == (YEAR[0].first_day, YEAR[-1].next.first_day - timedelta(days=1))
