"""The loop: ticks again and again, inside ``tianbao serve`` and ``tianbao worker``; so is the trail kept short."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType
from typing import Self

from tianbao.bootstrap import App
from tianbao.reminders.settings import SECTION, RemindersSettings
from tianbao.reminders.tick import tick
from tianbao.trail import shorten_by_itself

log = logging.getLogger(__name__)


class TickLoop:
    """Ticks in the background for as long as it runs; a context manager, too.

    Args:
        app: the application.
        queued: called when there are new messages in the outbox.
        options: how often, and whether at all; else from the settings.
    """

    def __init__(
        self, app: App, queued: Callable[[], None] = lambda: None, options: RemindersSettings | None = None
    ) -> None:
        self._app = app
        self._queued = queued
        self._options = options or app.settings.section(SECTION, RemindersSettings)
        self._stop = Event()
        self._thread = Thread(target=self.run, name="reminders", daemon=True)

    def start(self) -> None:
        """Begin, unless the operator leaves it to ``tianbao tick``."""
        if self._options.automatic:
            self._thread.start()

    def stop(self, patience: float = 10) -> None:
        """Finish the tick under way, at most so many seconds, and end."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(patience)

    def once(self) -> None:
        """Tick now, unless the operator leaves it to ``tianbao tick``."""
        if not self._options.automatic:
            return
        if any(each.queued for each in tick(self._app, self._options)):
            self._queued()
        shorten_by_itself(self._app)

    def run(self) -> None:
        """Tick until stopped; whatever goes wrong, try again after a while."""
        while not self._stop.is_set():
            try:
                self.once()
            except Exception:
                log.exception("the tick was interrupted")
            self._stop.wait(self._options.every)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
