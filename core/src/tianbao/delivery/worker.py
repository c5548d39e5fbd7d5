"""The worker: claims what is due, and writes down what became of it."""

import logging
import os
import random
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import uuid4

from attrs import evolve

from tianbao.bootstrap import App
from tianbao.channels import Attachment, Channel, Delivery, Message, Refused, Sent
from tianbao.delivery.batch import Batch
from tianbao.delivery.settings import SECTION, DeliverySettings
from tianbao.mails import Mail, render
from tianbao.mails.texts import SHIPPED
from tianbao.outbox import Fate, Kept, Queued
from tianbao.post.addressing import GONE, addressed
from tianbao.post.wording import masked, model_of, packed, without
from tianbao.settings import Settings
from tianbao.storage import UnitOfWork

log = logging.getLogger(__name__)

_KEPT_ATTACHMENTS = 4
"""Contents kept in memory: messages of one occasion, which follow one another, often carry the same file."""


def compose(
    queued: Queued,
    settings: Settings,
    sources: Mapping[str, str] = SHIPPED,
    attachments: Sequence[Attachment] = (),
) -> Message:
    """Write the message that an entry of the outbox stands for.

    Args:
        queued: the entry.
        settings: for the address of the system and whom to ask.
        sources: the texts by name; the shipped ones, or the organiser's over them (`Texts.sources`).
        attachments: the files that go with it.

    Raises:
        TianbaoError: its text is not there, or names what the data lack.
    """
    mail = render(queued.template, {**queued.data, **queued.secrets}, settings, sources)
    return Message(queued.message_id, queued.recipient, mail.subject, mail.text, mail.html, attachments)


def _saying(queued: Queued, data: Mapping[str, Any]) -> Queued:
    return queued if queued.data == data else evolve(queued, data=data)


class Worker:
    """Empties the outbox, by all channels there are.

    Args:
        app: the application.
        options: how; else from the settings.
        stopping: says that no further message is to be begun.
    """

    pauses = (0.5, 2.0, 8.0)
    """Seconds between attempts to write down what became of a message."""

    def __init__(
        self, app: App, options: DeliverySettings | None = None, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self.app = app
        self.options = options or app.settings.section(SECTION, DeliverySettings)
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self.channels: Mapping[str, Channel] = app.plugins.channels(app.settings)
        self.stopping = stopping
        self._models: dict[tuple[str, str], tuple[int, bytes]] = {}
        self._content = lru_cache(maxsize=_KEPT_ATTACHMENTS)(self._read)
        self._dice = random.Random()  # noqa: S311 -- spreads retries, guards nothing

    def deliver_due(self) -> int:
        """Deliver one batch by each channel; gives how many messages were due."""
        return sum(self._deliver(name, channel) for name, channel in self.channels.items())

    def _deliver(self, name: str, channel: Channel) -> int:
        with self.app.store.read() as work:
            if not work.deliveries.any_due(name, self.app.clock.now()):
                return 0  # without taking the write lock for nothing
        until = self.lease_end()
        with self.app.store.work() as work:
            claimed = work.deliveries.claim(name, self.name, self.app.clock.now(), until, self.options.batch)
            sources = work.texts.sources()
        if claimed:
            Batch(self, claimed, until, sources).deliver(channel)
        return len(claimed)

    def lease_end(self) -> datetime:
        return self.app.clock.now() + timedelta(seconds=self.options.lease)

    def addressed(self, leased: Sequence[Queued]) -> Mapping[int, Queued]:
        """Those of the messages that are still to be sent, by number, each to whom it concerns by now."""
        with self.app.store.read() as work:
            found = self._addressed(work, leased)
        if any(before is not after for before, after in found):
            with self.app.store.work() as work:
                found = self._addressed(work, leased)  # anew: some may have been taken back, or reworded, meanwhile
                for before, after in found:
                    if after is None:
                        work.deliveries.withdraw(before.id, self.name, GONE)
                    elif after is not before:
                        work.deliveries.readdress(after, self.name)
        return {after.id: after for _, after in found if after}

    def _addressed(self, work: UnitOfWork, leased: Sequence[Queued]) -> Sequence[tuple[Queued, Queued | None]]:
        data = work.deliveries.held([each.id for each in leased], self.name)
        return addressed(work, [_saying(each, data[each.id]) for each in leased if each.id in data])

    def written(self, queued: Queued, sources: Mapping[str, str]) -> tuple[Message, Kept]:
        """Write a message; gives its words, too, as they are kept: without secrets."""
        attachments = [Attachment(each.name, each.media_type, self._content(each.hash)) for each in queued.enclosed]
        message = compose(queued, self.app.settings, sources, attachments)
        public = masked(Mail(message.subject, message.text, message.html), queued.secrets)
        number, model = self._model(queued.template, sources)
        return message, Kept(number, packed(public, model))

    def _model(self, template: str, sources: Mapping[str, str]) -> tuple[int, bytes]:
        known = self._models.get((template, sources[template]))
        if known is None:
            model = model_of(template, self.app.settings, sources)
            with self.app.store.work() as work:
                known = self._models[template, sources[template]] = work.deliveries.model(model), model
        return known

    def _read(self, attachment_hash: str) -> bytes:
        with self.app.store.read() as work:
            return work.outbox.attachment(attachment_hash)

    def settle(self, queued: Queued, kept: Kept, answer: Delivery) -> None:
        """Write down what became of a message."""
        if isinstance(answer, Sent):
            self._insist(lambda work: work.deliveries.sent(queued.id, self.app.clock.now(), kept))
        elif isinstance(answer, Refused):
            self._end(queued, Fate.REFUSED, answer.words, kept)
        else:
            self.put_off(queued, answer.words, kept)

    def put_off(self, queued: Queued, words: str, kept: Kept | None = None) -> None:
        """Try a message again later, or give it up where it was tried often enough."""
        tries = queued.attempts + 1
        if tries >= self.options.attempts:
            self._end(queued, Fate.GIVEN_UP, words, kept)
            return
        due, words = self.app.clock.now() + self.options.wait_after(tries, self._dice), without(words, queued.secrets)
        log.info("message %s: try %d failed (%s), again at %s", queued.id, tries, words, due)
        self._insist(lambda work: work.deliveries.retry(queued.id, self.name, due, words))

    def _end(self, queued: Queued, fate: Fate, words: str, kept: Kept | None) -> None:
        words = without(words, queued.secrets)
        log.warning("message %s (%s): %s: %s", queued.id, queued.template, fate, words)
        self._insist(lambda work: work.deliveries.end(queued.id, self.name, fate, words, kept))

    def _insist(self, write: Callable[[UnitOfWork], None]) -> None:
        """Write it down, even where the database is busy for a moment: what is not written is sent again."""
        for pause in self.pauses:
            try:
                return self._write(write)
            except Exception:
                log.warning("the fate of a message cannot be written down yet", exc_info=True)
                time.sleep(pause)
        return self._write(write)

    def _write(self, write: Callable[[UnitOfWork], None]) -> None:
        with self.app.store.work(hasty=True) as work:
            write(work)
