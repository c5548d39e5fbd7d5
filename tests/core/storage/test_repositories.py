"""What goes into the store comes out as it was."""

from datetime import UTC, date, datetime

import pytest
from attrs import evolve, fields
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tianbao.calendar import Amendment
from tianbao.canon import Case, Service
from tianbao.clock import TAIPEI
from tianbao.filings import Filing, Way, file_nil, receipt_code
from tianbao.periods import Period, PeriodRange, PeriodRanges
from tianbao.storage.types import Moment
from tianbao.units import Authority, Level, Unit

SHOWN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
CODE = st.integers(0, 99)
CODES = st.lists(CODE, max_size=3).map(tuple)
EXTRAS = st.dictionaries(SHOWN, SHOWN | CODE | st.dates() | CODES | st.booleans() | st.none(), max_size=3)
BY_TYPE = {
    "str | None": st.none() | SHOWN,
    "int | None": st.none() | CODE,
    "tuple[int, ...]": CODES,
    "int": st.integers(0, 99_999),
}


def rows(kind):
    return st.builds(
        kind,
        **{
            each.name: EXTRAS
            if each.name == "extras"
            else BY_TYPE[str(each.type).removeprefix("<class '").removesuffix("'>")]
            for each in fields(kind)
        },
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=st.lists(rows(Case), max_size=5), services=st.lists(rows(Service), max_size=5))
def test_rows_come_back_as_they_were_filed_and_in_order(app, people, cases, services):
    with app.store.work() as work:
        version = work.filings.latest_version(people.school, Period(2025, 2)) + 1
        filing = work.filings.add(
            Filing(
                0, people.school, Period(2025, 2), version, Way.CURRENT, False, "113", "f", "a.xlsx", "h",
                {"case": len(cases), "service": len(services)}, app.clock.now(), people.officer.id, "王小明",
                receipt_code(str(version)), True,
            ),
            {"case": list(enumerate(cases, 4)), "service": list(enumerate(services, 4))},
            b"file",
        )  # fmt: skip
    with app.store.read() as work:
        assert work.filings.rows(filing) == (cases, services)
        assert work.filings.get(filing.id) == filing
        assert work.filings.file(filing) == b"file"


def test_a_unit_comes_back_as_it_was_entered(store):
    unit = Unit(
        "A12345",
        Level.CENTRE,
        "彰化縣學生輔導諮商中心",
        "彰化縣",
        PeriodRange(Period(2023, 8), Period(2025, 7)),
        district="彰化市",
        answers_to=Authority.AGENCY,
    )
    with store.work() as work:
        number = work.units.add(unit)
    with store.read() as work:
        assert work.units.get(number) == work.units.find("A12345", Level.CENTRE) == evolve(unit, id=number)
        assert work.units.find("A12345", Level.ELEMENTARY) is None


@pytest.mark.parametrize(
    "months",
    [
        (),
        (PeriodRange(),),
        (PeriodRange(None, Period(2023, 7)), PeriodRange(Period(2024, 8))),
        (PeriodRange(Period(2022, 8), Period(2023, 7)), PeriodRange(Period(2024, 8), Period(2025, 7))),
    ],
)
def test_a_units_months_come_back_in_their_ranges_wherever_the_unit_is_told(app, people, months):
    unit = evolve(people.school, active=PeriodRanges(months))
    file_nil(app, people.officer, people.school, Period(2025, 2))
    with app.store.work() as work:
        before, _ = work.units.counts()[unit.level], work.units.save(unit)
        work.amendments.add(unit, Amendment(Period(2025, 2), app.clock.now(), people.officer.id, "更正"))
    with app.store.read() as work:
        assert unit in work.units.of_level(unit.level)
        (filing,), ((amended, _),) = work.filings.all_of(unit), work.amendments.open()
        assert filing.unit == amended == unit
        every, closed = work.units.counts()[unit.level]
        assert (every, closed) == (before[0], before[1] + (not unit.active.goes_on))


