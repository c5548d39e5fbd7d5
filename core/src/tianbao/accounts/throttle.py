"""Attempts to sign in are counted, by account and by address: who guesses has to wait, and is told for how long.

The count is kept in a table, not in memory: it holds for all machines and outlives a restart.
"""

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from tianbao.clock import spoken_moment
from tianbao.errors import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from tianbao.bootstrap import App
    from tianbao.storage import UnitOfWork

WINDOW = timedelta(minutes=15)
"""Failures are remembered for so long."""
OF_ACCOUNT = 5
"""Failures of one account within `WINDOW`, since its last success, before it has to wait."""
OF_ADDRESS = 50
"""Failures from one address within `WINDOW`: a county's schools may share one."""


def begin(app: "App", login: str, address: str) -> int:
    """Count an attempt, as failed until `succeed` says otherwise; gives its number.

    Raises:
        Refusal: there were too many (``throttled``); it says until when to wait.
    """
    now, name = app.clock.now(), _name(login)
    with app.store.work() as work:
        work.lock("sign-in", login)
        failures = work.attempts.failures(now - WINDOW, login_hash=name)
        from_there = work.attempts.failures_from(now - WINDOW, address=address)
        until = max(_wait(failures, OF_ACCOUNT, now), _wait(from_there, OF_ADDRESS, now))
        if until <= now:
            return work.attempts.add(now, name, address)
    minutes = -(-(until - now) // timedelta(minutes=1))
    raise Refusal(
        "throttled",
        f"登入失敗次數過多，為保護帳號，請於 {minutes} 分鐘後（{spoken_moment(until)}）再試。",
        "若忘記密碼，等候期間可先使用「忘記密碼」。",
    )


def _name(login: str) -> str:
    return hashlib.sha256(login.encode()).hexdigest()


def _wait(failures: "list[datetime]", most: int, now: "datetime") -> "datetime":
    """Until when to wait: the oldest of the last so many failures must have left the window."""
    return sorted(failures)[-most] + WINDOW if len(failures) >= most else now


def forgive(work: "UnitOfWork", login: str, now: "datetime") -> None:
    """Who has set a new password through their mail need not wait for what was guessed before."""
    work.attempts.succeed(work.attempts.add(now, _name(login), ""))


def withdraw(app: "App", attempt: int) -> None:
    """The attempt was not even looked at; it does not count."""
    with app.store.work() as work:
        work.attempts.withdraw(attempt)


def succeed(work: "UnitOfWork", attempt: int) -> None:
    """The attempt was right; the account's failures before it no longer count."""
    work.attempts.succeed(attempt)
