"""The second step of signing in."""

import pytest
from pyotp import TOTP

from tianbao.accounts import second_step, sessions, sign_in
from tianbao.audit import Act

from ..flows import HERE, problems, refusal


@pytest.fixture
def with_code(app, people):
    """The organiser's account with a second step, and its secret."""
    offered = second_step.offer(people.organiser)
    account = second_step.turn_on(app, people.organiser, offered.secret, TOTP(offered.secret).at(app.clock.now()))
    return account, TOTP(offered.secret)


def test_with_a_second_step_a_session_awaits_the_code(app, people, with_code, clock):
    account, codes = with_code
    clock.goes_on(seconds=30)
    signed_in = sign_in(app, account.login, people.password, HERE)
    waiting = sessions.start(app, signed_in, HERE)
    assert sessions.find(app, waiting) is None
    session = second_step.pass_on(app, waiting, codes.at(clock.now()), HERE)
    assert sessions.find(app, session).account == signed_in
    assert sessions.find(app, waiting, awaiting_code=True) is None


def test_a_code_is_good_once(app, with_code, clock):
    account, codes = with_code
    clock.goes_on(seconds=30)
    first, second = (sessions.start(app, account, HERE) for _ in range(2))
    second_step.pass_on(app, first, codes.at(clock.now()), HERE)
    assert refusal(second_step.pass_on, app, second, codes.at(clock.now()), HERE).code == "wrong-code"


def test_codes_cannot_be_guessed_for_long(app, with_code):
    account, _ = with_code
    waiting = sessions.start(app, account, HERE)
    found = [refusal(second_step.pass_on, app, waiting, "000000", HERE).code for _ in range(6)]
    assert found == ["wrong-code"] * 5 + ["throttled"]


def test_a_second_step_can_be_turned_off(app, people, with_code):
    second_step.turn_off(app, with_code[0])
    assert not sign_in(app, people.organiser.login, people.password, HERE).second_step


def test_it_is_offered_to_national_roles_and_wants_a_right_code_first(app, people):
    assert refusal(second_step.offer, people.officer).code == "second-step-national"
    offered = second_step.offer(people.organiser)
    assert offered.address.startswith("otpauth://totp/")
    assert refusal(second_step.turn_on, app, people.organiser, offered.secret, "000000").code == "wrong-code"


LOST = "陳淑芬來電，已回撥辦公室電話確認；手機遺失"


def test_support_lifts_a_lost_code_and_the_person_is_told(app, people, with_code, mails):
    session = sessions.start(app, with_code[0], HERE, awaits_code=False)
    assert second_step.holders(app, people.support) == [with_code[0]]
    second_step.lift(app, people.support, with_code[0], f" {LOST}\n")
    assert not sign_in(app, people.organiser.login, people.password, HERE).second_step
    assert sessions.find(app, session) is None
    assert mails() == [("code-lifted", people.organiser.email)]
    with app.store.read() as work:
        entry = next(each for each in work.audit.entries() if each.action == Act.CODE_LIFTED)
    assert (entry.actor, entry.subject) == (people.support.id, people.organiser.subject)
    assert entry.detail == {"reason": LOST}
    assert second_step.holders(app, people.support) == []


def test_a_session_that_awaits_the_code_does_not_become_one_by_lifting_it(app, people, with_code):
    waiting = sessions.start(app, with_code[0], HERE)
    second_step.lift(app, people.support, with_code[0], LOST)
    assert sessions.find(app, waiting) is None
    assert sessions.find(app, waiting, awaiting_code=True) is None


def test_lifting_a_code_wants_a_reason_and_a_code_to_lift(app, people, with_code):
    assert problems(second_step.lift, app, people.support, with_code[0], " ") == {"reason": "required"}
    assert refusal(second_step.lift, app, people.support, people.agency, LOST).code == "no-code"


@pytest.mark.parametrize("who", ["officer", "county_officer", "agency"])
def test_only_support_and_the_organiser_lift_a_code(app, people, with_code, who):
    assert refusal(second_step.lift, app, getattr(people, who), with_code[0], LOST).code == "not-allowed"
    assert refusal(second_step.holders, app, getattr(people, who)).code == "not-allowed"


def test_nobody_lifts_their_own(app, people, with_code):
    assert refusal(second_step.lift, app, people.organiser, with_code[0], LOST).code == "own-code"


def test_other_sessions_end_when_the_second_step_is_turned_on_or_off(app, people):
    def signed_in():
        return sessions.start(app, people.organiser, HERE, awaits_code=False)

    here, elsewhere = signed_in(), signed_in()
    secret = second_step.offer(people.organiser).secret
    account = second_step.turn_on(app, people.organiser, secret, TOTP(secret).at(app.clock.now()), keep=here)
    assert sessions.find(app, here)
    assert sessions.find(app, elsewhere) is None
    elsewhere = signed_in()
    second_step.turn_off(app, account, keep=here)
    assert sessions.find(app, here)
    assert sessions.find(app, elsewhere) is None
