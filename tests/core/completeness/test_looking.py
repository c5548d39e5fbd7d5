"""What each may see of the country, with which denominator, and how a month came along."""

from datetime import date

import pytest
from attrs import evolve

from tianbao import filings
from tianbao.calendar import State
from tianbao.completeness import UNFINISHED, Tally, Wish, grid, latest_over, overview, progress, tables
from tianbao.errors import Refusal
from tianbao.filings import grants
from tianbao.periods import Period, PeriodRange
from tianbao.units import Level, Unit

FEBRUARY, MARCH = Period(2025, 2), Period(2025, 3)
WHOLE_YEAR = Wish(113)


@pytest.fixture
def country(app, people):
    """The junior high filed February on 5 March; the others have yet to."""
    filings.file_nil(app, people.officer, people.school, FEBRUARY)
    return app


def states(view):
    return {row.unit.name: [state for state in row.states if state][:2] for row in view.rows}


def test_a_county_officer_sees_the_own_county_and_no_other(country, people):
    assert states(grid(country, people.county_officer, WHOLE_YEAR)) == {
        "縣立大成國中": [State.FILED_NIL, State.NOT_YET_OPEN],
        "縣立大成國小": [State.OPEN, State.NOT_YET_OPEN],
    }
    with pytest.raises(Refusal, match="不能查看臺北市"):
        grid(country, people.county_officer, evolve(WHOLE_YEAR, county="臺北市"))
    assert [place.name for place in overview(country, people.county_officer, FEBRUARY).counties] == ["彰化縣"]


@pytest.mark.parametrize("who", ["officer", "support"])
def test_others_see_nothing_of_it(country, people, who):
    for look in (grid, lambda *of: overview(*of[:2], FEBRUARY), lambda *of: progress(*of[:2], FEBRUARY)):
        with pytest.raises(Refusal, match="不能進行"):
            look(country, getattr(people, who), WHOLE_YEAR)


@pytest.mark.parametrize("who", ["organiser", "agency"])
def test_the_country_by_county_and_level(country, people, who):
    found = overview(country, getattr(people, who), FEBRUARY)
    assert [(place.name, place.whole.filed, place.whole.due) for place in found.counties] == [
        ("臺北市", 0, 1),
        ("彰化縣", 1, 2),
    ]
    assert found.country.of_level[Level.JUNIOR_HIGH].percent == "100%"
    assert (found.country.whole.filed, found.country.whole.due, found.country.whole.percent) == (1, 3, "33.3%")


def test_who_is_exempt_or_closed_is_on_neither_side_of_the_rate(country, people):
    grants.exempt(country, people.organiser, [people.neighbour], FEBRUARY, "停辦")
    with country.store.work() as work:
        closed = PeriodRange(Period(2024, 8), Period(2025, 1))
        work.units.add(Unit("074699", Level.ELEMENTARY, "縣立舊國小", "彰化縣", closed))
    view = grid(country, people.organiser, evolve(WHOLE_YEAR, county="彰化縣"))
    february = view.scope.tallies[view.periods.index(FEBRUARY)]
    assert (february.filed, february.due, february.percent) == (1, 1, "100%")
    january = view.scope.tallies[view.periods.index(FEBRUARY.previous)]
    assert (january.filed, january.due, january.percent) == (0, 1, "0%"), "it owed January, and never filed it"


def test_nothing_due_is_no_rate(country, people):
    view = grid(country, people.organiser, WHOLE_YEAR)
    july = view.scope.tallies[-1]
    assert (july.rate, july.percent) == (None, "—")


def test_nobody_is_done_who_is_not():
    assert Tally({State.FILED: 3_999, State.OPEN: 1}).percent == "99.9%"
    assert Tally({State.FILED: 1, State.OPEN: 3_999}).percent == "<0.1%"


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({"level": Level.SENIOR_HIGH}, ["市立遠山高中"]),
        ({"keyword": "大成 國小"}, ["縣立大成國小"]),
        ({"keyword": "0745"}, ["縣立大成國中"]),
        ({"keyword": "台"}, []),
        ({"state": UNFINISHED, "county": "彰化縣"}, ["縣立大成國小"]),
        ({"state": State.FILED_NIL.value, "month": FEBRUARY}, ["縣立大成國中"]),
        ({"state": State.FILED_NIL.value, "month": MARCH}, []),
        ({"district": "大村鄉"}, ["縣立大成國小"]),
        ({"county": "花蓮縣"}, []),
    ],
)
def test_narrowed_down(country, people, narrowed, found):
    with country.store.work() as work:
        work.units.save(evolve(people.neighbour, district="大村鄉"))
    view = grid(country, people.organiser, evolve(WHOLE_YEAR, **narrowed))
    assert [row.unit.name for row in view.rows] == found


def test_a_filter_by_state_does_not_change_the_rate(country, people):
    view = grid(country, people.county_officer, evolve(WHOLE_YEAR, state=UNFINISHED))
    assert len(view.rows) == 1
    assert view.scope.tallies[view.periods.index(FEBRUARY)].due == 2


def test_the_districts_to_choose_from_are_those_of_the_county(country, people):
    with country.store.work() as work:
        work.units.save(evolve(people.neighbour, district="大村鄉"))
        work.units.save(evolve(people.far, district="北投區"))
    assert grid(country, people.county_officer, WHOLE_YEAR).districts == ["大村鄉"]
    assert grid(country, people.organiser, WHOLE_YEAR).districts == ()


def test_people_speak_of_the_latest_month_that_is_over():
    assert latest_over(Period.of(date(2025, 3, 1))) == FEBRUARY
    assert latest_over(Period.of(date(2025, 3, 31))) == FEBRUARY
    assert latest_over(Period.of(date(2025, 1, 5))) == Period(2024, 12)


def test_a_month_came_along_day_by_day(country, people):
    country.clock.goes_on(days=2)
    filings.file_nil(country, people.neighbours_officer, people.neighbour, FEBRUARY)
    found = progress(country, people.organiser, FEBRUARY)
    assert list(found.days) == list(range(11))
    assert found.now.filed == [0, 0, 0, 0, 0, 1, 1, 2], (
        "by the end of the 5th one, of the 7th another; then nothing yet"
    )
    assert found.now.shares[-1] == pytest.approx(2 / 3)
    assert (found.before.period, found.before.tally.due, found.before.shares) == (FEBRUARY.previous, 0, ())


def test_after_the_tenth_the_days_go_on_until_the_list_is_made(country, people):
    country.clock.goes_on(days=7)
    assert progress(country, people.county_officer, FEBRUARY).days[-1] == 16


def test_tables_to_take_away_say_each_state_in_words(country, people):
    shown = tables(country, people.agency, grid(country, people.agency, WHOLE_YEAR))
    rows = [list(row) for row in shown.rows]
    assert shown.headings[-6:] == [f"114年{month}月" for month in range(2, 8)]
    assert [row[4] for row in rows] == ["縣立大成國中", "縣立大成國小", "市立遠山高中"]
    assert dict(shown.about)["系統操作請洽系統客服"].startswith("國立暨南國際大學資訊工程學系　049-2910960")
    assert rows[0][5:12] == ["不必填報"] * 6 + ["無個案"]
    figures = tables(country, people.agency, overview(country, people.agency, FEBRUARY))
    assert [list(row) for row in figures.rows][-1] == ["全國", 0, 1, 1, 1, 0, 1, 0, 0, 1, 3, "33.3%"]
