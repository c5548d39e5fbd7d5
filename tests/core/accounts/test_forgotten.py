"""忘記密碼."""

import pytest

from tianbao.accounts import forgotten, registration, sessions, sign_in, throttle
from tianbao.accounts.seats import Seat

from ..flows import HERE, NEW_PASSWORD, join, problems, refusal


def test_a_forgotten_password_is_set_anew_through_the_mail_and_ends_all_sessions(app, people, token, mails):
    session = sessions.start(app, people.officer, HERE)
    forgotten.forget(app, "074501_wang01", HERE)
    assert forgotten.whose(app, token("new-password")) == people.officer
    forgotten.set_new(app, token("new-password"), NEW_PASSWORD)
    assert sessions.find(app, session) is None
    assert refusal(sign_in, app, "074501_wang01", people.password, HERE).code == "wrong-sign-in"
    assert sign_in(app, "074501_wang01", NEW_PASSWORD, HERE)
    assert [template for template, _ in mails()] == ["new-password", "password-changed"]
    assert refusal(forgotten.set_new, app, token("new-password"), NEW_PASSWORD).code == "link-used"


def test_the_answer_is_the_same_whether_the_account_exists(app, people, mails):
    answers = {
        forgotten.forget(app, who, HERE)
        for who in ("074501_wang01", "nobody", "", "x\0", "nobody@example.edu.tw", "074501_wang01@example.edu.tw")
    }
    assert answers == {forgotten.ANSWER}
    assert [template for template, _ in mails()] == ["new-password", "new-password"]


def test_the_answer_takes_as_long_whatever_happens():
    time, slept = [0.0], []
    for work in (0.01, 0.3, 0.9):
        with forgotten.steadily(0.5, lambda: time[0], slept.append):
            time[0] += work
    with pytest.raises(KeyError), forgotten.steadily(0.5, lambda: time[0], slept.append):
        raise KeyError
    assert slept == pytest.approx([0.49, 0.2, 0, 0.5])


def test_the_link_is_good_for_30_minutes(app, people, token, clock):
    forgotten.forget(app, "074501_wang01", HERE)
    clock.goes_on(minutes=30)
    assert refusal(forgotten.set_new, app, token("new-password"), NEW_PASSWORD).code == "link-expired"


def test_a_bad_new_password_leaves_the_link_good(app, people, token):
    forgotten.forget(app, "074501_wang01", HERE)
    assert problems(forgotten.set_new, app, token("new-password"), "bad") == {"password": "password-rules"}
    forgotten.set_new(app, token("new-password"), NEW_PASSWORD)


def test_somebody_else_cannot_flood_a_mailbox(app, people, mails, clock):
    for _ in range(10):
        forgotten.forget(app, "074501_wang01", HERE)
    assert len(mails()) == 3
    clock.goes_on(hours=1)
    forgotten.forget(app, "074501_wang01", HERE)
    assert len(mails()) == 4


def test_who_has_a_new_password_need_not_wait_for_what_was_guessed(app, people, token):
    for _ in range(6):
        refusal(sign_in, app, "074501_wang01", "wrong", HERE)
    forgotten.forget(app, "074501_wang01", HERE)
    forgotten.set_new(app, token("new-password"), NEW_PASSWORD)
    assert sign_in(app, "074501_wang01", NEW_PASSWORD, HERE)


def test_who_never_got_the_activation_mail_gets_it_again(app, people, mails, token):
    join(app, Seat(people.far))
    forgotten.forget(app, "340301_lee_01", HERE)
    assert [template for template, _ in mails()] == ["activate", "activate"]
    assert registration.activate(app, token("activate")).active


def test_who_asks_without_end_from_one_address_has_to_wait_whomever_they_ask_about(app, people):
    for number in range(throttle.FORGETTING.of_address):
        forgotten.forget(app, f"nobody{number}", HERE)
    assert refusal(forgotten.forget, app, people.officer.login, HERE).code == "throttled"
    assert refusal(forgotten.forget, app, "nobody", HERE).code == "throttled"
    assert forgotten.forget(app, people.officer.login, "203.0.113.8")
