"""What a stranger may try is counted, by account and by address: who tries too often has to wait, and is told how long.

The count is kept in a table, not in memory: it holds for all machines and outlives a restart.
"""

import hashlib
import logging
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from attrs import frozen

from tianbao.clock import spoken_moment
from tianbao.errors import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork

log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=15)
"""Attempts are remembered for so long."""


@frozen
class Limits:
    """How often a thing may be tried within `WINDOW`.

    Attributes:
        what: is tried; each thing has counts of its own.
        of_name: for one account, or whatever else goes by a name, since its last success.
        of_address: from one address, without success: a county's schools may share one.
        says: why one has to wait; until when follows.
        remedy: what to do meanwhile.
    """

    what: str
    of_name: int
    of_address: int
    says: str
    remedy: str


SIGNING_IN = Limits("sign-in", 5, 50, "登入失敗次數過多，為保護帳號", "若忘記密碼，等候期間可先使用「忘記密碼」。")
REGISTERING = Limits(
    "register", 5, 60, "這個信箱或網路位址在短時間內註冊的次數過多", "請先查看信箱（含垃圾郵件匣）是否已收到開通信。"
)
"""By e-mail address, which gets a mail each time. Every one counts; sixty are a room full of officers in training."""
FORGETTING = Limits(
    "forgotten", 60, 60, "這個網路位址在短時間內申請「忘記密碼」的次數過多", "請先查看註冊信箱（含垃圾郵件匣）。"
)
"""By address alone: one account gets few mails anyway, and the answer must not tell which accounts there are."""


def begin(app: "App", name: str, address: str, limits: Limits = SIGNING_IN) -> int:
    """Count an attempt, as failed until `succeed` says otherwise; gives its number.

    Raises:
        Refusal: there were too many (``throttled``); it says until when to wait.
    """
    now, hashed, place = app.clock.now(), _hashed(limits, name), f"{limits.what}/{_place(address)}"
    with app.store.work() as work:
        work.lock(limits.what, name)
        failures = work.attempts.failures(now - WINDOW, login_hash=hashed)
        from_there = work.attempts.failures_from(now - WINDOW, address=place)
        until = max(_wait(failures, limits.of_name, now), _wait(from_there, limits.of_address, now))
        if until <= now:
            return work.attempts.add(now, hashed, place)
    log.warning("too many attempts (%s)", limits.what)
    minutes = -(-(until - now) // timedelta(minutes=1))
    raise Refusal("throttled", f"{limits.says}，請於 {minutes} 分鐘後（{spoken_moment(until)}）再試。", limits.remedy)


def _hashed(limits: Limits, name: str) -> str:
    return hashlib.sha256(f"{limits.what}/{name}".encode()).hexdigest()


def _place(address: str) -> str:
    """Where attempts from an address are counted: whoever has an IPv6 address has its whole /64."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped or IPv6Network((int(found), 64), strict=False))


def _wait(failures: "list[datetime]", most: int, now: "datetime") -> "datetime":
    """Until when to wait: the oldest of the last so many failures must have left the window."""
    return sorted(failures)[-most] + WINDOW if len(failures) >= most else now


def forgive(work: "UnitOfWork", login: str, now: "datetime") -> None:
    """Who has set a new password through their mail need not wait for what was guessed before."""
    work.attempts.succeed(work.attempts.add(now, _hashed(SIGNING_IN, login), ""))


def withdraw(app: "App", attempt: int) -> None:
    """The attempt was not even looked at; it does not count."""
    with app.store.work() as work:
        work.attempts.withdraw(attempt)


def succeed(work: "UnitOfWork", attempt: int) -> None:
    """The attempt was right; the account's failures before it no longer count."""
    work.attempts.succeed(attempt)
