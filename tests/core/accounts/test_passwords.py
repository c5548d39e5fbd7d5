"""Passwords: the four rules, and the common ones."""

import time

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


@pytest.mark.parametrize("signs", ["4@8({[<369&#!1/|0$5+7%2", "4@({[<69!1|7$50+%2xpassword1234"])
def test_no_password_takes_long_to_look_at(signs):
    passwords.demand_good(NEW_PASSWORD)  # the word lists are loaded
    started = time.process_time()
    passwords.demand_good("Aa1" + signs * 4)
    assert time.process_time() - started < 1, "zxcvbn alone took twelve seconds for each"


def test_the_rules_are_told_one_by_one():
    met = {rule.code: rule.met("abc1") for rule in passwords.RULES}
    assert met == {"upper": False, "lower": True, "digit": True, "length": False}
    assert "大寫" in refusal(passwords.demand_good, "abc1").message
