"""The rate limit."""

from itertools import pairwise

import pytest

from tianbao.channels import Message, Refused, Sent
from tianbao_notify_email.channel import EmailChannel, Pace


class Time:
    """Time that passes only by sleeping."""

    def __init__(self):
        self.now = 100.0

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def time():
    return Time()


def moments(pace, time, count):
    passed = []
    for _ in range(count):
        pace.wait()
        passed.append(time.now)
    return passed


def test_thirty_a_minute_is_one_every_two_seconds(time):
    passed = moments(Pace(30, time.clock, time.sleep), time, 31)
    assert passed[0] == 100
    assert {later - sooner for sooner, later in pairwise(passed)} == {2}


def test_time_unused_is_not_saved_up(time):
    pace = Pace(30, time.clock, time.sleep)
    pace.wait()
    time.now += 600
    assert moments(pace, time, 3) == [700, 702, 704]


def test_no_limit_never_waits(time):
    assert moments(Pace(0, time.clock, time.sleep), time, 5) == [100] * 5


def test_the_channel_keeps_its_pace_and_an_address_that_is_none_costs_no_turn(settings, time):
    channel = EmailChannel(settings, Pace(60, time.clock, time.sleep))
    messages = [Message(f"id-{number}", to, "主旨", "內容") for number, to in enumerate(["a@b.tw", "nobody", "c@b.tw"])]
    assert [type(answer) for answer in channel.deliver(messages)] == [Sent, Refused, Sent]
    assert time.now == 101
