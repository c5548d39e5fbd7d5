"""Taking lists into the register: added, renamed, moved, closed, reopened; looked at first, and nothing ever deleted."""

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tianbao.accounts import Role
from tianbao.audit import Act
from tianbao.errors import Refusal
from tianbao.filings import file_nil
from tianbao.outbox import Fate
from tianbao.periods import Period, PeriodRange, PeriodRanges
from tianbao.records import Operator
from tianbao.register import Kind, UnitList, carry_out, look, plan, read_list
from tianbao.register.lists import Listed
from tianbao.reminders import remind_now
from tianbao.reminders.overtaken import CLOSED
from tianbao.units import COUNTIES, Authority, Level, Unit

from .published import BASEC, CENTRES, E1, HIGH_114, HIGH_2020, J1_115

KEEPER = Operator("root")
NOW = Period(2025, 2)


@pytest.fixture
def take(app):
    """Take a list in; give what it did, by kind."""

    def take(text, name="e1_new.csv", person=KEEPER, **how):
        made = carry_out(app, person, read_list(app, text.encode(), name), **how)
        return {kind.value: [change.after.code for change in made.of(kind)] for kind in made.counts}

    return take


def only(first, last=None):
    return PeriodRanges((PeriodRange(first, last),))


@pytest.fixture
def find(app):
    def find(code, level=Level.ELEMENTARY):
        with app.store.read() as work:
            return work.units.find(code, level)

    return find


def test_an_empty_register_takes_the_whole_list(take, find):
    assert take(E1) == {"added": ["011601", "024601", "034637", "313601", "423602", "583601"]}
    unit = find("011601")
    assert (unit.name, unit.county, unit.district) == ("私立育才國小", "新北市", "永和區")
    assert unit.active == only(NOW), "nobody is overdue because of an import"


def test_new_units_file_from_the_month_that_was_chosen(take, find):
    take(E1, since=Period(2025, 8))
    assert find("011601").active == only(Period(2025, 8))


def test_the_same_list_again_changes_nothing_and_leaves_no_entry(app, take):
    take(E1)
    with app.store.read() as work:
        before = work.audit.verify().entries
    assert take(E1) == {}
    assert take("\n".join([E1.splitlines()[0], *reversed(E1.splitlines()[1:])])) == {}
    with app.store.read() as work:
        assert work.audit.verify().entries == before


def test_a_rename_a_move_and_a_closing_are_counted_apart(take, find):
    take(E1)
    later = E1.replace("114,", "115,").replace("市立松山國小", "市立新松山國小").replace("[02]宜蘭縣", "[17]基隆市")
    later = "\n".join(line for line in later.splitlines() if "423602" not in line)
    assert take(later) == {"closed": ["423602"], "renamed": ["313601"], "moved": ["024601"], "located": ["024601"]}
    assert find("313601").name == "市立新松山國小"
    assert find("423602") is not None


def test_a_list_without_addresses_leaves_the_districts_alone(take, find):
    take(E1)
    bare = "\n".join(",".join(line.split(",")[:5]) for line in E1.splitlines())
    assert take(bare) == {}
    assert find("011601").district == "永和區"


def test_what_is_closed_files_until_the_last_month_before_the_lists_school_year(app, take, find):
    take(E1, since=Period(2023, 8))
    left = "\n".join(E1.replace("114,", "113,").splitlines()[:-1])
    take(left)
    assert find("583601").active == only(Period(2023, 8), Period(2024, 7))


def test_what_waits_to_remind_a_unit_that_a_list_closes_is_dropped_and_the_post_room_says_why(app, people, take):
    remind_now(app, people.organiser, [people.neighbour], NOW)
    assert take(E1.replace("114,", "113,"))["closed"] == ["074601"]
    with app.store.read() as work:
        (mail,) = work.outbox.to(people.neighbours_officer.email)
    assert (mail.state, mail.last_words) == (Fate.WITHDRAWN, CLOSED)


def test_what_was_filed_later_is_never_cut_off(app, people, take):
    with app.store.read() as work:
        officer = work.accounts.get(people.neighbours_officer.id)
    file_nil(app, officer, people.neighbour, NOW)
    others = E1.replace("114,", "113,")
    assert take(others)["closed"] == ["074601"]
    with app.store.read() as work:
        unit = work.units.get(people.neighbour.id)
        assert unit.active.last == NOW
        assert work.filings.in_force(unit, NOW)


def test_a_unit_that_never_had_to_file_owes_nothing_when_it_is_closed(take, find):
    take(E1)
    take("\n".join(E1.replace("114,", "113,").splitlines()[:-1]))
    assert not any(find("583601").must_file(NOW.plus(months)) for months in range(-24, 24))


