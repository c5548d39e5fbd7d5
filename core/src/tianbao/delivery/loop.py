"""The loop: lets a worker look at the outbox again and again."""

import logging
from threading import Event, Thread
from types import TracebackType
from typing import Self

from tianbao.bootstrap import App
from tianbao.delivery.settings import DeliverySettings
from tianbao.delivery.worker import Worker

log = logging.getLogger(__name__)


class DeliveryLoop:
    """Delivers in the background for as long as it runs; a context manager, too."""

    def __init__(self, app: App, options: DeliverySettings | None = None) -> None:
        self._stop = Event()
        self._wake = Event()
        self.worker = Worker(app, options, self._stop.is_set)
        self._thread = Thread(target=self.run, name="delivery", daemon=True)

    def start(self) -> None:
        """Begin; without a channel there is nothing to do, and messages wait until there is one."""
        if self.worker.channels:
            self._thread.start()
        else:
            log.warning("no notification channel is configured: messages wait in the outbox; see docs/mail.md")

    def wake(self) -> None:
        """Look at the outbox now."""
        self._wake.set()

    def stop(self, patience: float = 10) -> None:
        """Finish the message under way, at most so many seconds, and end."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(patience)

    def run(self) -> None:
        """Deliver until stopped; whatever goes wrong, try again after a while."""
        while not self._stop.is_set():
            try:
                due = self.worker.deliver_due()
            except Exception:
                log.exception("delivery was interrupted")
                due = 0
            if not due:
                self._wake.wait(self.worker.options.poll)
                self._wake.clear()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
