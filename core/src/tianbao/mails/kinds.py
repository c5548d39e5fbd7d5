"""What each text is for, and what stands in its fields: for whoever edits it or looks for a message."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from attrs import frozen

from tianbao.mails.texts import SHIPPED


class Group(StrEnum):
    """Texts that belong together."""

    FILING = "filing"
    ACCOUNT = "account"
    """About somebody's own account: what support may see."""

    @property
    def label(self) -> str:
        return {"filing": "填報與稽催", "account": "帳號"}[self]


@frozen
class Kind:
    """A text, as people speak of it.

    Attributes:
        title: what it is called.
        when: on which occasion it goes out, and to whom.
        group: which it belongs with.
    """

    title: str
    when: str
    group: Group


_FILING, _ACCOUNT = Group.FILING, Group.ACCOUNT
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "remind": Kind("填報提醒", "每月1日，寄給各單位承辦人", _FILING),
        "chase": Kind("逾期通知", "每月11日（遇假日順延），寄給尚未填報的單位", _FILING),
        "chase-county": Kind("縣市未填報名單", "每月11日（遇假日順延），寄給縣市政府承辦人，附名單", _FILING),
        "compile": Kind("未完成名單彙整", "每月16日（遇假日順延），寄給承辦單位，附國教署及各縣市名單", _FILING),
        "remind-now": Kind("立即提醒", "縣市政府或承辦單位按下「提醒」時，寄給所選的單位", _FILING),
        "receipt": Kind("填報收據", "完成填報時，寄給填報的承辦人", _FILING),
        "activate": Kind("帳號開通信", "新建帳號時，寄給申請人，內有開通連結", _ACCOUNT),
        "invitation": Kind("帳號邀請信", "邀請承辦單位、客服、國教署人員時，內有邀請連結", _ACCOUNT),
        "new-password": Kind("忘記密碼信", "申請忘記密碼時，內有設定密碼的連結", _ACCOUNT),
        "new-email": Kind("新信箱確認信", "更換信箱時，寄到新信箱，內有確認連結", _ACCOUNT),
        "email-changed": Kind("信箱更換通知", "更換信箱後，寄到原來的信箱", _ACCOUNT),
        "password-changed": Kind("密碼變更通知", "密碼變更後，寄給帳號本人", _ACCOUNT),
        "code-lifted": Kind("動態驗證碼解除通知", "客服或承辦單位解除動態驗證碼後，寄給帳號本人", _ACCOUNT),
        "login-changed": Kind("登入帳號變更通知", "完成「變更登入帳號」時，寄給帳號本人", _ACCOUNT),
        "account-reset": Kind("帳號重置通知", "客服完成帳號重置時，寄到原帳號的信箱", _ACCOUNT),
    }
)
"""By the text's name."""

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "address": "系統的網址",
        "agency": "國教署轄下的單位數",
        "agency_levels": "國教署轄下，各學制一項",
        "at": "變更的時間",
        "attached": "名單是否附在信中",
        "cases": "個案筆數",
        "contacts": "聯絡方式：contacts.organiser 是承辦單位，contacts.support 是系統客服，各有 name、phone、email",
        "count": "單位數",
        "counties": "各縣市一項",
        "county": "縣市",
        "due": "填報期限",
        "earlier": "更早還沒有填報的月份，一個月一項",
        "expires": "連結的期限",
        "filed_at": "收到填報的時間",
        "inviter": "邀請人的姓名",
        "late": "逾期天數，未逾期為 0",
        "level": "學制",
        "levels": "各學制一項",
        "login": "登入帳號",
        "months": "還沒有填報的月份，一個月一項",
        "more": "是否還有沒列出的單位",
        "name": "收件人的姓名",
        "new_email": "新的信箱",
        "nil": "是否為當月無個案及服務",
        "period": "月份",
        "receipt": "收據編號",
        "role": "身分",
        "sender": "按下提醒的機關",
        "services": "服務筆數",
        "site": "系統的名稱",
        "token": "連結的密碼；只能留在原來的按鈕網址裡",
        "unit": "單位名稱",
        "unit_code": "單位代碼",
        "units": "單位名稱的清單",
        "version": "第幾次填報",
        "way": "填報方式：current 當期填報、late 逾期補填、amendment 申請修改",
    }
)
"""By the field's name: what stands in it."""

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "person": "姓名；不像姓名時寫成「承辦人」",
        "month": "月份，如 114年9月",
        "day": "日期，如 114年10月10日（星期五）",
        "moment": "日期與時間",
        "number": "有千分號的數字",
        "masked": "遮住一部分的信箱",
        "length": "清單有幾項",
        'join("、")': "把清單用頓號連起來",
    }
)
"""By what stands behind a field: what it makes of it."""

SECRET = frozenset(name for name, source in SHIPPED.items() if "{{ token }}" in source)
"""Texts with a link that is a secret: nobody sees it, and they are never sent again."""


def kind_of(name: str) -> Kind:
    """What a text is for; one nobody has described goes by its name, and is the organiser's alone to see."""
    return KINDS.get(name, Kind(name, "", Group.FILING))
