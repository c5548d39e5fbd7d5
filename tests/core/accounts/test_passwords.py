"""Passwords: the four rules, and the common ones."""

import pytest

from tianbao.accounts import passwords

from ..flows import NEW_PASSWORD, refusal


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Short1a", "password-rules"), ("nouppercase1", "password-rules"), ("NOLOWERCASE1", "password-rules"),
        ("NoDigitsHere", "password-rules"), ("Password123", "password-common"), ("Qwerty12345", "password-common"),
        ("Wang074501", "password-common"), ("Aa1" + "x" * 200, "password-long"),
    ],
)  # fmt: skip
def test_a_bad_password_is_refused(password, code):
    assert refusal(passwords.demand_good, password, "074501_wang01", "王小明", "wang01@x.tw").code == code


@pytest.mark.parametrize("password", [NEW_PASSWORD, "校園Lantern9紙鶴燈塔", "Aa1 " + "正確馬電池訂書針" * 12])
def test_a_good_password_is_taken_however_long(password):
    passwords.demand_good(password, "074501_wang01")


def test_the_rules_are_told_one_by_one():
    met = {rule.code: rule.met("abc1") for rule in passwords.RULES}
    assert met == {"upper": False, "lower": True, "digit": True, "length": False}
    assert "大寫" in refusal(passwords.demand_good, "abc1").message
