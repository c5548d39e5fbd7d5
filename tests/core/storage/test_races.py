"""Several people at once, in one process and in several: one winner, no mixture."""

import multiprocessing

import pytest
from attrs import evolve

from tianbao.accounts import profile, registration, sign_in
from tianbao.accounts.forms import Details
from tianbao.accounts.seats import Seat
from tianbao.accounts.tokens import Purpose
from tianbao.errors import Refusal
from tianbao.filings import file_nil, file_workbook
from tianbao.periods import Period
from tianbao.storage import Store
from tianbao.testing import filled
from tianbao_templates_113 import TEMPLATE

from ..flows import HERE, NEW_PASSWORD

FEBRUARY = Period(2025, 2)
MANY = 6


def book(as_file, number):
    """A workbook all of whose rows say which it is."""
    rows = [{"sessions": number + 1, "student_code": f"S{number}-{row}"} for row in range(20)]
    return as_file(filled(TEMPLATE, case=rows, service=[{"male": number + 1}] * 3))


def demand_one_winner(app, people, filings):
    with app.store.read() as work:
        history = work.filings.history(people.school, FEBRUARY)
        (winner,) = [filing for filing in history if filing.in_force]
        assert [filing.version for filing in history] == list(range(1, filings + 1))
        assert winner == history[-1]
        for filing in history:
            cases, services = work.filings.rows(filing)
            marks = {case.sessions for case in cases} | {service.male for service in services}
            assert len(marks) == 1
            assert (len(cases), len(services)) == (20, 3)
        assert work.audit.verify().broken is None
    from sqlalchemy import select

    from tianbao.storage.tables import CaseRow

    with app.store.read() as work:
        in_force = select(CaseRow.filing_id).where(CaseRow.unit_id == people.school.id, CaseRow.in_force).distinct()
        assert list(work.connection.execute(in_force).scalars()) == [winner.id]


def test_two_people_filing_the_same_month_from_threads_leave_one_winner(app, people, as_file, at_once):
    def file(number):
        return lambda: file_workbook(
            app, people.officer, people.school, FEBRUARY, book(as_file, number), f"{number}.xlsx"
        )

    outcomes = at_once(*map(file, range(MANY)))
    assert not any(isinstance(outcome, Refusal) or outcome.repeated for outcome in outcomes)
    demand_one_winner(app, people, MANY)


