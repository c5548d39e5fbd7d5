"""申請修改: asked for, opened by telephone, withdrawn, answered by a corrected workbook."""

from datetime import timedelta

import pytest

from tianbao import filings
from tianbao.accounts.forms import FormRefusal
from tianbao.calendar import Calendar, State
from tianbao.errors import Refusal
from tianbao.filings import Way, amendments, file_nil, file_workbook
from tianbao.filings.agenda import agenda
from tianbao.periods import Period
from tianbao.testing import filled
from tianbao_templates_113 import TEMPLATE

DECEMBER, JANUARY, FEBRUARY, MARCH = (Period(2024, 12).plus(n) for n in range(4))


@pytest.fixture
def since():
    return DECEMBER


@pytest.fixture
def books(as_file):
    """The bytes of a workbook that tells itself apart by its sessions."""
    return lambda sessions=4, **cells: as_file(filled(TEMPLATE, case=[{"sessions": sessions, **cells}]))


@pytest.fixture
def filed(app, people, books, clock):
    """December, January and February are filed; it is 15 March, and February can be asked for."""
    for period in (DECEMBER, JANUARY, FEBRUARY):
        file_workbook(app, people.officer, people.school, period, books(), f"{period}.xlsx")
    clock.goes_on(days=10)


def ask(app, people, period=FEBRUARY, reason="漏填一位學生"):
    return amendments.ask(app, people.officer, people.school, period, reason)


def state(app, people, period=FEBRUARY):
    return agenda(app, people.officer, people.school).of(period).state


def trail(app, *acts):
    with app.store.read() as work:
        return [entry for entry in reversed(work.audit.entries()) if entry.action.startswith(acts)]


def code(function, *args, **kwargs):
    with pytest.raises(Refusal) as refused:
        function(*args, **kwargs)
    return refused.value.code


def test_a_month_of_the_semester_is_asked_for_and_the_old_filing_stays_in_force(app, people, filed):
    asked = ask(app, people, reason=" 漏填一位學生，\n請開放 ")
    with app.store.read() as work:
        assert work.amendments.of_unit(people.school) == [asked]
        assert work.filings.in_force(people.school, FEBRUARY).version == 1
    assert (asked.reason, asked.opened_by, asked.opened_by_name, asked.opened_at) == (
        "漏填一位學生， 請開放", people.officer.id, "王小明", app.clock.now(),
    )  # fmt: skip
    assert state(app, people) is State.AMENDMENT_OPEN
    (entry,) = trail(app, "amendment")
    assert (entry.action, entry.actor, entry.subject, entry.detail) == (
        "amendment.asked", people.officer.id, f"unit/{people.school.id}/2025-02", {"amendment": asked.id},
    )  # fmt: skip


def test_an_open_amendment_blocks_nothing(app, people, filed, books):
    ask(app, people)
    outcome = file_workbook(app, people.officer, people.school, MARCH, books(), "三月.xlsx")
    assert outcome.filing.way is Way.CURRENT
    assert state(app, people) is State.AMENDMENT_OPEN


def test_the_corrected_workbook_takes_the_place_of_the_old_and_closes_the_amendment(app, people, filed, books):
    asked = ask(app, people)
    app.clock.goes_on(days=1)
    filing = file_workbook(app, people.officer, people.school, FEBRUARY, books(9), "更正.xlsx").filing
    assert (filing.way, filing.version, filing.filed_at) == (Way.AMENDMENT, 2, app.clock.now())
    with app.store.read() as work:
        (closed,) = work.amendments.of_unit(people.school)
        facts = work.calendar.facts(people.school)
        assert [case.sessions for case in work.filings.rows(work.filings.in_force(people.school, FEBRUARY))[0]] == [9]
    assert (closed.id, closed.accepted_at, closed.filing_id) == (asked.id, app.clock.now(), filing.id)
    assert facts.filed[FEBRUARY].first_at == app.clock.now() - timedelta(days=11), "the first filing date is kept"
    assert state(app, people) is State.FILED
    accepted = trail(app, "amendment.accepted")
    assert [entry.detail for entry in accepted] == [{"amendment": asked.id, "filing": filing.id}]


