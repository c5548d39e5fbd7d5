"""What the store tells of units is what happened to them: random lives against the pure calendar."""

from datetime import date, datetime, timedelta
from itertools import count

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from tianbao import accounts, doors, filings
from tianbao.accounts import Account, Role
from tianbao.calendar import Amendment, Calendar, Exemption, Extension, Facts, Filed
from tianbao.clock import TAIPEI, FixedClock
from tianbao.errors import Refusal
from tianbao.filings import amendments, granting, grants
from tianbao.periods import Period, PeriodRange
from tianbao.testing import filled
from tianbao.units import Level, Unit
from tianbao_templates_113 import TEMPLATE

FIRST = Period(2024, 8)
MONTHS = [FIRST.plus(n) for n in range(10)]
numbers = count()

DEEDS = ["live", "file", "catch up", "ask", "ask", "open", "answer", "answer", "withdraw", "extend", "exempt", "revoke"]
steps = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.sampled_from([0, -1, -1, -2, -3, 1]), st.integers(0, 25)),
    min_size=10,
    max_size=25,
)
lives = settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


class Life:
    """A unit, lived twice: in the store, and by the rules of the pure calendar alone."""

    def __init__(self, app, organiser, book=b""):
        self.app, self.organiser, self.book = app, organiser, book
        app.clock.moment = FixedClock.at("2024-09-05T10:00").now()
        code = f"9{next(numbers):05}"
        with app.store.work() as work:
            unit = Unit(code, Level.JUNIOR_HIGH, "某國中", "彰化縣", PeriodRange(FIRST))
            self.unit = evolve(unit, id=work.units.add(unit))
            person = Account(
                0, f"{code}_a", Role.UNIT_OFFICER, "某", f"{code}@b.tw", handle="abcd", unit_id=self.unit.id,
                created_at=app.clock.now(),
            )  # fmt: skip
            self.officer = accounts.add(work, person, "-")
        self.model = Facts(self.unit)

    @property
    def calendar(self):
        return Calendar(self.app.clock.now())

    def stored(self):
        with self.app.store.read() as work:
            return work.calendar.facts(self.unit)

    def step(self, what, back, days):
        """Do something about a month so many before or after the current one."""
        getattr(self, what.replace(" ", "_"))(self.calendar.current.plus(back), days)
        self.app.clock.goes_on(days=days)

    def live(self, period, days):
        """As most do: catch up, then file what is current."""
        self.catch_up(period, days)
        self.file(self.calendar.current)

    def both(self, door, act):
        """Do it where the pure door is open; where it is closed, the use case refuses in the same words."""
        if door.open:
            return act()
        with pytest.raises(Refusal) as refused:
            act()
        assert (refused.value.code, refused.value.message) == (door.code, door.reason)
        return None

    def change(self, name, period, value):
        self.model = evolve(self.model, **{name: {**getattr(self.model, name), period: value}})

    def file(self, period, _days=0):
        known = self.model.filed.get(period)
        if known and known.nil:  # repeated: it is one filing
            filings.file_nil(self.app, self.officer, self.unit, period)
            return
        door = doors.filing_door(self.calendar, self.model, period)
        if self.both(door, lambda: filings.file_nil(self.app, self.officer, self.unit, period)):
            self.filed(period, nil=True)

    def filed(self, period, *, nil):
        now, known = self.app.clock.now(), self.model.filed.get(period)
        self.change("filed", period, Filed(known.first_at if known else now, nil))
        ended = tuple(
            evolve(each, accepted_at=now) if each.period == period and each.open_at(now) else each
            for each in self.model.amendments
        )
        self.model = evolve(self.model, amendments=ended)

    def catch_up(self, _period, _days):
        for each in doors.catching_up(self.calendar.obligations(self.model)):
            if not each.state.filed:
                self.file(each.period)

    def ask(self, period, _days):
        now = self.app.clock.now()
        door = doors.amendment_door(self.calendar, self.model, period)
        if self.both(door, lambda: amendments.ask(self.app, self.officer, self.unit, period, "更正")):
            asked = Amendment(period, now, self.officer.id, "更正")
            self.model = evolve(self.model, amendments=(*self.model.amendments, asked))

    def open(self, period, _days):
        now = self.app.clock.now()
        door = doors.opening_door(self.calendar, self.model, period)
        opening = (self.app, self.organiser, self.unit, period, "王老師", "電話申請")
        if self.both(door, lambda: amendments.open_month(*opening)):
            opened = Amendment(period, now, self.organiser.id, "電話申請", "王老師")
            self.model = evolve(self.model, amendments=(*self.model.amendments, opened))

    def amending(self, period):
        """A month that is open to be amended, where there is one."""
        now = self.app.clock.now()
        return next((each.period for each in self.model.amendments if each.open_at(now)), period)

    def answer(self, period, _days):
        """Correct nil to a workbook, and a workbook to nil."""
        period, file = self.amending(period), "更正.xlsx"
        if period not in self.model.filed:
            return
        mine = (self.app, self.officer, self.unit, period)
        door, nil = doors.filing_door(self.calendar, self.model, period), not self.model.filed[period].nil
        if nil:
            done = self.both(door, lambda: filings.file_nil(*mine))
        else:
            done = self.both(door, lambda: filings.file_workbook(*mine, self.book, file))
        if done:
            self.filed(period, nil=nil)

    def withdraw(self, period, _days):
        period = self.amending(period)
        now = self.app.clock.now()
        mine = [each for each in self.model.amendments if each.period == period and each.open_at(now)]
        if not mine:
            with pytest.raises(Refusal, match="沒有可撤回的修改申請"):
                amendments.withdraw(self.app, self.officer, self.unit, period)
            return
        amendments.withdraw(self.app, self.officer, self.unit, period)
        (ended,) = mine
        others = tuple(evolve(each, withdrawn_at=now) if each is ended else each for each in self.model.amendments)
        self.model = evolve(self.model, amendments=others)

    def extend(self, period, days):
        due = self.app.clock.now().date() + timedelta(days=days)
        door = granting.extension_door(self.calendar, self.model, period, due)
        granting_to = (self.app, self.organiser, [self.unit], period, due, "展延")
        if self.both(door, lambda: grants.extend(*granting_to)):
            self.change("extensions", period, Extension(due, "展延"))

    def exempt(self, period, _days):
        door = granting.exemption_door(self.calendar, self.model, period)
        if self.both(door, lambda: grants.exempt(self.app, self.organiser, [self.unit], period, "停課")):
            self.change("exemptions", period, Exemption("停課"))

    def revoke(self, period, _days):
        with self.app.store.read() as work:
            mine = [each for each in work.grants.of_unit(self.unit) if each.period == period and each.in_force]
        for grant in mine:
            grants.revoke(self.app, self.organiser, grant.id)
        kept = {
            name: {key: value for key, value in getattr(self.model, name).items() if key != period}
            for name in ("extensions", "exemptions")
        }
        self.model = evolve(self.model, **kept)


