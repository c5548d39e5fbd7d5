"""The second step of signing in."""

import pytest
from pyotp import TOTP

from tianbao.accounts import second_step, sessions, sign_in

from ..flows import HERE, refusal


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