def test_a_month_can_be_amended_to_nil(app, people, filed):
    ask(app, people)
    filing = file_nil(app, people.officer, people.school, FEBRUARY)
    assert (filing.way, filing.nil, state(app, people)) == (Way.AMENDMENT, True, State.FILED_NIL)


def test_what_does_not_pass_the_check_leaves_the_amendment_open(app, people, filed, books):
    ask(app, people)
    outcome = file_workbook(app, people.officer, people.school, FEBRUARY, books(grade=99), "更正.xlsx")
    assert (outcome.filing, outcome.verdict.accepted) == (None, False)
    assert state(app, people) is State.AMENDMENT_OPEN


def test_the_unchanged_workbook_corrects_nothing(app, people, filed, books):
    ask(app, people)
    outcome = file_workbook(app, people.officer, people.school, FEBRUARY, books(), "二月.xlsx")
    assert (outcome.repeated, outcome.filing.version) == (True, 1)
    assert state(app, people) is State.AMENDMENT_OPEN


def test_sending_the_corrected_workbook_again_is_the_same_filing_though_the_month_is_closed(app, people, filed, books):
    ask(app, people)
    first = file_workbook(app, people.officer, people.school, FEBRUARY, books(9), "更正.xlsx")
    again = file_workbook(app, people.officer, people.school, FEBRUARY, books(9), "更正.xlsx")
    assert (again.repeated, again.filing) == (True, first.filing)
    refused = code(file_workbook, app, people.officer, people.school, FEBRUARY, books(8), "又更正.xlsx")
    assert refused == "already-filed"


def test_a_request_can_be_withdrawn_and_the_month_is_as_before(app, people, filed, books):
    asked = ask(app, people)
    amendments.withdraw(app, people.officer, people.school, FEBRUARY)
    assert state(app, people) is State.FILED
    assert code(amendments.withdraw, app, people.officer, people.school, FEBRUARY) == "not-asked"
    assert code(file_workbook, app, people.officer, people.school, FEBRUARY, books(9), "x.xlsx") == "already-filed"
    assert [entry.action for entry in trail(app, "amendment")] == ["amendment.asked", "amendment.withdrawn"]
    assert ask(app, people).id != asked.id
    with app.store.read() as work:
        assert [bool(each.withdrawn_at) for each in work.amendments.of_unit(people.school)] == [True, False]


@pytest.mark.parametrize(
    ("period", "refused"),
    [(JANUARY, "other-semester"), (MARCH, "is-current"), (Period(2025, 4), "not-yet-open"), (Period(2024, 11), "before-first")],
)  # fmt: skip
def test_other_months_cannot_be_asked_for_and_the_refusal_is_the_doors(app, people, filed, period, refused):
    door = agenda(app, people.officer, people.school).amendment_door(period)
    assert code(ask, app, people, period) == door.code == refused


def test_it_cannot_be_asked_for_twice(app, people, filed):
    ask(app, people)
    assert code(ask, app, people) == "already-asked"
    with app.store.read() as work:
        assert len(work.amendments.of_unit(people.school)) == 1


@pytest.mark.parametrize("reason", ["", "  \n", "長" * 301, "空\x00白"])
def test_a_reason_is_wanted_that_can_be_read(app, people, filed, reason):
    with pytest.raises(FormRefusal) as refused:
        ask(app, people, reason=reason)
    assert list(refused.value.problems) == ["reason"]


