"""Publishing, changing, withdrawing; and what somebody is shown today."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.announcements.announcement import Announcement, Written
from tianbao.audit import Act
from tianbao.calendar.rules import taipei_day
from tianbao.errors import Refusal

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork


def every(app: "App", account: Account) -> Sequence[Announcement]:
    """All announcements there ever were, the latest first.

    Raises:
        Refusal: the account may not announce (``not-allowed``).
    """
    demand(account, Action.ANNOUNCE)
    with app.store.read() as work:
        return work.announcements.all()


def shown_to(app: "App", account: Account | None) -> Sequence[Announcement]:
    """What somebody is shown today, the latest first; ``None`` is who is not signed in."""
    today = taipei_day(app.clock.now())
    with app.store.read() as work:
        current = [each for each in work.announcements.on(today) if each.shown_on(today)]
        if account is None:
            return [each for each in current if each.is_for(None)]
        unit = work.units.get(account.unit_id) if current and account.unit_id is not None else None
    return [each for each in current if each.is_for(account.role, unit.level if unit else None)]


def publish(app: "App", account: Account, written: Written) -> Announcement:
    """Announce.

    Raises:
        Refusal: the account may not.
        FormRefusal: something typed is wrong, by field.
    """
    demand(account, Action.ANNOUNCE)
    with app.store.work() as work:
        made = _made(app, account, 0, written)
        made = evolve(made, id=work.announcements.add(made))
        _note(work, app, account, made, Act.ANNOUNCED)
    return made


def amend(app: "App", account: Account, announcement_id: int, written: Written) -> Announcement:
    """Change an announcement.

    Raises:
        Refusal: the account may not, there is none, or it was withdrawn (``announcement-gone``).
        FormRefusal: something typed is wrong, by field.
    """
    demand(account, Action.ANNOUNCE)
    with app.store.work() as work:
        _living(work, announcement_id)
        made = _made(app, account, announcement_id, written)
        work.announcements.save(made)
        _note(work, app, account, made, Act.ANNOUNCEMENT_CHANGED)
    return made


def withdraw(app: "App", account: Account, announcement_id: int) -> None:
    """Take an announcement back: nobody is shown it any more.

    Raises:
        Refusal: the account may not, there is none, or it was withdrawn before.
    """
    demand(account, Action.ANNOUNCE)
    with app.store.work() as work:
        gone = evolve(_living(work, announcement_id), withdrawn_at=app.clock.now())
        work.announcements.save(gone)
        _note(work, app, account, gone, Act.ANNOUNCEMENT_WITHDRAWN)


def _living(work: "UnitOfWork", announcement_id: int) -> Announcement:
    found = work.announcements.get(announcement_id)
    if found is None or found.withdrawn_at:
        raise Refusal("announcement-gone", "這則公告已經撤下，或不存在。", "請回到公告列表重新選擇。")
    return found


def _made(app: "App", account: Account, number: int, written: Written) -> Announcement:
    written.look_over()
    first, last = written.days
    return Announcement(
        number,
        written.title,
        written.text,
        first,
        last,
        written.public,
        written.roles,
        written.levels,
        app.clock.now(),
        account.name,
    )


def _note(work: "UnitOfWork", app: "App", account: Account, each: Announcement, act: Act) -> None:
    detail = {
        "title": each.title,
        "first": each.first.isoformat(),
        "last": each.last.isoformat() if each.last else None,
    }
    work.audit.append(app.clock.now(), account.id, act, each.subject, detail)
