"""Zips that are made while nobody waits: begun from a page, kept in the store, fetched later from any machine."""

import datetime as dt
import logging
from collections.abc import Sequence
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, cast

from attrs import evolve, frozen

from tianbao.accounts import Account
from tianbao.accounts.policy import Action, demand
from tianbao.errors import Refusal
from tianbao.letters.making import gathered, make
from tianbao.letters.templates import writers
from tianbao.periods import Period

if TYPE_CHECKING:
    from typing import BinaryIO

    from tianbao.bootstrap import App

SHOWN = 12
"""So many of the newest are listed."""
PATIENCE = dt.timedelta(minutes=5)
"""Who has not been heard of for so long has stopped: its machine was switched off."""
_IN_MEMORY = 8 * 2**20

log = logging.getLogger(__name__)


class Progress(StrEnum):
    """How far a pack is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        return {"running": "產製中", "done": "已完成", "failed": "未完成", "stopped": "已中斷"}[self]


@frozen
class Pack:
    """A zip, made or being made.

    Attributes:
        period: the month.
        begun_at: when it was asked for.
        begun_by: the account.
        begun_by_name: the person's name at that time.
        heard_at: when its maker last said how far it is.
        progress: how far it is.
        done: addressees that are done.
        total: all addressees that are written to.
        units: all units in the letters.
        message: why it failed, a sentence in 繁體中文.
        id: its number in the store; 0 for one that is not there yet.
    """

    period: Period
    begun_at: dt.datetime
    begun_by: int
    begun_by_name: str
    heard_at: dt.datetime
    progress: Progress = Progress.RUNNING
    done: int = 0
    total: int = 0
    units: int = 0
    message: str = ""
    id: int = 0

    @property
    def file_name(self) -> str:
        return f"{self.period.spoken}稽催函_{self.begun_at:%Y%m%d_%H%M}.zip"


def begin(app: "App", account: Account, period: Period) -> Pack:
    """Enter a pack that is to be made; `work_on` makes it.

    Raises:
        Refusal: the account may not, the month is not due yet, nobody is unfinished (``nobody-unfinished``), no
            plugin writes letters, or one of the account's is being made (``pack-running``).
    """
    gathering = gathered(app, account, period)
    writers(app)
    if not gathering.letters:
        raise Refusal(
            "nobody-unfinished",
            f"{period.spoken}沒有尚未完成填報的單位，不需要函文。",
            "如要查詢其他月份，請重新選擇月份。",
        )
    now = app.clock.now()
    pack = Pack(period, now, account.id, account.name, now, total=len(gathering.letters), units=gathering.units)
    with app.store.work() as work:
        work.lock("letters", str(account.id))
        mine = [_as_of(app, each) for each in work.letters.packs(SHOWN) if each.begun_by == account.id]
        if any(each.progress is Progress.RUNNING for each in mine):
            raise Refusal("pack-running", "您的一份函文還在產製中。", "請等它完成，再產製下一份；產製中可以離開頁面。")
        return evolve(pack, id=work.letters.add_pack(pack))


def work_on(app: "App", account: Account, pack: Pack) -> None:
    """Make a pack; how far it is, and what became of it, is in the store. Raises nothing."""

    def note(**changed: object) -> None:
        with app.store.work() as work:
            work.letters.change_pack(pack.id, heard_at=app.clock.now(), **changed)

    with SpooledTemporaryFile(_IN_MEMORY) as spooled:
        file = cast("BinaryIO", spooled)
        try:
            made = make(app, account, pack.period, file, told=lambda done, total, _: note(done=done, total=total))
            file.seek(0)
            note(progress=Progress.DONE, units=made.units, data=file.read())
        except Refusal as refusal:
            note(progress=Progress.FAILED, message=str(refusal))
        except Exception:
            log.exception("letters of %s, pack %s: could not be made", pack.period, pack.id)
            note(progress=Progress.FAILED, message="產製時發生錯誤。請再試一次；如仍不行，請洽系統客服。")


def packs(app: "App", account: Account) -> Sequence[Pack]:
    """The newest, the newest first."""
    demand(account, Action.MAKE_LETTERS)
    with app.store.read() as work:
        return [_as_of(app, each) for each in work.letters.packs(SHOWN)]


def pack_of(app: "App", account: Account, number: int) -> Pack | None:
    """One, or ``None`` where there is no such."""
    demand(account, Action.MAKE_LETTERS)
    with app.store.read() as work:
        pack = work.letters.pack(number)
    return _as_of(app, pack) if pack else None


def file_of(app: "App", account: Account, number: int) -> bytes | None:
    """The zip of one that is done."""
    demand(account, Action.MAKE_LETTERS)
    with app.store.read() as work:
        return work.letters.pack_file(number)


def _as_of(app: "App", pack: Pack) -> Pack:
    """With what nobody could write down: that its maker has stopped."""
    silent = pack.progress is Progress.RUNNING and app.clock.now() - pack.heard_at > PATIENCE
    return evolve(pack, progress=Progress.STOPPED, message="產製中斷，沒有完成。請再產製一次。") if silent else pack
