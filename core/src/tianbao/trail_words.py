"""What the words and values in the trail's details are called: people read 欄位 and 個案, not ``columns`` and ``case``.

What is not listed here (a code, a number, a name somebody typed) stays as it is.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from tianbao.accounts import Role
from tianbao.accounts.resets import Reason
from tianbao.clock import spoken_date
from tianbao.filings import Way
from tianbao.filings.grants import Kind
from tianbao.periods import Period
from tianbao.register.planning import Kind as Happening
from tianbao.reminders.steps import Step
from tianbao.units import Authority, Level

WORDS: Mapping[str, str] = {
    "address": "來源位址",
    "after": "變更後",
    "amendment": "修改申請",
    "answers_to": "主管機關",
    "as_of": "資料時間",
    "before": "變更前",
    "case": "個案",
    "code": "單位代碼",
    "columns": "欄位",
    "counts": "筆數",
    "county": "縣市",
    "day": "日期",
    "district": "鄉鎮市區",
    "due": "展延至",
    "fields": "項目",
    "file": "檔案",
    "filing": "填報編號",
    "filings": "填報數",
    "first": "開始日期",
    "format": "格式",
    "grant": "核准編號",
    "hash": "雜湊值",
    "how": "途徑",
    "id": "編號",
    "kind": "種類",
    "last": "結束日期",
    "letters": "函文",
    "level": "學制",
    "login": "登入帳號",
    "message": "新的信件編號",
    "name": "名稱",
    "nobody": "沒有收件人的單位數",
    "operator": "操作人員",
    "other": "與系統不同的天數",
    "query": "條件",
    "queued": "信件數",
    "reason": "原因",
    "receipt": "收據",
    "reset": "重置申請",
    "role": "角色",
    "rows": "筆數",
    "service": "服務",
    "sha256": "雜湊值",
    "size": "大小（位元組）",
    "template": "表格",
    "title": "標題",
    "units": "單位數",
    "version": "版次",
    "way": "方式",
    "working": "上班日",
    "year": "學年度",
    **{each.value: each.label for each in Happening},
}
"""By the word a detail is kept under."""

_COLUMNS: Mapping[str, str] = {
    "period": "月份",
    "county": "縣市",
    "unit": "單位",
    "level": "學制",
    "teacher_code": "教師編碼",
    "counsellor_type": "身分",
    "student_code": "學生代號",
    "grade": "學生年級",
    "sex": "性別",
    "sex_note": "性別說明",
    "identity": "學生身分",
    "status": "輔導概況",
    "sources": "個案來源",
    "referral": "轉介概況",
    "main_issue": "個案類別(主)",
    "main_issue_note": "個案類別(主)其他說明",
    "secondary_issues": "個案類別(副)",
    "secondary_issues_note": "個案類別(副)其他說明",
    "sessions": "當月晤談累積次數",
    "item": "服務項目",
    "item_note": "服務項目其他說明",
    "audience": "服務對象",
    "male": "男",
    "female": "女",
    "other": "其他",
}
_FIELDS: Mapping[str, str] = {"name": "姓名", "title": "職稱", "phone": "公務電話", "extension": "分機"}
_VALUES: Mapping[str, Mapping[str, str]] = {
    "answers_to": {each.value: each.label for each in Authority},
    "columns": _COLUMNS,
    "fields": _FIELDS,
    "how": {"page": "頁面", "preview": "預覽", "export": "下載", "continuation": "續報表格"},
    "kind": {"case": "個案", "service": "服務", **{each.value: each.label for each in Kind}},
    "level": {each.value: each.label for each in Level},
    "reason": {each.value: each.label for each in Reason},
    "role": {each.value: each.label for each in Role},
    "way": {each.value: each.label for each in Way},
}
"""By the word a value is kept under, what it says."""
_SUBJECTS: Mapping[str, str] = {
    "announcement": "公告",
    "backup": "備份",
    "day": "假日設定",
    "days": "辦公日曆表",
    "handout": "說明檔",
    "letters": "函文",
    "post": "所有的信",
    "records": "全部單位的紀錄",
    "reminder": "提醒與稽催",
    "trail": "稽核紀錄",
    "units": "單位名錄",
}
_PARTS: Mapping[str, str] = {each.value: each.label for each in Step} | {"template": "範本"}
_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_A_MONTH = re.compile(r"\d{4}-\d{2}")


def thing(subject: str) -> str:
    """What an entry is about, where that is no unit, account or mail; the subject as it is kept, if nobody knows it."""
    kind, *parts = subject.split("/")
    if kind not in _SUBJECTS:
        return subject
    return " ".join((_SUBJECTS[kind], *(_part(each) for each in parts if each != "all")))


def _part(part: str) -> str:
    if _A_DAY.fullmatch(part):
        return spoken_date(date.fromisoformat(part))
    if _A_MONTH.fullmatch(part):
        return Period.parse(part).spoken
    return _PARTS.get(part, part)


def detail_of(kept: Mapping[str, object]) -> Sequence[tuple[str, str]]:
    """The details of an entry as pairs of a word and what it says; what says nothing is left out."""
    told = ((WORDS.get(word, word), _plain(word, value)) for word, value in kept.items() if value is not None)
    return [(word, says) for word, says in told if says]


def _plain(word: str, value: object) -> str:
    if isinstance(value, Mapping):
        return "、".join(f"{WORDS.get(key, key)} {_plain(key, each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return "、".join(_plain(word, each) for each in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    text = str(value)
    if _A_DAY.fullmatch(text):
        return spoken_date(date.fromisoformat(text))
    return _VALUES.get(word, {}).get(text, text)
