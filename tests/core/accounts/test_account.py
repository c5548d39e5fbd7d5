"""Signing in: who gets in, who is told to wait, what is written down."""

import pytest
from attrs import evolve

from tianbao.accounts import sign_in, throttle
from tianbao.accounts.passwords import Hasher

from ..flows import HERE, refusal


def test_the_right_password_lets_in_whatever_the_capitals_of_the_login(app, people):
    assert sign_in(app, " 074501_WANG01 ", people.password, HERE) == people.officer


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("074501_wang01", "wrong"),
        ("nobody", "wrong"),
        ("074501_wang01", ""),
        ("x\0", "y"),
        ("", ""),
        ("帳" * 5000, "y" * 9000),
    ],
)
def test_a_wrong_sign_in_says_the_same_whether_the_account_exists(app, people, login, password):
    known = refusal(sign_in, app, "074601_chen_1", "wrong", HERE)
    refused = refusal(sign_in, app, login, password, HERE)
    assert (refused.code, str(refused)) == ("wrong-sign-in", str(known))


def test_a_wrong_sign_in_costs_as_many_hashes_whether_the_account_exists(app, people, monkeypatch):
    hashed = []
    verify = Hasher.verify
    monkeypatch.setattr(
        Hasher, "verify", lambda self, known, password: hashed.append(known) or verify(self, known, password)
    )
    for login in ("074501_wang01", "nobody"):
        refusal(sign_in, app, login, "wrong", HERE)
    assert [known is None for known in hashed] == [False, True]


def test_five_failures_make_an_account_wait_and_say_until_when(app, people, clock):
    for _ in range(throttle.SIGNING_IN.of_name):
        refusal(sign_in, app, "074501_wang01", "wrong", HERE)
        clock.goes_on(minutes=1)
    refused = refusal(sign_in, app, "074501_wang01", people.password, HERE)
    assert refused.code == "throttled"
    assert "10 分鐘後（114年3月5日（星期三）10:15）" in refused.message
    assert sign_in(app, "074601_chen_1", people.password, HERE)
    clock.goes_on(minutes=10)
    assert sign_in(app, "074501_wang01", people.password, HERE)


def test_an_account_that_does_not_exist_has_to_wait_just_the_same(app, people):
    codes = [refusal(sign_in, app, "nobody", "wrong", HERE).code for _ in range(6)]
    assert codes == ["wrong-sign-in"] * 5 + ["throttled"]


def test_a_success_wipes_the_slate(app, people):
    for _ in range(3):
        for _ in range(throttle.SIGNING_IN.of_name - 1):
            refusal(sign_in, app, "074501_wang01", "wrong", HERE)
        sign_in(app, "074501_wang01", people.password, HERE)


def test_many_failures_make_an_address_wait(app, people):
    for number in range(throttle.SIGNING_IN.of_address):
        refusal(sign_in, app, f"nobody{number}", "wrong", HERE)
    assert refusal(sign_in, app, "074501_wang01", people.password, HERE).code == "throttled"
    assert sign_in(app, "074501_wang01", people.password, "203.0.113.8")


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2:bbbb::2", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("testclient", "testclient", True),
    ],
)
def test_an_ipv6_network_counts_as_one_address(app, people, one, other, together):
    for number in range(throttle.SIGNING_IN.of_address):
        refusal(sign_in, app, f"nobody{number}", "wrong", one)
    assert (refusal(sign_in, app, "nobody", "wrong", other).code == "throttled") is together


def test_signing_in_leaves_a_trail_that_does_not_repeat_what_was_typed(app, people):
    refusal(sign_in, app, people.password, "x", HERE)
    refusal(sign_in, app, "074501_wang01", "x", HERE)
    sign_in(app, "074501_wang01", people.password, HERE)
    with app.store.read() as work:
        trail = [(each.action, each.actor, each.subject, each.detail) for each in reversed(work.audit.entries())]
    assert trail == [
        ("sign-in.failed", None, "account/unknown", {"address": HERE}),
        ("sign-in.failed", None, people.officer.subject, {"address": HERE}),
        ("sign-in.succeeded", people.officer.id, people.officer.subject, {"address": HERE}),
    ]


def test_a_password_hashed_with_older_parameters_is_hashed_anew(app, people):
    from argon2 import PasswordHasher

    stronger = evolve(app, hasher=Hasher(argon2=PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)))
    sign_in(stronger, "074501_wang01", people.password, HERE)
    with app.store.read() as work:
        assert not stronger.hasher.outdated(work.accounts.password_hash(people.officer.id))
    assert sign_in(app, "074501_wang01", people.password, HERE)


def test_too_many_at_once_are_asked_to_come_back_and_it_counts_as_no_attempt(app, people):
    full = evolve(app, hasher=Hasher(1, patience=0.0))
    with full.hasher._turn():
        codes = {refusal(sign_in, full, "074501_wang01", people.password, HERE).code for _ in range(8)}
    assert codes == {"busy"}
    assert sign_in(app, "074501_wang01", people.password, HERE)