@pytest.mark.parametrize(
    ("level", "authority"),
    [
        (Level.ELEMENTARY, Authority.COUNTY),
        (Level.JUNIOR_HIGH, Authority.COUNTY),
        (Level.SENIOR_HIGH, Authority.AGENCY),
        (Level.CENTRE, Authority.COUNTY),
    ],
)
def test_high_schools_answer_to_the_agency_all_others_to_their_county(level, authority):
    assert Unit("070307", level, "某單位", "彰化縣").answers_to is authority


@pytest.fixture
def register(store):
    names = [
        ("010301", Level.SENIOR_HIGH, "國立華僑高級中等學校", "新北市"),
        ("190406", Level.SENIOR_HIGH, "市立臺中一中", "臺中市"),
        ("190502", Level.JUNIOR_HIGH, "市立居仁國中", "臺中市"),
        ("190503", Level.JUNIOR_HIGH, "市立台中國中", "臺中市"),
        ("190504", Level.ELEMENTARY, "100%_國小", "臺中市"),
    ]
    with store.work() as work:
        work.units.add_all(Unit(*each) for each in names)


@pytest.mark.parametrize(
    ("text", "level", "found"),
    [
        ("華僑", None, ["010301"]),
        ("臺中", None, ["190406", "190503"]),
        ("台中", None, ["190406", "190503"]),
        ("台中", Level.JUNIOR_HIGH, ["190503"]),
        ("市立 國中", None, ["190502", "190503"]),
        ("1905", None, ["190502", "190503", "190504"]),
        ("%", None, ["190504"]),
        ("_", None, ["190504"]),
        ("'; DROP TABLE unit --", None, []),
        ("\0", None, []),
        (" ", None, []),
    ],
)
def test_a_school_is_found_by_a_keyword(store, register, text, level, found):
    with store.read() as work:
        assert [unit.code for unit in work.units.search(text, level)] == found


def test_units_of_a_code_and_of_a_county(store, register):
    with store.read() as work:
        assert len(work.units.of_county("臺中市")) == 4
        assert len(work.units.of_code("190406")) == 1
        assert len(work.units.all()) == 5


def test_moments_come_back_in_taipei_time_and_exact(app, people):
    moment = datetime(2025, 3, 4, 16, 0, 0, 123456, tzinfo=UTC)
    with app.store.work() as work:
        work.accounts.save(evolve(people.officer, activated_at=moment))
    with app.store.read() as work:
        back = work.accounts.get(people.officer.id).activated_at
    assert (back, back.tzinfo, back.date()) == (moment, TAIPEI, date(2025, 3, 5))


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        Moment().process_bind_param(datetime(2025, 3, 4), None)


def test_an_account_comes_back_as_it_was_saved_and_its_secrets_stay_in_the_store(app, people):
    with app.store.read() as work:
        assert work.accounts.by_login("074501_WANG01") == people.officer
        assert work.accounts.password_hash(people.officer.id).startswith("$argon2id$")
    assert "argon2" not in repr(people.officer)


def test_people_are_found_by_address_unit_county_and_role(app, people):
    from tianbao.accounts import Role

    with app.store.read() as work:
        assert work.accounts.by_email(people.agency.email) == [people.agency]
        assert work.accounts.active_of_unit(people.school.id) == people.officer
        assert work.accounts.active_of_unit(people.far.id) is None
        assert work.accounts.active_of_county("彰化縣") == people.county_officer
        assert work.accounts.of_role(Role.SUPPORT) == [people.support]


def test_a_message_keeps_one_identity_and_its_secrets_apart(store, clock):
    with store.work() as work:
        work.outbox.add("k/1", "a@b.tw", "activate", {"名": "王"}, at=clock.now(), secrets={"token": "t"})
        work.outbox.add("k/2", "a@b.tw", "remind", {}, at=clock.now(), due_at=clock.now().replace(hour=18))
    with store.read() as work:
        first, second = work.outbox.to("a@b.tw")
        assert work.outbox.by_key("k/1") == first
    assert (first.data, first.secrets, first.due_at) == ({"名": "王"}, {"token": "t"}, clock.now())
    assert second.due_at.hour == 18
    assert first.message_id != second.message_id