def test_two_people_filing_the_same_month_from_processes_leave_one_winner(app, people, as_file, database_url):
    fork = multiprocessing.get_context("fork")
    start = fork.Barrier(3)
    app.store.close()

    def file(process):
        own = evolve(app, store=Store(database_url))
        start.wait()
        for number in (process, process + 3):
            file_workbook(own, people.officer, people.school, FEBRUARY, book(as_file, number), f"{number}.xlsx")

    processes = [fork.Process(target=file, args=(number,)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    demand_one_winner(app, people, 6)


def test_the_same_file_at_once_is_one_filing(app, people, as_file, at_once, heard):
    data = book(as_file, 1)
    outcomes = at_once(*[lambda: file_workbook(app, people.officer, people.school, FEBRUARY, data, "a.xlsx")] * MANY)
    assert len({outcome.filing.id for outcome in outcomes}) == 1
    assert sorted(outcome.repeated for outcome in outcomes) == [False] + [True] * (MANY - 1)
    assert len(heard) == 1


def test_the_same_nil_filing_at_once_is_one(app, people, at_once):
    filings = at_once(*[lambda: file_nil(app, people.officer, people.school, FEBRUARY)] * MANY)
    assert len({filing.id for filing in filings}) == 1


@pytest.mark.parametrize("since", [Period(2024, 9)])
def test_different_units_file_at_once_and_the_trail_stays_whole(app, people, as_file, at_once):
    pairs = [(people.officer, people.school), (people.neighbours_officer, people.neighbour)]

    def file(number):
        account, unit = pairs[number % 2]
        grade = {} if unit == people.school else {"grade": 3}
        rows = [{"sessions": number + 1, **grade}]
        data = as_file(filled(TEMPLATE, case=rows))
        return lambda: file_workbook(app, account, unit, Period(2024, 9 + number // 2), data, "a.xlsx")

    outcomes = at_once(*map(file, range(MANY)))
    assert all(outcome.filing for outcome in outcomes)
    with app.store.read() as work:
        soundness = work.audit.verify()
    assert (soundness.broken, soundness.entries) == (None, MANY)


def test_of_two_who_follow_the_same_link_at_once_one_gets_through(app, people, at_once):
    now = app.clock.now()
    with app.store.work() as work:
        token = work.tokens.issue(Purpose.NEW_PASSWORD, people.officer.id, now)

    def follow():
        with app.store.work() as work:
            return work.tokens.use(token, Purpose.NEW_PASSWORD, now)

    answers = at_once(*[follow] * MANY)
    assert [answer.code for answer in answers if isinstance(answer, Refusal)] == ["link-used"] * (MANY - 1)


def test_changes_to_one_account_at_once_lose_nothing(app, people, at_once):
    def reach(number):
        return lambda: profile.change_details(app, people.officer, Details("王小明", f"第{number}組長", "04-7222121"))

    with app.store.work() as work:
        token = work.tokens.issue(
            Purpose.NEW_EMAIL, people.officer.id, app.clock.now(), {"email": "new@example.edu.tw"}
        )
    confirm = lambda: profile.confirm_email(app, token)  # noqa: E731
    enter = lambda: sign_in(app, people.officer.login, people.password, "203.0.113.7")  # noqa: E731
    at_once(reach(1), confirm, enter, reach(2), enter, reach(3))
    with app.store.read() as work:
        account = work.accounts.get(people.officer.id)
        soundness = work.audit.verify()
    assert account.email == "new@example.edu.tw"
    assert account.title in {"第1組長", "第2組長", "第3組長"}
    assert (soundness.broken, soundness.entries) == (None, 6)


def test_two_who_register_for_the_same_unit_at_once_get_one_account(app, people, at_once):
    def join(number):
        details = Details("李新任", "輔導組長", "04-7222121")
        return lambda: registration.register(
            app, Seat(people.far), f"lee_{number}0", NEW_PASSWORD, details, f"lee{number}@example.edu.tw", HERE
        )

    joined = at_once(*map(join, range(MANY)))
    with app.store.read() as work:
        tokens = [message.secrets["token"] for message in work.outbox.all()]
    answers = at_once(*[lambda token=token: registration.activate(app, token) for token in tokens])
    assert all(account.id for account in joined)
    with app.store.read() as work:
        assert [account.active for account in work.accounts.of_unit(people.far.id)].count(True) == 1
    assert [isinstance(answer, Refusal) for answer in answers].count(False) == 1


def test_a_message_of_the_same_key_is_queued_once(app, at_once):
    def queue():
        with app.store.work() as work:
            return work.outbox.add("remind/2025-02/7", "a@example.edu.tw", "remind", {}, at=app.clock.now())

    assert sorted(at_once(*[queue] * MANY)) == [False] * (MANY - 1) + [True]
    with app.store.read() as work:
        assert len(work.outbox.all()) == 1


def test_readers_do_not_wait_for_a_writer(app, people, at_once):
    with app.store.work() as writing:
        writing.units.lock(people.school)
        with app.store.read() as reading:
            assert reading.units.get(people.school.id) == people.school


def test_what_a_reader_sees_stays_as_it_was_when_it_began(app, people):
    with app.store.read() as reading:
        assert reading.filings.in_force(people.school, FEBRUARY) is None
        file_nil(app, people.officer, people.school, FEBRUARY)
        assert reading.filings.in_force(people.school, FEBRUARY) is None
