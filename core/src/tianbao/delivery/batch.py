"""A batch: messages leased together, handed to their channel one by one."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from tianbao.channels import Channel, Message
from tianbao.outbox import Kept, Queued
from tianbao.post.pausing import EVERYTHING

if TYPE_CHECKING:
    from tianbao.delivery.worker import Worker

log = logging.getLogger(__name__)


class Batch:
    """Messages leased together, on their way through one channel."""

    glance = 1.0
    """Seconds between two looks at what is held back."""
    ahead = 20
    """Messages written ahead; what they carry is kept in memory."""

    def __init__(
        self, worker: "Worker", claimed: Sequence[Queued], until: datetime, sources: Mapping[str, str]
    ) -> None:
        self._worker = worker
        self._sources = sources
        self._waiting = {queued.id: queued for queued in claimed}
        self._until = until
        self._written: dict[int, tuple[Message, Kept]] = {}
        self._handed: dict[str, tuple[Queued, Kept]] = {}
        self._looked = time.monotonic()

    def deliver(self, channel: Channel) -> None:
        try:
            for answer in channel.deliver(self._hand_out()):
                handed = self._handed.pop(answer.message.id, None)
                if handed:
                    self._worker.settle(*handed, answer)
        except Exception as error:
            log.exception("channel %s failed", channel.name)
            words = f"{type(error).__name__}: {error}"
        else:
            words = "channel gave no answer"
        for queued, kept in self._handed.values():
            self._worker.put_off(queued, words, kept)
        self._release(self._waiting)

    def _hand_out(self) -> Iterator[Message]:
        while self._waiting and not self._worker.stopping():
            self._keep()
            self._heed_pauses()
            if not self._waiting:
                return
            queued = next(iter(self._waiting.values()))
            if queued.id not in self._written:
                self._write()
                continue  # with those that could be written
            message, kept = self._written.pop(queued.id)
            self._handed[message.id] = self._waiting.pop(queued.id), kept
            yield message

    def _write(self) -> None:
        """Write the next few: in a row it takes half the time that it takes between two waits for the mail server.

        What was withdrawn or taken over since it was leased is left out, and the rest goes to whom it concerns by now.
        """
        leased = list(islice(self._waiting.values(), self.ahead))
        current = self._worker.addressed(leased)
        for queued in leased:
            if queued.id not in current:
                del self._waiting[queued.id]
        for queued in current.values():
            self._waiting[queued.id] = queued
            try:
                self._written[queued.id] = self._worker.written(queued, self._sources)
            except Exception as error:  # a text may be mended, so try again later
                # what is wrong with a link may be said with the link, and a link may be a secret
                log.exception("message %s cannot be written", queued.id, exc_info=None if queued.secrets else error)
                self._worker.put_off(queued, f"{type(error).__name__}: {error}")
                del self._waiting[queued.id]

    def _keep(self) -> None:
        """Lease anew in good time; what somebody else has taken by now is theirs."""
        options, app = self._worker.options, self._worker.app
        if self._until - app.clock.now() > timedelta(seconds=options.lease / 2):
            return
        self._until = self._worker.lease_end()
        with app.store.work() as work:
            held = work.deliveries.hold(list(self._waiting), self._worker.name, self._until)
        self._waiting = {id: queued for id, queued in self._waiting.items() if id in held}  # noqa: A001

    def _heed_pauses(self) -> None:
        """Give back what is held back since it was leased."""
        now = time.monotonic()
        if now - self._looked < self.glance:
            return
        self._looked = now
        with self._worker.app.store.read() as work:
            paused = work.pauses.kinds()
        if paused:
            held_back = {id: each for id, each in self._waiting.items() if {EVERYTHING, each.template} & paused}  # noqa: A001
            self._release(held_back)
            self._waiting = {id: each for id, each in self._waiting.items() if id not in held_back}  # noqa: A001

    def _release(self, these: Mapping[int, Queued]) -> None:
        if these:
            with self._worker.app.store.work() as work:
                work.deliveries.release(list(these), self._worker.name)