def test_an_old_list_closes_no_school_that_began_after_it(app, take, find):
    take(E1, since=Period(2023, 8))
    take(E1 + "114,583602,市立新設國小,公立,[58]高雄市,,,\n", since=Period(2025, 8))
    assert take(E1.replace("114,", "113,")) == {}
    assert find("583602").active == only(Period(2025, 8))
    assert take(E1) == {"closed": ["583602"]}


def test_what_is_listed_again_files_again_without_owing_the_time_between(take, find):
    take(E1, since=Period(2023, 8))
    take("\n".join(E1.replace("114,", "113,").splitlines()[:-1]))
    assert take(E1) == {"reopened": ["583601"]}
    away = PeriodRange(Period(2023, 8), Period(2024, 7)), PeriodRange(NOW)
    assert find("583601").active.ranges == away, "it owes what it owed before it was closed"
    assert take(E1) == {}


def test_what_is_listed_again_from_the_month_after_its_last_was_never_away(take, find):
    take(E1, since=Period(2023, 8))
    take("\n".join(E1.replace("114,", "113,").splitlines()[:-1]))
    assert take(E1, since=Period(2024, 8)) == {"reopened": ["583601"]}
    assert find("583601").active == only(Period(2023, 8))


def test_a_list_from_the_time_a_unit_was_away_closes_nothing(take, find):
    take(E1, since=Period(2023, 8))
    left = "\n".join(E1.replace("114,", "113,").splitlines()[:-1])
    take(left)
    take(E1, since=Period(2025, 8))
    assert take(left) == {}
    assert find("583601").active.goes_on


def test_a_closing_that_is_yet_to_come_stands_although_the_school_is_listed(app, take, find):
    take(E1)
    unit = find("583601")
    closing = evolve(unit, active=PeriodRange(NOW, Period(2026, 1)))
    with app.store.work() as work:
        work.units.save(closing)
    assert take(E1) == {}
    assert find("583601") == closing


def test_attached_departments_are_units_of_their_own_and_not_closed_by_a_list_that_never_has_them(take, find):
    take(HIGH_2020, "high.csv")
    take(E1)
    assert take(BASEC, "114_basec.csv") == {"added": ["011301", "311401"]}
    assert find("011301").name == "私立淡江高中附設國小部"
    assert find("011301", Level.SENIOR_HIGH).name == "私立淡江高中"
    assert take(E1) == {}


def test_units_a_list_says_nothing_about_are_named(app, take):
    take(BASEC, "114_basec.csv")
    made = look(app, KEEPER, read_list(app, E1.encode(), "e1_new.csv"))
    assert [unit.code for unit in made.beyond] == ["011301", "311401"]


def test_other_levels_stay_as_they_are(take, find):
    take(E1)
    take(J1_115, "j1_new.csv")
    assert find("011601").active.goes_on


def test_high_schools_answer_to_the_agency_and_centres_to_whom_the_list_says(take, find):
    take(HIGH_2020, "high.csv")
    take(CENTRES, "輔諮中心.csv")
    assert find("010301", Level.SENIOR_HIGH).answers_to is Authority.AGENCY
    assert find("07Z002", Level.CENTRE).answers_to is Authority.AGENCY
    assert find("31Z001", Level.CENTRE).answers_to is Authority.COUNTY
    assert take(CENTRES.replace("國教署,", ",").replace("台北市,,", "台北市,國教署,"), "輔諮中心.csv") == {
        "answers": ["31Z001"]
    }


def test_high_schools_from_2020_to_114(take):
    take(HIGH_2020, "high.csv")
    assert take(HIGH_114, "high.csv") == {"added": ["03C301"], "closed": ["011419"], "renamed": ["311401"]}


def _country(count, level="國小"):
    return "學年度,代碼,學校名稱,縣市名稱\n" + "".join(
        f"114,0106{n:02},市立第{n}{level},[01]新北市\n" for n in range(count)
    )


def test_a_truncated_list_closes_nothing_until_that_is_confirmed(app, take, find):
    take(_country(40))
    half = "\n".join(_country(40).splitlines()[:20])
    with pytest.raises(Refusal) as refused:
        take(half)
    assert refused.value.code == "list-doubtful"
    assert "40 個單位中的 21 個停辦" in refused.value.message
    assert find("010639").active.goes_on
    assert len(take(half, sure=True)["closed"]) == 21


