"""The grid says what the calendar says: random lives of units, at random moments, against `Calendar.obligations`."""

from datetime import datetime, timedelta
from itertools import count

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from tianbao.calendar import Amendment, Calendar, Exemption, Extension, Facts, Filed, State
from tianbao.clock import TAIPEI
from tianbao.completeness import grid_of
from tianbao.filings import Way
from tianbao.filings.grants import Grant, Kind
from tianbao.periods import Period, PeriodRange, PeriodRanges
from tianbao.storage.tables import FilingRow
from tianbao.units import Level, Unit

FIRST = Period(2022, 6)
"""Two months before anybody owes any."""
MONTHS = [FIRST.plus(n) for n in range(14)]
BEGIN = datetime(2022, 6, 1, tzinfo=TAIPEI)
numbers = count(1)

at_leisure = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
edges = st.builds(
    lambda month, day, tick: datetime(month.year, month.month, day, tzinfo=TAIPEI) + timedelta(microseconds=tick),
    st.sampled_from(MONTHS),
    st.sampled_from([1, 10, 11, 12, 20]),
    st.sampled_from([-1, 0, 1]),
)
moments = edges | st.integers(0, 450 * 24).map(lambda hours: BEGIN + timedelta(hours=hours))
months = st.sampled_from(MONTHS)
versions = st.lists(st.tuples(moments, st.booleans()), min_size=1, max_size=3)
amendments = st.builds(
    lambda period, opened, withdrawn, accepted: Amendment(
        period, opened, 1, "更正", withdrawn_at=withdrawn, accepted_at=None if withdrawn else accepted
    ),
    months,
    moments,
    st.none() | moments,
    st.none() | moments,
)


@st.composite
def lives(draw):
    """What happened to a unit: filings as they came, the rest as the calendar takes it."""
    ends = draw(st.lists(st.tuples(st.none() | months, st.none() | months), max_size=3))
    active = PeriodRanges(PeriodRange(*each) for each in ends)
    unit = Unit("x", draw(st.sampled_from(Level)), "某校", "彰化縣", active)
    filed = draw(st.dictionaries(months, versions, max_size=14))
    extended = draw(st.dictionaries(months, moments.map(datetime.date), max_size=3))
    exempt = draw(st.sets(months, max_size=3))
    asked = {each.period: each for each in draw(st.lists(amendments, max_size=3))}
    return unit, filed, extended, exempt, list(asked.values())


@pytest.fixture
def enter(store, people):
    """Put a life into the store; gives the facts as the pure calendar takes them."""

    def put(work, life):
        unit, filed, extended, exempt, asked = life
        unit = evolve(unit, code=f"8{next(numbers):05}")
        unit = evolve(unit, id=work.units.add(unit))
        rows = [
            _filing(unit, period, number, at, nil=nil, last=number == len(each))
            for period, each in filed.items()
            for number, (at, nil) in enumerate(each, 1)
        ]
        if rows:
            work.connection.execute(insert(FilingRow), rows)
        by = (BEGIN, people.organiser.id, "許研發")
        for period, due in extended.items():
            work.grants.add([Grant(0, unit, period, Kind.EXTENSION, due, "颱風", *by)])
        for period in exempt:
            work.grants.add([Grant(0, unit, period, Kind.EXEMPTION, None, "停辦", *by)])
        for each in asked:
            number = work.amendments.add(unit, evolve(each, opened_by=people.organiser.id))
            if each.withdrawn_at:
                work.amendments.withdraw(number, each.withdrawn_at, people.organiser.id)
            elif each.accepted_at:
                work.amendments.accept(unit, each.period, each.accepted_at, None)
        return Facts(
            unit,
            {period: Filed(min(at for at, _ in each), each[-1][1]) for period, each in filed.items()},
            {period: Extension(due, "颱風") for period, due in extended.items()},
            {period: Exemption("停辦") for period in exempt},
            tuple(asked),
        )

    def _filing(unit, period, number, at, *, nil, last):
        return {
            "unit_id": unit.id, "period": period, "version": number, "way": Way.CURRENT, "nil": nil,
            "template_key": None, "fingerprint": None, "file_name": None, "file_hash": None, "case_count": 0,
            "service_count": 0, "filed_at": at, "filed_by": people.officer.id, "filed_by_name": "王",
            "receipt": f"{unit.id}/{period}/{number}", "in_force": last,
        }  # fmt: skip

    return put


@at_leisure
@given(st.lists(lives(), min_size=1, max_size=4), moments, st.sampled_from([None, "彰化縣"]))
def test_each_cell_is_what_the_calendar_says(store, enter, lived, now, county):
    calendar = Calendar(now)
    with store.work() as work:
        facts = [enter(work, life) for life in lived]
        grid = grid_of(work, calendar, [each.unit for each in facts], MONTHS, county)
    for row, each in zip(grid.rows, facts, strict=True):
        extra = {period: State.EXTRA for period, filed in each.filed.items() if filed.first_at <= now}
        owed = {it.period: it.state for it in calendar.obligations(each, MONTHS)}
        assert dict(zip(MONTHS, row.states, strict=True)) == {period: (extra | owed).get(period) for period in MONTHS}


@at_leisure
@given(st.lists(lives(), min_size=1, max_size=4), moments)
def test_a_rate_is_of_what_is_due_and_never_passes_all_of_it(store, enter, lived, now):
    with store.work() as work:
        grid = grid_of(work, Calendar(now), [enter(work, life).unit for life in lived], MONTHS)
    for number, tally in enumerate(grid.tallies):
        states = [row.states[number] for row in grid.rows]
        owed = [state for state in states if state not in {None, State.EXEMPT, State.NOT_YET_OPEN, State.EXTRA}]
        assert tally.due == len(owed)
        assert tally.filed == sum(state.filed for state in owed)
        assert tally.rate is None if not owed else 0 <= tally.rate <= 1
