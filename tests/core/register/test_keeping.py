"""One unit at a time: what is known of it, entering one by hand, mending one."""

import pytest
from attrs import evolve

from tianbao.accounts.forms import FormRefusal
from tianbao.audit import Act
from tianbao.errors import Refusal
from tianbao.filings import file_nil
from tianbao.periods import Period, PeriodRange
from tianbao.records import Operator
from tianbao.register import Entered, amend, dossier, enter
from tianbao.units import Authority, Level

KEEPER = Operator("root")
GOOD = Entered("彰化區輔諮中心", "彰化縣", "彰化市", "agency")
NOW = Period(2025, 2)


def test_a_centre_is_entered_by_hand(app, people):
    unit = enter(app, people.organiser, GOOD, code=" 07z001 ", level=Level.CENTRE, since=NOW)
    with app.store.read() as work:
        assert work.units.find("07Z001", Level.CENTRE) == unit
        (entry,) = work.audit.entries(subject=f"unit/{unit.id}")
    assert (entry.action, entry.actor) == (Act.UNIT_ADDED, people.organiser.id)
    assert unit.answers_to is Authority.AGENCY


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"name", "county"}),
        ({"name": "甲", "county": "新竹"}, {"county"}),
        ({"name": "甲", "county": "新竹市", "district": "新竹"}, {"district"}),
        ({"name": "甲", "county": "新竹市", "answers_to": "me"}, {"answers_to"}),
        ({"name": "甲" * 301, "county": "新竹市"}, {"name"}),
        ({"name": "甲", "county": "新竹市", "last": "soon"}, {"last"}),
    ],
)
def test_what_is_wrong_is_said_by_field(app, fields, wrong):
    with pytest.raises(FormRefusal) as refused:
        enter(app, KEEPER, Entered.typed(fields), code="07Z001", level=Level.CENTRE, since=NOW)
    assert set(refused.value.problems) == wrong


def test_a_code_belongs_to_one_unit_of_a_level(app, people):
    enter(app, KEEPER, GOOD, code=people.school.code, level=Level.ELEMENTARY, since=NOW)
    with pytest.raises(FormRefusal) as refused:
        enter(app, KEEPER, GOOD, code=people.school.code, level=Level.JUNIOR_HIGH, since=NOW)
    assert refused.value.problems["code"].code == "code-used"


def test_a_dossier_tells_months_account_and_former_names(app, people):
    file_nil(app, people.officer, people.school, NOW)
    amend(app, people.organiser, people.school.id, Entered("縣立新大成國中", "彰化縣", "埔心鄉"))
    known = dossier(app, people.organiser, people.school.id)
    assert (known.unit.name, known.unit.district) == ("縣立新大成國中", "埔心鄉")
    assert [name for name, _ in known.names] == ["縣立大成國中"]
    assert (known.filed, known.latest, known.account) == (1, NOW, people.officer)
    assert dossier(app, people.organiser, people.far.id).account is None
    assert dossier(app, people.organiser, 99_999) is None


def test_closing_never_cuts_off_what_was_filed(app, people):
    file_nil(app, people.officer, people.school, NOW)
    with pytest.raises(FormRefusal) as refused:
        amend(app, KEEPER, people.school.id, Entered("縣立大成國中", "彰化縣", last="2025-01"))
    assert refused.value.problems["last"].code == "has-filings"
    closed = amend(app, KEEPER, people.school.id, Entered("縣立大成國中", "彰化縣", last="2025-02"))
    with app.store.read() as work:
        latest, *_ = work.audit.entries(subject=f"unit/{closed.id}")
    assert (latest.action, latest.detail) == (Act.UNIT_CLOSED, {"last": ["", "2025-02"], "operator": "root"})


def test_a_closed_unit_stays_closed_until_it_is_said_from_when_it_files_again(app, people):
    file_nil(app, people.officer, people.school, NOW)
    entered = Entered("縣立大成國中", "彰化縣", last="2025-02")
    closed = amend(app, KEEPER, people.school.id, entered)
    assert amend(app, KEEPER, people.school.id, evolve(entered, last="")) == closed
    again = amend(app, KEEPER, people.school.id, evolve(entered, again="2025-08"))
    assert again.active.ranges == (PeriodRange(NOW, NOW), PeriodRange(Period(2025, 8)))
    with app.store.read() as work:
        assert work.units.get(again.id) == again
        latest, *_ = work.audit.entries(subject=f"unit/{closed.id}")
    told = {"first": ["2025-02", "2025-08"], "last": ["2025-02", ""], "operator": "root"}
    assert (latest.action, latest.detail) == (Act.UNIT_REOPENED, told)


@pytest.mark.parametrize("closed_before", ["", "2025-02"])
def test_closed_and_open_again_in_one_go_are_two_entries_of_the_trail(app, people, closed_before):
    """The month it was closed with is in no range that the trail names afterwards, and must not be lost."""
    entered = Entered("縣立大成國中", "彰化縣", last=closed_before)
    amend(app, KEEPER, people.school.id, entered)
    again = amend(app, KEEPER, people.school.id, evolve(entered, last="2025-04", again="2025-08"))
    assert again.active.ranges == (PeriodRange(NOW, Period(2025, 4)), PeriodRange(Period(2025, 8)))
    with app.store.read() as work:
        reopened, closed, *_ = work.audit.entries(subject=f"unit/{again.id}")
    told = {"first": ["2025-02", "2025-08"], "last": ["2025-04", ""], "operator": "root"}
    assert (reopened.action, reopened.detail) == (Act.UNIT_REOPENED, told)
    assert (closed.action, closed.detail["last"]) == (Act.UNIT_CLOSED, [closed_before, "2025-04"])


def test_who_files_again_from_the_next_month_was_never_away(app, people):
    entered = Entered("縣立大成國中", "彰化縣", last="2025-02")
    amend(app, KEEPER, people.school.id, entered)
    again = amend(app, KEEPER, people.school.id, evolve(entered, again="2025-03"))
    assert again.active.ranges == (PeriodRange(NOW),)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"again": "2025-08"}, "not-closed"),
        ({"last": "2025-06", "again": "2025-06"}, "again-too-early"),
        ({"last": "2025-06", "again": "soon"}, "month"),
        ({"last": "soon", "again": "2025-06"}, "month"),
    ],
)
def test_a_unit_files_again_only_after_it_was_closed(app, people, fields, why):
    with pytest.raises(FormRefusal) as refused:
        amend(app, KEEPER, people.school.id, Entered("縣立大成國中", "彰化縣", **fields))
    assert refused.value.problems["again"].code == why


def test_saving_what_is_there_leaves_no_entry(app, people):
    amend(app, KEEPER, people.school.id, Entered("縣立大成國中", "彰化縣"))
    with app.store.read() as work:
        assert work.audit.entries(subject=f"unit/{people.school.id}") == []


def test_only_the_organiser_and_the_operator_keep_the_register(app, people):
    for person in (people.officer, people.county_officer, people.support, people.agency):
        for attempt in (
            lambda who: dossier(app, who, people.school.id),
            lambda who: amend(app, who, people.school.id, GOOD),
            lambda who: enter(app, who, GOOD, code="07Z001", level=Level.CENTRE, since=NOW),
        ):
            with pytest.raises(Refusal) as refused:
                attempt(person)
            assert refused.value.code == "not-allowed"
