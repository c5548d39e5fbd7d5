"""Sessions: random, hashed, idle, old, ended."""

import pytest
from attrs import evolve
from sqlalchemy import text

from tianbao.accounts import Standing, sessions

HERE = "203.0.113.7"


@pytest.fixture
def session(app, people):
    return sessions.start(app, people.officer, HERE)


def test_a_session_knows_whose_it_is_and_when_it_ends(app, people, session, clock):
    found = sessions.find(app, session)
    assert found.account == people.officer
    assert (found.ends_at - clock.now()).total_seconds() == 30 * 60


def test_an_id_is_long_random_and_not_in_the_store(app, people, session):
    other = sessions.start(app, people.officer, HERE)
    assert len({session, other}) == 2
    assert len(session) >= 43  # 256 bits
    with app.store.read() as work:
        kept = list(work.connection.execute(text("SELECT id_hash FROM session")).scalars())
    assert len(kept) == 2
    assert not {session, other} & set(kept)


@pytest.mark.parametrize("token", ["", "nobody's", "x\0", "帳" * 1000])
def test_an_id_we_did_not_give_opens_nothing(app, people, token):
    assert sessions.find(app, token) is None
    sessions.end(app, token)


def test_a_session_ends_when_nobody_clicks(app, session, clock):
    clock.goes_on(minutes=29, seconds=59)
    assert sessions.find(app, session)
    clock.goes_on(minutes=29, seconds=59)
    assert sessions.find(app, session)
    clock.goes_on(minutes=30)
    assert sessions.find(app, session) is None


def test_a_session_ends_after_half_a_day_however_busy(app, session, clock):
    for _ in range(35):
        clock.goes_on(minutes=20)
        assert sessions.find(app, session)
    clock.goes_on(minutes=20)
    assert sessions.find(app, session) is None


def test_not_every_click_is_written_down(app, session, clock):
    def written():
        with app.store.read() as work:
            return work.sessions.get(sessions.hash_of(session)).seen_at

    first = written()
    clock.goes_on(seconds=59)
    sessions.find(app, session)
    assert written() == first
    clock.goes_on(seconds=1)
    sessions.find(app, session)
    assert written() == clock.now()


def test_signing_out_ends_the_session_and_is_noted(app, people, session):
    sessions.end(app, session)
    assert sessions.find(app, session) is None
    with app.store.read() as work:
        assert [(each.action, each.actor) for each in work.audit.entries()] == [("sign-out", people.officer.id)]


def test_a_session_of_an_account_that_is_retired_opens_nothing(app, people, session):
    with app.store.work() as work:
        work.accounts.save(evolve(people.officer, standing=Standing.RETIRED))
    assert sessions.find(app, session) is None


def test_sessions_nobody_can_use_any_more_are_forgotten(app, people, session, clock):
    clock.goes_on(hours=13)
    sessions.start(app, people.officer, HERE)
    with app.store.read() as work:
        assert work.connection.execute(text("SELECT count(*) FROM session")).scalar() == 1