def plain(facts):
    """Without what only the store knows."""
    return evolve(
        facts,
        amendments=tuple(evolve(each, id=None, filing_id=None, opened_by_name="") for each in facts.amendments),
    )


@lives
@given(steps, st.lists(st.datetimes(datetime(2024, 8, 1), datetime(2026, 1, 1), timezones=st.just(TAIPEI)), max_size=3))
def test_whatever_a_unit_does_the_store_and_the_pure_calendar_agree(app, people, as_file, life, moments):
    lived = Life(app, people.organiser, as_file(filled(TEMPLATE)))
    lived.app.clock.moment = FixedClock.at("2024-11-25T10:00").now()
    lived.live(FIRST, 0)
    for what, back, days in life:
        lived.step(what, back, days)
        assert plain(lived.stored()) == lived.model
    for moment in [lived.app.clock.now(), *moments]:
        calendar = Calendar(moment)
        assert _told(calendar.obligations(lived.stored(), MONTHS)) == _told(calendar.obligations(lived.model, MONTHS))
        assert doors.current_door(calendar, lived.stored()) == doors.current_door(calendar, lived.model)


def _told(obligations):
    return [(each.period, each.state, each.timing, each.menu, each.days_left, each.window) for each in obligations]


@pytest.fixture
def lives_of_three(app, people):
    lived = [Life(app, people.organiser) for _ in range(3)]
    lived[0].file(FIRST)
    lived[1].exempt(FIRST, 0)
    lived[1].extend(FIRST.next, 60)
    app.clock.goes_on(days=10)
    lived[0].ask(FIRST, 0)
    return lived


def test_many_units_at_once_have_the_facts_of_each_in_their_order(app, lives_of_three):
    units = [life.unit for life in lives_of_three]
    with app.store.read() as work:
        assert work.calendar.facts_of(units) == [work.calendar.facts(unit) for unit in units]
        assert [facts.unit for facts in work.calendar.facts_of(units[::-1])] == units[::-1]
        assert work.calendar.facts_of([]) == []
    assert [plain(life.stored()) for life in lives_of_three] == [life.model for life in lives_of_three]


def test_the_facts_of_a_grid_are_of_its_months_alone(app, lives_of_three):
    units = [life.unit for life in lives_of_three]
    with app.store.read() as work:
        first, second, _ = work.calendar.facts_of(units, PeriodRange(FIRST.next, FIRST.next))
        whole = work.calendar.facts_of(units, PeriodRange(FIRST, FIRST.next))
        assert whole == work.calendar.facts_of(units)
    assert (first.filed, first.amendments) == ({}, ())
    assert (list(second.extensions), second.exemptions) == ([FIRST.next], {})


def test_however_many_units_there_are_it_takes_three_queries(app, lives_of_three):
    asked = []
    with app.store.read() as work:
        event.listen(app.store.engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
        work.calendar.facts_of([life.unit for life in lives_of_three])
    assert len([each for each in asked if each.startswith("SELECT")]) == 3


def test_a_unit_that_is_not_in_the_register_has_no_facts(store):
    unit = Unit("000000", Level.CENTRE, "某中心", "彰化縣")
    with store.read() as work:
        assert work.calendar.facts(unit) == Facts(unit)


@pytest.mark.parametrize(("day", "days"), [(date(2024, 9, 20), 30)])
def test_an_extension_comes_back_as_the_day_it_is(app, people, day, days):
    life = Life(app, people.organiser)
    app.clock.moment = FixedClock.at(day.isoformat()).now()
    life.extend(FIRST, days)
    assert life.stored().extensions == {FIRST: Extension(day + timedelta(days=days), "展延")}
