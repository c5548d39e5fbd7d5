"""A batch: messages leased together, handed to their channel one by one."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tianbao.channels import Channel, Message
from tianbao.outbox import Queued

if TYPE_CHECKING:
    from tianbao.delivery.worker import Worker

log = logging.getLogger(__name__)


class Batch:
    """Messages leased together, on their way through one channel."""

    def __init__(
        self, worker: "Worker", claimed: Sequence[Queued], until: datetime, sources: Mapping[str, str]
    ) -> None:
        self._worker = worker
        self._sources = sources
        self._waiting = {queued.id: queued for queued in claimed}
        self._until = until
        self._handed: dict[str, Queued] = {}

    def deliver(self, channel: Channel) -> None:
        try:
            for answer in channel.deliver(self._hand_out()):
                queued = self._handed.pop(answer.message.id, None)
                if queued:
                    self._worker.settle(queued, answer)
        except Exception as error:
            log.exception("channel %s failed", channel.name)
            words = f"{type(error).__name__}: {error}"
        else:
            words = "channel gave no answer"
        for queued in self._handed.values():
            self._worker.put_off(queued, words)
        if self._waiting:
            with self._worker.app.store.work() as work:
                work.deliveries.release(list(self._waiting), self._worker.name)

    def _hand_out(self) -> Iterator[Message]:
        while self._waiting and not self._worker.stopping():
            self._keep()
            if not self._waiting:
                return
            queued = self._waiting.pop(next(iter(self._waiting)))
            message = self._composed(queued)
            if message:
                self._handed[message.id] = queued
                yield message

    def _keep(self) -> None:
        """Lease anew in good time; what somebody else has taken by now is theirs."""
        options, app = self._worker.options, self._worker.app
        if self._until - app.clock.now() > timedelta(seconds=options.lease / 2):
            return
        self._until = self._worker.lease_end()
        with app.store.work() as work:
            held = work.deliveries.hold(list(self._waiting), self._worker.name, self._until)
        self._waiting = {id: queued for id, queued in self._waiting.items() if id in held}  # noqa: A001

    def _composed(self, queued: Queued) -> Message | None:
        try:
            return self._worker.compose(queued, self._sources)
        except Exception as error:  # a text may be mended, so try again later
            log.exception("message %s cannot be written", queued.id)
            self._worker.put_off(queued, f"{type(error).__name__}: {error}")
            return None