def test_a_list_that_lacks_a_county_closes_nothing_until_that_is_confirmed(take, find):
    """Its schools may be fewer than a twentieth of the country's."""
    lienchiang = "".join(f"114,0906{n:02},縣立第{n}國小,[09]連江縣\n" for n in range(7))
    country = "學年度,代碼,學校名稱,縣市名稱\n" + "".join(
        f"114,{n:03}6{n % 100:02},市立第{n}國小,[01]新北市\n" for n in range(100, 300)
    )
    take(country + lienchiang)
    with pytest.raises(Refusal) as refused:
        take(country)
    assert refused.value.code == "list-doubtful"
    assert "連江縣 7 個單位中的 7 個停辦" in refused.value.message
    assert find("090600").active.goes_on
    assert len(take(country, sure=True)["closed"]) == 7


def test_a_list_of_another_level_is_not_taken_even_into_an_empty_register(take, find):
    with pytest.raises(Refusal) as refused:
        take(_country(4, "國中"))
    assert refused.value.code == "list-doubtful"
    assert "看起來是國中" in refused.value.message
    assert find("010600") is None


def test_only_what_was_shown_is_carried_out(app, take):
    take(E1)
    listed = read_list(app, E1.replace("市立松山國小", "市立新松山國小").encode(), "e1_new.csv")
    shown = look(app, KEEPER, listed)
    take(E1.replace("私立育才國小", "私立育英國小"))
    with pytest.raises(Refusal) as refused:
        carry_out(app, KEEPER, listed, seen=shown.digest)
    assert refused.value.code == "register-changed"
    again = look(app, KEEPER, listed)
    assert carry_out(app, KEEPER, listed, seen=again.digest).counts == {Kind.RENAMED: 2}


def test_looking_changes_nothing(app, find):
    assert look(app, KEEPER, read_list(app, E1.encode(), "e1_new.csv")).counts == {Kind.ADDED: 6}
    assert find("011601") is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ORGANISER])
def test_only_the_organiser_keeps_the_register(app, people, take, role):
    person = next(each for each in vars_of(people) if each.role is role)
    with pytest.raises(Refusal) as refused:
        take(E1, person=person)
    assert refused.value.code == "not-allowed"


def vars_of(people):
    return [people.officer, people.county_officer, people.organiser, people.support, people.agency]


def test_the_trail_tells_who_took_which_list_and_what_became_of_each_unit(app, people, take, find):
    take(E1, person=people.organiser)
    take(E1.replace("市立松山國小", "市立新松山國小"))
    unit = find("313601")
    with app.store.read() as work:
        renamed, added = work.audit.entries(subject=f"unit/{unit.id}")
        by_operator, by_organiser = work.audit.entries(subject="units")
    assert (added.action, added.actor, added.detail["name"]) == (Act.UNIT_ADDED, people.organiser.id, "市立松山國小")
    assert (renamed.action, renamed.detail["name"]) == (Act.UNIT_CHANGED, ["市立松山國小", "市立新松山國小"])
    assert (by_organiser.detail["added"], by_organiser.detail["year"]) == (6, 114)
    assert (by_operator.actor, by_operator.detail["operator"], by_operator.detail["renamed"]) == (None, "root", 1)


codes = st.from_regex(r"[0-9]{2}[0-9][678][0-9]{2}", fullmatch=True)
listings = st.builds(
    lambda code, name, county, district: Listed(code, name, county, district, None, 1),
    codes,
    st.sampled_from(["甲國小", "乙國小", "丙國小"]),
    st.sampled_from(COUNTIES),
    st.sampled_from(["", "東區", "里港鄉"]),
)
lists = st.builds(
    lambda year, units: UnitList(Level.ELEMENTARY, year, {each.code: each for each in units}),
    st.sampled_from([None, 112, 113, 114]),
    st.lists(listings, min_size=1, max_size=6),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lists, min_size=1, max_size=4), st.data())
def test_a_list_taken_twice_changes_nothing_more_and_no_unit_is_ever_lost(taken, data):
    register: dict[str, Unit] = {}
    filed = {}
    for listed in taken:
        for _ in range(2):
            made = plan(listed, list(register.values()), filed, NOW)
            mixed = data.draw(st.permutations(list(listed.units)))
            assert (
                made.changes
                == plan(
                    evolve(listed, units={code: listed.units[code] for code in mixed}),
                    list(reversed(register.values())),
                    filed,
                    NOW,
                ).changes
            )
            for number, change in enumerate(made.changes, len(register) + 1):
                known = register.get(change.after.code)
                register[change.after.code] = evolve(change.after, id=known.id if known else number * 1000)
        assert made.changes == []
        assert made.unchanged == len(listed.units)
        assert all(register[code].name == each.name for code, each in listed.units.items())
