"""The audit trail: who did what, when; append-only, each entry chained to the one before by its hash.

It holds no personal data of students, no passwords, and nothing a visitor typed that belongs to no account.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import asdict, frozen

if TYPE_CHECKING:
    from tianbao.bootstrap import App

GENESIS = "0" * 64
"""What the first entry has for a previous hash."""


class Act(StrEnum):
    """What can be done; a word is never reused for another act."""

    FILED = "filing.accepted"
    FILED_NIL = "filing.nil"
    FILING_REFUSED = "filing.refused"
    AMENDMENT_ASKED = "amendment.asked"
    AMENDMENT_OPENED = "amendment.opened"
    AMENDMENT_WITHDRAWN = "amendment.withdrawn"
    AMENDMENT_ACCEPTED = "amendment.accepted"
    MONTH_EXTENDED = "month.extended"
    MONTH_EXEMPTED = "month.exempted"
    GRANT_REVOKED = "month.grant-revoked"
    CASES_SEEN = "cases.seen"
    FILE_TAKEN = "file.taken"
    SIGNED_IN = "sign-in.succeeded"
    SIGN_IN_FAILED = "sign-in.failed"
    SIGNED_OUT = "sign-out"
    REGISTERED = "account.registered"
    ACTIVATED = "account.activated"
    HANDLE_CHOSEN = "account.handle-chosen"
    DETAILS_CHANGED = "account.details-changed"
    PASSWORD_FORGOTTEN = "password.forgotten"  # noqa: S105 -- an act
    PASSWORD_SET = "password.set"  # noqa: S105 -- an act
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 -- an act
    EMAIL_ASKED = "email.change-asked"
    EMAIL_CHANGED = "email.changed"
    CODE_TURNED_ON = "second-step.turned-on"
    CODE_TURNED_OFF = "second-step.turned-off"
    CODE_LIFTED = "second-step.lifted"
    CODE_FAILED = "second-step.failed"
    RESET_REQUESTED = "reset.requested"
    RESET_SCHEDULED = "reset.scheduled"
    RESET_WITHDRAWN = "reset.withdrawn"
    ACCOUNT_RETIRED = "account.retired"
    INVITED = "account.invited"
    POST_PAUSED = "post.paused"
    POST_RESUMED = "post.resumed"
    POST_SENT_AGAIN = "post.sent-again"
    POST_GIVEN_UP = "post.given-up"
    TEXT_EDITED = "text.edited"
    TEXT_RESTORED = "text.restored"
    UNIT_ADDED = "unit.added"
    LETTERS_MADE = "letters.made"
    LETTER_TEMPLATE_SET = "letters.template-set"
    LETTER_TEMPLATE_RESTORED = "letters.template-restored"
    UNIT_CHANGED = "unit.changed"
    UNIT_CLOSED = "unit.closed"
    UNIT_REOPENED = "unit.reopened"
    REGISTER_IMPORTED = "register.imported"
    ANNOUNCED = "announcement.published"
    ANNOUNCEMENT_CHANGED = "announcement.changed"
    ANNOUNCEMENT_WITHDRAWN = "announcement.withdrawn"
    HANDOUT_ADDED = "handout.added"
    HANDOUT_WITHDRAWN = "handout.withdrawn"
    BACKED_UP = "backup.taken"
    TRAIL_TAKEN = "trail.taken"
    TRAIL_SHORTENED = "trail.shortened"
    REMINDERS_QUEUED = "reminders.queued"
    REMINDED_NOW = "unit.reminded"
    DAY_SET = "official-day.set"
    DAY_UNSET = "official-day.unset"
    DAYS_IMPORTED = "official-days.imported"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Act.FILED: "完成填報",
    Act.FILED_NIL: "填報無個案及服務",
    Act.FILING_REFUSED: "上傳的檔案未通過檢核",
    Act.AMENDMENT_ASKED: "申請修改",
    Act.AMENDMENT_OPENED: "開放月份修改",
    Act.AMENDMENT_WITHDRAWN: "撤回修改",
    Act.AMENDMENT_ACCEPTED: "完成修改",
    Act.MONTH_EXTENDED: "核准展延",
    Act.MONTH_EXEMPTED: "核准免填",
    Act.GRANT_REVOKED: "撤銷展延或免填",
    Act.CASES_SEEN: "檢視個案或服務資料",
    Act.FILE_TAKEN: "下載原始檔案",
    Act.SIGNED_IN: "登入",
    Act.SIGN_IN_FAILED: "登入失敗",
    Act.SIGNED_OUT: "登出",
    Act.REGISTERED: "註冊帳號",
    Act.ACTIVATED: "開通帳號",
    Act.HANDLE_CHOSEN: "變更登入帳號",
    Act.DETAILS_CHANGED: "修改承辦人資料",
    Act.PASSWORD_FORGOTTEN: "申請忘記密碼",
    Act.PASSWORD_SET: "重設密碼",
    Act.PASSWORD_CHANGED: "修改密碼",
    Act.EMAIL_ASKED: "申請更換信箱",
    Act.EMAIL_CHANGED: "更換信箱",
    Act.CODE_TURNED_ON: "啟用動態驗證碼",
    Act.CODE_TURNED_OFF: "停用動態驗證碼",
    Act.CODE_LIFTED: "解除他人的動態驗證碼",
    Act.CODE_FAILED: "動態驗證碼錯誤",
    Act.RESET_REQUESTED: "登記帳號重置",
    Act.RESET_SCHEDULED: "安排帳號重置",
    Act.RESET_WITHDRAWN: "取消帳號重置",
    Act.ACCOUNT_RETIRED: "停用帳號",
    Act.INVITED: "邀請帳號",
    Act.POST_PAUSED: "暫停寄信",
    Act.POST_RESUMED: "恢復寄信",
    Act.POST_SENT_AGAIN: "再寄一次",
    Act.POST_GIVEN_UP: "取消寄送",
    Act.TEXT_EDITED: "編輯信件內容",
    Act.TEXT_RESTORED: "還原信件內容",
    Act.UNIT_ADDED: "新增填報單位",
    Act.LETTERS_MADE: "產製函文",
    Act.LETTER_TEMPLATE_SET: "更換函文範本",
    Act.LETTER_TEMPLATE_RESTORED: "改回系統的函文範本",
    Act.UNIT_CHANGED: "修改單位資料",
    Act.UNIT_CLOSED: "單位停辦",
    Act.UNIT_REOPENED: "單位恢復填報",
    Act.REGISTER_IMPORTED: "匯入單位名錄",
    Act.ANNOUNCED: "發布公告",
    Act.ANNOUNCEMENT_CHANGED: "修改公告",
    Act.ANNOUNCEMENT_WITHDRAWN: "撤下公告",
    Act.HANDOUT_ADDED: "上傳說明檔",
    Act.HANDOUT_WITHDRAWN: "撤下說明檔",
    Act.BACKED_UP: "備份資料",
    Act.TRAIL_TAKEN: "匯出稽核紀錄",
    Act.TRAIL_SHORTENED: "刪除逾保存年限的稽核紀錄",
    Act.REMINDERS_QUEUED: "寄發提醒或稽催",
    Act.REMINDED_NOW: "提醒填報單位",
    Act.DAY_SET: "設定假日或上班日",
    Act.DAY_UNSET: "取消假日或上班日設定",
    Act.DAYS_IMPORTED: "匯入辦公日曆表",
}


@frozen
class Entry:
    """One entry of the trail.

    Attributes:
        id: 1, 2, 3 … without a gap.
        at: when.
        actor: the account that did it; ``None`` for the system, or for somebody who was not signed in.
        action: an `Act`, or a plugin's own word.
        subject: what it was done to, such as ``unit/12/2024-09`` or ``account/7``.
        detail: what else belongs to it: numbers, codes, addresses.
        previous: the hash of the entry before.
        hash: of this entry and ``previous``.
    """

    id: int
    at: datetime
    actor: int | None
    action: str
    subject: str
    detail: Mapping[str, Any]
    previous: str
    hash: str

    @classmethod
    def after(  # noqa: PLR0917 -- the fields of an entry
        cls,
        last: "tuple[int, str]",
        at: datetime,
        actor: int | None,
        action: str,
        subject: str,
        detail: Mapping[str, Any],
    ) -> "Entry":
        """Make the entry that follows the one with this id and hash."""
        number, previous = last
        digest = _digest(number + 1, at, actor, action, subject, detail, previous)
        return cls(number + 1, at, actor, action, subject, detail, previous, digest)

    @property
    def sound(self) -> bool:
        """Whether the entry is what its hash says."""
        return self.hash == _digest(self.id, self.at, self.actor, self.action, self.subject, self.detail, self.previous)


def _digest(*fields: Any) -> str:  # noqa: ANN401 -- the fields of an entry
    plain = [field.astimezone(UTC).isoformat() if isinstance(field, datetime) else field for field in fields]
    return hashlib.sha256(
        json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


@frozen(kw_only=True)
class Wanted:
    """Which entries somebody looks for; what is not said restricts nothing.

    Attributes:
        since: from this moment on.
        until: before this moment.
        actor: the account that did it.
        actions: one of these.
        subject: what it was done to, or what is below it.
        before: entries with a smaller number than this, for the next page.
    """

    since: datetime | None = None
    until: datetime | None = None
    actor: int | None = None
    actions: tuple[str, ...] = ()
    subject: str = ""
    before: int | None = None


@frozen
class Anchor:
    """Where the chain begins: at the first entry ever, or behind those that were kept for as long as they had to be.

    Attributes:
        id: the number of the last entry that is gone; 0 where none is.
        hash: of that entry.
    """

    id: int = 0
    hash: str = GENESIS


FIRST = Anchor()


@frozen
class Soundness:
    """What a verification found.

    Attributes:
        entries: how many entries there have been, those no longer kept counted in.
        head: the hash of the last one; written down elsewhere, it also proves that none was cut off at the end.
        broken: the first entry that is not what it was; ``None`` where all are.
    """

    entries: int
    head: str
    broken: int | None


def verify(entries: Iterable[Entry], anchor: Anchor = FIRST) -> Soundness:
    """Follow the chain from its first entry: none changed, none missing, none put in between.

    A chain that begins later must say so itself: one of its entries tells up to where it was shortened.
    """
    number, head, told = anchor.id, anchor.hash, anchor == FIRST
    for entry in entries:
        told = told or (entry.action == Act.TRAIL_SHORTENED and entry.detail == asdict(anchor))
        if entry.id != number + 1 or entry.previous != head or not entry.sound:
            return Soundness(number, head, number + 1)
        number, head = entry.id, entry.hash
    return Soundness(number, head, None if told else anchor.id + 1)


def record(app: "App", actor: int | None, action: str, subject: str, **detail: object) -> None:
    """Write one entry in a transaction of its own, for what changes nothing else: a look at case rows, a sign-out."""
    with app.store.work() as work:
        work.audit.append(app.clock.now(), actor, action, subject, detail)