def test_another_semesters_month_is_opened_by_the_organiser_who_keeps_who_called_and_why(app, people, filed, books):
    opened = amendments.open_month(app, people.organiser, people.school, JANUARY, "王老師", "重複計算一位學生")
    assert (opened.caller, opened.reason, opened.opened_by_name) == ("王老師", "重複計算一位學生", "許研發")
    assert amendments.waiting(app, people.organiser) == [(people.school, opened)]
    filing = file_workbook(app, people.officer, people.school, JANUARY, books(7), "一月更正.xlsx").filing
    assert filing.way is Way.AMENDMENT
    assert amendments.waiting(app, people.organiser) == []
    assert [entry.action for entry in trail(app, "amendment")] == ["amendment.opened", "amendment.accepted"]


def test_the_organiser_can_open_the_own_semester_too_but_nothing_that_was_not_filed(app, people, filed):
    assert amendments.open_month(app, people.organiser, people.school, FEBRUARY, "王老師", "更正").id
    opening = (app, people.organiser, people.neighbour, DECEMBER, "陳老師", "更正")
    assert code(amendments.open_month, *opening) == "not-filed"


def test_who_called_and_why_are_both_wanted(app, people, filed):
    with pytest.raises(FormRefusal) as refused:
        amendments.open_month(app, people.organiser, people.school, JANUARY, "", "")
    assert list(refused.value.problems) == ["caller", "reason"]


def test_the_organiser_can_withdraw_what_a_unit_asked_for(app, people, filed):
    ask(app, people)
    amendments.withdraw(app, people.organiser, people.school, FEBRUARY)
    assert state(app, people) is State.FILED


@pytest.mark.parametrize("who", ["neighbours_officer", "county_officer", "support", "agency"])
def test_nobody_else_asks_opens_or_withdraws(app, people, filed, who):
    account = getattr(people, who)
    ask(app, people)
    for attempt in (
        lambda: amendments.ask(app, account, people.school, FEBRUARY, "x"),
        lambda: amendments.open_month(app, account, people.school, JANUARY, "x", "x"),
        lambda: amendments.withdraw(app, account, people.school, FEBRUARY),
        lambda: amendments.waiting(app, account),
    ):
        assert code(attempt) == "not-allowed"
    assert state(app, people) is State.AMENDMENT_OPEN


def test_a_unit_that_is_not_in_the_register_has_no_months(app, people):
    from attrs import evolve

    stray = evolve(people.school, id=9999)
    assert code(amendments.open_month, app, people.organiser, stray, JANUARY, "x", "x") == "no-unit"


def test_what_is_withdrawn_while_the_workbook_is_checked_is_not_filed(app, people, filed, books, monkeypatch):
    ask(app, people)
    check = filings.check_data

    def slow_check(*args, **kwargs):
        amendments.withdraw(app, people.officer, people.school, FEBRUARY)
        return check(*args, **kwargs)

    monkeypatch.setattr("tianbao.filings.filing.check_data", slow_check)
    assert code(file_workbook, app, people.officer, people.school, FEBRUARY, books(9), "x.xlsx") == "already-filed"
    with app.store.read() as work:
        assert work.filings.in_force(people.school, FEBRUARY).version == 1


def test_of_two_corrected_workbooks_the_one_that_arrived_first_and_is_checked_last_is_refused(
    app, people, filed, books, monkeypatch
):
    """It was let in while the amendment was open; that another closed it a moment *after* that is a fact all the same."""
    ask(app, people)
    check, others = filings.check_data, [books(8)]

    def slow_check(*args, **kwargs):
        app.clock.goes_on(seconds=3)
        while others:
            file_workbook(app, people.officer, people.school, FEBRUARY, others.pop(), "另一份.xlsx")
        return check(*args, **kwargs)

    monkeypatch.setattr("tianbao.filings.filing.check_data", slow_check)
    assert code(file_workbook, app, people.officer, people.school, FEBRUARY, books(9), "x.xlsx") == "already-filed"
    with app.store.read() as work:
        assert work.filings.in_force(people.school, FEBRUARY).file_name == "另一份.xlsx"
        facts = work.calendar.facts(people.school)
    assert Calendar(app.clock.now()).obligation(facts, FEBRUARY).state is State.FILED
