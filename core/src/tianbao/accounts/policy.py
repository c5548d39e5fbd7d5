"""Who may do what, on which units: the one table every front end asks."""

from enum import Enum, IntEnum

from tianbao.accounts import Account, Role
from tianbao.errors import Refusal
from tianbao.units import Unit


class Reach(IntEnum):
    """How far a permission goes."""

    NONE = 0
    OWN = 1
    """The own unit."""
    COUNTY = 2
    """The units of the own county."""
    ALL = 3


class Action(Enum):
    """What can be done."""

    FILE = "填報"
    ASK_AMENDMENT = "申請修改"
    SEE_FILINGS = "查看填報情形"
    SEE_CASES = "查看個案與服務資料"
    SEE_STATISTICS = "查看統計"
    SEE_COMPLETENESS = "查看完成率與未填報名單"
    REMIND = "提醒未填報單位"
    OPEN_MONTHS = "開放月份、展延、免填"
    SET_CALENDAR = "設定填報期程與假日"
    EDIT_MESSAGES = "編輯信件內容"
    SEE_POST_ROOM = "查看寄信紀錄"
    RUN_POST_ROOM = "暫停、取消與再寄信件"
    MAKE_LETTERS = "產製函文名單"
    ANNOUNCE = "發布公告"
    KEEP_REGISTER = "維護單位名錄"
    SEE_ACCOUNTS = "查看帳號"
    RESET_ACCOUNTS = "帳號重置"
    INVITE = "邀請帳號"
    LIFT_CODE = "解除動態驗證碼"
    SEE_AUDIT = "查看稽核紀錄"


_NO, _OWN, _COUNTY, _ALL = Reach.NONE, Reach.OWN, Reach.COUNTY, Reach.ALL
_ROLES = (Role.UNIT_OFFICER, Role.COUNTY_OFFICER, Role.ORGANISER, Role.SUPPORT, Role.AGENCY)
_TABLE = {
    #                         unit officer, county officer, organiser, support, agency
    Action.FILE:             (_OWN,         _NO,            _NO,       _NO,     _NO),
    Action.ASK_AMENDMENT:    (_OWN,         _NO,            _NO,       _NO,     _NO),
    Action.SEE_FILINGS:      (_OWN,         _COUNTY,        _ALL,      _NO,     _ALL),
    Action.SEE_CASES:        (_OWN,         _COUNTY,        _ALL,      _NO,     _ALL),
    Action.SEE_STATISTICS:   (_OWN,         _COUNTY,        _ALL,      _NO,     _ALL),
    Action.SEE_COMPLETENESS: (_NO,          _COUNTY,        _ALL,      _NO,     _ALL),
    Action.REMIND:           (_NO,          _COUNTY,        _ALL,      _NO,     _NO),
    Action.OPEN_MONTHS:      (_NO,          _NO,            _ALL,      _NO,     _NO),
    Action.SET_CALENDAR:     (_NO,          _NO,            _ALL,      _NO,     _NO),
    Action.EDIT_MESSAGES:    (_NO,          _NO,            _ALL,      _NO,     _NO),
    Action.SEE_POST_ROOM:    (_NO,          _NO,            _ALL,      _ALL,    _NO),
    Action.RUN_POST_ROOM:    (_NO,          _NO,            _ALL,      _NO,     _NO),
    Action.MAKE_LETTERS:     (_NO,          _NO,            _ALL,      _NO,     _ALL),
    Action.ANNOUNCE:         (_NO,          _NO,            _ALL,      _NO,     _NO),
    Action.KEEP_REGISTER:    (_NO,          _NO,            _ALL,      _NO,     _NO),
    Action.SEE_ACCOUNTS:     (_NO,          _COUNTY,        _ALL,      _ALL,    _NO),
    Action.RESET_ACCOUNTS:   (_NO,          _NO,            _NO,       _ALL,    _NO),
    Action.INVITE:           (_NO,          _NO,            _ALL,      _NO,     _NO),
    Action.LIFT_CODE:        (_NO,          _NO,            _ALL,      _ALL,    _NO),
    Action.SEE_AUDIT:        (_NO,          _NO,            _ALL,      _NO,     _NO),
}  # fmt: skip


def reach(role: Role, action: Action) -> Reach:
    """How far a role may do something."""
    return _TABLE[action][_ROLES.index(role)]


def may(account: Account, action: Action, unit: Unit | None = None) -> bool:
    """Whether an account may do something on a unit; without one, whether there is any unit on which it may.

    An account that is not active, or has yet to choose its handle, may nothing.
    """
    if not account.active or account.must_choose_handle:
        return False
    far = reach(account.role, action)
    if unit is None or far in {Reach.NONE, Reach.ALL}:
        return far is not Reach.NONE
    if far is Reach.OWN:
        return account.unit_id is not None and account.unit_id == unit.id
    return account.county == unit.county


def demand(account: Account, action: Action, unit: Unit | None = None) -> None:
    """Refuse what an account may not do.

    Raises:
        Refusal: it may not (``not-allowed``).
    """
    if not may(account, action, unit):
        where = f"「{unit.name}」" if unit else ""
        raise Refusal(
            "not-allowed",
            f"您的帳號（{account.role.label}）不能對{where}進行「{action.value}」。"
            if where
            else f"您的帳號（{account.role.label}）不能進行「{action.value}」。",
            "如有需要，請洽系統客服。",
        )
