"""Refused uploads are kept for a moment, within bounds."""

import pytest

from tianbao.clock import FixedClock
from tianbao.periods import Period
from tianbao.units import Level, Unit
from tianbao_web_litestar.recent import KEPT_FOR, Recent, Upload

NOW = FixedClock.at("2025-03-05T10:00").now()
UNIT = Unit("074501", Level.JUNIOR_HIGH, "縣立大成國中", "彰化縣")


def upload(owner, size=10):
    return Upload(owner, UNIT, Period(2025, 2), "a.xlsx", b"x" * size, NOW)


def test_an_upload_is_found_by_its_key_and_owner_alone():
    recent = Recent()
    mine = upload(1)
    key = recent.keep(mine)
    assert recent.find(key, 1, NOW) == mine
    assert recent.find("another", 1, NOW) is None
    assert recent.find(key, 2, NOW) is None


def test_the_newest_takes_the_place_of_the_last():
    recent = Recent()
    old, new = recent.keep(upload(1)), recent.keep(upload(1))
    assert recent.find(old, 1, NOW) is None
    assert recent.find(new, 1, NOW)


def test_the_oldest_give_way():
    recent = Recent(at_most=100)
    keys = {owner: recent.keep(upload(owner, 40)) for owner in (1, 2, 3)}
    assert [owner for owner in keys if recent.find(keys[owner], owner, NOW)] == [2, 3]


@pytest.mark.parametrize(("late", "there"), [(KEPT_FOR, True), (KEPT_FOR * 1.01, False)])
def test_it_ends(late, there):
    recent = Recent()
    key = recent.keep(upload(1))
    assert bool(recent.find(key, 1, NOW + late)) is there


def test_it_is_dropped_when_no_longer_wanted():
    recent = Recent()
    key = recent.keep(upload(1))
    recent.forget(1)
    assert recent.find(key, 1, NOW) is None
