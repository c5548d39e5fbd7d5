"""Who may do what, on which units."""

import pytest
from attrs import evolve

from tianbao.accounts import Account, Role, Standing
from tianbao.accounts.policy import Action, demand, may
from tianbao.errors import Refusal
from tianbao.units import Level, Unit

OWN = Unit("074501", Level.JUNIOR_HIGH, "縣立大成國中", "彰化縣", id=1)
NEAR = Unit("074601", Level.ELEMENTARY, "縣立大成國小", "彰化縣", id=2)
FAR = Unit("340301", Level.SENIOR_HIGH, "市立遠山高中", "臺北市", id=3)

PEOPLE = {
    "unit": Account(1, "074501_wang01", Role.UNIT_OFFICER, "王", "a@b.tw", handle="wang01", unit_id=1),
    "county": Account(2, "cha_lin_01", Role.COUNTY_OFFICER, "林", "a@b.tw", handle="lin_01", county="彰化縣"),
    "organiser": Account(3, "rd_hsu_1", Role.ORGANISER, "許", "a@b.tw"),
    "support": Account(4, "help_wu01", Role.SUPPORT, "吳", "a@b.tw"),
    "agency": Account(5, "k12_tsai", Role.AGENCY, "蔡", "a@b.tw"),
}

# For each role: may it on the own unit, on another of the own county, on one of another county?
EXPECTED = """
                  unit  county  organiser  support  agency
FILE              y--   ---     ---        ---      ---
ASK_AMENDMENT     y--   ---     ---        ---      ---
SEE_FILINGS       y--   yy-     yyy        ---      yyy
SEE_CASES         y--   yy-     yyy        ---      yyy
SEE_STATISTICS    y--   yy-     yyy        ---      yyy
SEE_COMPLETENESS  ---   yy-     yyy        ---      yyy
REMIND            ---   yy-     yyy        ---      ---
OPEN_MONTHS       ---   ---     yyy        ---      ---
SET_CALENDAR      ---   ---     yyy        ---      ---
EDIT_MESSAGES     ---   ---     yyy        ---      ---
SEE_POST_ROOM     ---   ---     yyy        yyy      ---
RUN_POST_ROOM     ---   ---     yyy        ---      ---
MAKE_LETTERS      ---   ---     yyy        ---      yyy
ANNOUNCE          ---   ---     yyy        ---      ---
KEEP_REGISTER     ---   ---     yyy        ---      ---
SEE_ACCOUNTS      ---   yy-     yyy        yyy      ---
RESET_ACCOUNTS    ---   ---     ---        yyy      ---
INVITE            ---   ---     yyy        ---      ---
LIFT_CODE         ---   ---     yyy        yyy      ---
SEE_AUDIT         ---   ---     yyy        ---      ---
"""
ROLES, *LINES = [line.split() for line in EXPECTED.strip().splitlines()]
CELLS = [(Action[name], role, cell) for name, *cells in LINES for role, cell in zip(ROLES, cells, strict=True)]


@pytest.mark.parametrize(("action", "role", "cell"), CELLS, ids=lambda value: getattr(value, "name", value))
def test_reach(action, role, cell):
    account = PEOPLE[role]
    assert "".join("y" if may(account, action, unit) else "-" for unit in (OWN, NEAR, FAR)) == cell
    assert may(account, action) is ("y" in cell)


def test_the_table_above_knows_every_action():
    assert {action for action, *_ in CELLS} == set(Action)


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("standing", [Standing.PENDING, Standing.RETIRED])
def test_who_is_not_active_may_nothing(role, standing):
    account = evolve(PEOPLE[role], standing=standing)
    assert not any(may(account, action) or may(account, action, OWN) for action in Action)


def test_who_has_yet_to_choose_a_handle_may_nothing():
    account = evolve(PEOPLE["unit"], handle=None)
    assert not any(may(account, action, OWN) for action in Action)


def test_a_unit_that_is_not_in_the_register_is_nobodys_own():
    stray = evolve(OWN, id=None)
    assert not may(evolve(PEOPLE["unit"], unit_id=None), Action.FILE, stray)


def test_the_refusal_says_who_may_not_do_what_where():
    with pytest.raises(Refusal, match=r"系統客服.*縣立大成國中.*查看個案與服務資料"):
        demand(PEOPLE["support"], Action.SEE_CASES, OWN)
