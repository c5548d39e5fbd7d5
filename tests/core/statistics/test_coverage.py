"""How much of what must be filed the figures stand on: unfiled, nil and filed are three things, tallied or not."""

import pytest
from attrs import evolve

from tianbao.canon import Case
from tianbao.filings import file_nil
from tianbao.filings.grants import exempt
from tianbao.periods import Period, PeriodRange, PeriodRanges
from tianbao.records import Operator
from tianbao.statistics import Coverage, answer, read_address
from tianbao.statistics.refreshing import refresh
from tianbao.units import Level, Unit

FEBRUARY = Period(2025, 2)


@pytest.fixture(params=["stale", "tallied"])
def covered(request, app):
    """The coverage of an address, with tallies recounted before it or not."""

    def ask(address):
        if request.param == "tallied":
            refresh(app)
        return answer(app, Operator("me"), read_address("case", f"school_year=113&{address}"))

    return ask


def test_unfiled_nil_and_filed_are_told_apart(app, people, file_rows, covered):
    assert covered("").coverage == Coverage(due=3)
    file_rows(people.school, [Case(student_code="S1", sessions=1)])
    file_nil(app, people.neighbours_officer, people.neighbour, FEBRUARY)
    assert covered("").coverage == Coverage(due=3, filed=1, nil=1)
    assert covered("").coverage.unfiled == 1
    file_rows(people.neighbour, [Case(student_code="S1", sessions=1)])
    assert covered("").coverage == Coverage(due=3, filed=2)


def test_by_place_and_by_month(people, file_rows, covered):
    file_rows(people.school, [Case(student_code="S1", sessions=1)])
    by_county = covered("by=county").by_place
    assert by_county == {"彰化縣": Coverage(due=2, filed=1), "臺北市": Coverage(due=1)}
    assert covered("by=level").by_place[Level.JUNIOR_HIGH] == Coverage(due=1, filed=1)
    assert covered("by=unit").by_place[people.school.id] == Coverage(due=1, filed=1)
    assert covered("layout=monthly").by_month == {FEBRUARY: Coverage(due=3, filed=1)}
    assert covered("level=elementary").coverage == Coverage(due=1)


def test_what_a_closed_unit_filed_leaves_both_sides(app, people, file_rows, covered):
    with app.store.work() as work:
        closed = Unit("074999", Level.JUNIOR_HIGH, "已併校國中", "彰化縣", PeriodRange(None, Period(2024, 12)))
        closed = evolve(closed, id=work.units.add(closed))
    file_rows(closed, [Case(student_code="S1", sessions=1)])
    found = covered("month=2")
    assert found.coverage == Coverage(due=3), "a rate never passes 100 %"
    assert found.lines[-1].figures[-1] == 1, "what was filed counts all the same"


def test_of_a_unit_that_was_closed_and_is_listed_again_the_months_before_count_and_those_between_do_not(
    app, people, file_rows, covered
):
    away = PeriodRanges((PeriodRange(Period(2024, 8), Period(2024, 9)), PeriodRange(FEBRUARY, None)))
    with app.store.work() as work:
        unit = evolve(people.school, code="074998", active=away, id=None)
        unit = evolve(unit, id=work.units.add(unit))
    for period in (Period(2024, 8), Period(2024, 9), Period(2024, 11), FEBRUARY):
        file_rows(unit, [Case(student_code="S1", sessions=1)], period=period)
    assert covered("month=8&month=9").coverage == Coverage(due=2, filed=2)
    assert covered("month=11").coverage == Coverage(), "filed beside what is owed: on no side"
    assert covered("").coverage == Coverage(due=2 + 4, filed=3)
    assert covered("by=county").by_place["彰化縣"] == Coverage(due=2 + 3, filed=3)
    assert covered("").lines[-1].figures[-1] == 4, "what was filed counts all the same"


def test_a_unit_that_owes_nothing_at_all_is_on_no_side(app, people, file_rows, covered):
    with app.store.work() as work:
        unit = evolve(people.school, code="074998", active=PeriodRanges(), id=None)
        unit = evolve(unit, id=work.units.add(unit))
    file_rows(unit, [Case(student_code="S1", sessions=1)])
    assert covered("").coverage == Coverage(due=3)


def test_a_month_a_unit_was_let_off_is_not_due(app, people, covered):
    exempt(app, people.organiser, [people.far], FEBRUARY, "停辦")
    assert covered("").coverage == Coverage(due=2)
