"""Work that takes long, in turn: so many at once for all, and one at a time for each person.

Whoever asks for ten things waits for themselves, and keeps nobody else waiting.
"""

from collections.abc import Callable
from typing import TypeVar
from weakref import WeakValueDictionary

from anyio import CapacityLimiter, Lock, to_thread

from tianbao.accounts import Account

T = TypeVar("T")


class Turns:
    """Runs it in threads."""

    def __init__(self, at_once: int) -> None:
        self._all = CapacityLimiter(at_once)
        self._own: WeakValueDictionary[int, Lock] = WeakValueDictionary()

    async def run(self, account: Account, work: Callable[[], T]) -> T:
        """Do it for an account, when it is its turn."""
        own = self._own.get(account.id) or Lock()
        self._own[account.id] = own
        async with own:
            return await to_thread.run_sync(work, limiter=self._all)
