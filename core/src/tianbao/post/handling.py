"""What can be done about a message: send it again, or give up one that waits."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.audit import Act
from tianbao.calendar import Calendar
from tianbao.channels import Attachment
from tianbao.errors import Refusal
from tianbao.mails.kinds import SECRET
from tianbao.outbox import Draft, Fate, Queued
from tianbao.post.addressing import greeting, holder_of
from tianbao.post.room import again_of, key_of_repeat
from tianbao.reminders.overtaken import REMINDERS, still_true

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork

ANEW: Mapping[str, str] = {
    "activate": "請承辦人在登入頁按「忘記密碼」，填註冊的信箱，系統會再寄一封開通信。",
    "new-password": "請承辦人在登入頁再按一次「忘記密碼」。",
    "new-email": "請承辦人登入後，到「帳號管理」再申請一次更換信箱。",
    "invitation": "請到「人員管理」，在那個人的旁邊按「再寄一次邀請」。",
}
"""How somebody comes by a new link, by the text that carries it."""


@frozen
class Again:
    """Whether and where a message can be sent again.

    Attributes:
        to: where it goes: to whoever holds the post it is for, else where it went; empty where it cannot be sent.
        instead: what to do instead, where it cannot be sent again.
        number: how often it was, for `send_again`.
    """

    to: str
    instead: str
    number: int


def again(work: "UnitOfWork", queued: Queued) -> Again:
    """Whether and where a message can be sent again."""
    number = len(again_of(work, queued))
    if queued.template in SECRET:
        return Again("", f"信中的連結只能使用一次，不能再寄。{ANEW[queued.template]}", number)
    if queued.state is Fate.QUEUED:
        return Again("", "這封信還在等待寄送，不必再寄。", number)
    if queued.account_id is None:
        return Again(queued.recipient, "", number)
    if holder := holder_of(work, queued):
        return Again(holder.email, "", number)
    return Again("", "收件的帳號已停用，也沒有接任的承辦人。請先聯絡該單位新建帳號。", number)


def send_again(app: "App", organiser: Account, message_id: int, to: str, number: int) -> Queued:
    """Queue a message of its own that says the same, in the words its text has by then; the same form twice queues one.

    Args:
        app: the application.
        organiser: who says so.
        message_id: the message.
        to: `Again.to`, as the form had it.
        number: `Again.number`, as the form had it.

    Raises:
        Refusal: not this account's to do, there is no such message, it cannot be sent again, or not there, or it
            reminds of what is no longer owed (``not-owed``).
    """
    demand(organiser, Action.RUN_POST_ROOM)
    now = app.clock.now()
    with app.store.work() as work:
        queued = _found(work, message_id)
        able = again(work, queued)
        if able.instead:
            raise Refusal("not-again", "這封信不能再寄。", able.instead)
        if to != able.to:
            raise Refusal("no-such-address", "收件信箱已經不是這一個。", "請重新整理頁面，確認收件信箱後再寄一次。")
        data = _true_now(app, work, queued)
        key = key_of_repeat(queued, min(number, able.number))
        files = [Attachment(each.name, each.media_type, work.outbox.attachment(each.hash)) for each in queued.enclosed]
        draft = Draft(key, to, queued.template, data, {}, files, queued.unit_id, queued.channel)
        draft = evolve(draft, repeats=queued.id, account_id=queued.account_id)
        fresh = bool(work.outbox.add_all([draft], at=now))
        repeat = work.outbox.by_key(key)
        if repeat is None:
            raise Refusal("not-again", "這封信沒有再寄出。", "請重新整理頁面，再試一次。")
        if fresh:
            work.audit.append(now, organiser.id, Act.POST_SENT_AGAIN, f"message/{queued.id}", {"message": repeat.id})
    return repeat


def _true_now(app: "App", work: "UnitOfWork", queued: Queued) -> Mapping[str, Any]:
    """What the text is given: it greets who receives it, and a reminder asks for what is still owed.

    Raises:
        Refusal: it asks for nothing that is owed now (``not-owed``).
    """
    if holder := holder_of(work, queued):
        queued = evolve(queued, data=greeting(queued.data, holder))
    unit = work.units.get(queued.unit_id) if queued.unit_id and queued.template in REMINDERS else None
    if unit is None:
        return queued.data
    work.units.lock_all([unit])
    data = still_true(Calendar(app.clock.now(), app.settings.calendar), work.calendar.facts(unit), queued)
    if data is None:
        raise Refusal("not-owed", f"「{unit.name}」已完成這封信所提月份的填報，或不必填報。", "不需要再寄。")
    return data


def give_up(app: "App", organiser: Account, message_id: int) -> None:
    """Let a message that waits never go out.

    Raises:
        Refusal: not this account's to do, there is no such message, it does not wait any more, or a worker has it.
    """
    demand(organiser, Action.RUN_POST_ROOM)
    now = app.clock.now()
    with app.store.work() as work:
        queued = _found(work, message_id)
        if not work.deliveries.give_up(queued.id, now, f"由{organiser.name}取消"):
            raise Refusal("not-waiting", "這封信已經寄出，或正在寄送，不能取消。", "請過一會兒再看它的狀態。")
        work.audit.append(now, organiser.id, Act.POST_GIVEN_UP, f"message/{queued.id}")


def _found(work: "UnitOfWork", message_id: int) -> Queued:
    queued = work.outbox.get(message_id)
    if queued is None:
        raise Refusal("no-such-message", "沒有這封信。", "請回到寄信紀錄查詢。")
    return queued
