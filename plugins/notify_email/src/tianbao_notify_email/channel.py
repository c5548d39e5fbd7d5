"""The channel: takes messages, answers for each."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from threading import Lock

from tianbao.channels import Delivery, Failed, Message, Refused, Sent
from tianbao.clock import TAIPEI
from tianbao.errors import TianbaoError
from tianbao_notify_email.addresses import NotAnAddressError
from tianbao_notify_email.line import Cut, Later, Line, Never, NoLine
from tianbao_notify_email.mime import Envelope, seal
from tianbao_notify_email.settings import EmailSettings


class Pace:
    """Lets at most so many through in a minute, evenly, however many threads ask."""

    def __init__(
        self,
        per_minute: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = 60 / per_minute if per_minute else 0.0
        self._clock, self._sleep = clock, sleep
        self._lock = Lock()
        self._next = clock()

    def wait(self) -> None:
        """Wait for the next turn."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._gap
        if turn > now:
            self._sleep(turn - now)


class EmailChannel:
    """Sends mail: `tianbao.channels.Channel` over SMTP."""

    name = "email"

    def __init__(self, settings: EmailSettings, pace: Pace | None = None) -> None:
        settings.demand_sound()
        self._settings = settings
        self._pace = pace or Pace(settings.per_minute)

    def deliver(self, messages: Iterable[Message]) -> Iterator[Delivery]:
        """Deliver many messages over one line, answering for each as soon as its fate is known, in order.

        Where no line can be had, the rest are answered `Failed` without trying: each would wait as long for nothing.
        """
        line, down = Line(self._settings), ""
        try:
            for message in messages:
                if down:
                    yield Failed(message, down)
                    continue
                answer = self._delivered(line, message)
                if isinstance(answer, NoLine):
                    down = str(answer)
                    yield Failed(message, down)
                else:
                    yield answer
        finally:
            line.close()

    def reach(self) -> None:
        """Look whether the mail server answers, lets us sign in and speaks TLS as the settings want it."""
        line = Line(self._settings)
        try:
            line.open()
        except NoLine as none:
            raise TianbaoError(f"{none}. Mend [notify_email]; see docs/mail.md.") from none
        finally:
            line.close()

    def _delivered(self, line: Line, message: Message) -> Delivery | NoLine:
        try:
            envelope = seal(message, self._settings, datetime.now(TAIPEI))
        except NotAnAddressError:
            return Refused(message, f"這不是電子郵件信箱：{message.to!r}")
        self._pace.wait()
        try:
            _send(line, envelope)
        except Never as no:
            return Refused(message, str(no))
        except (Later, Cut) as not_now:
            return Failed(message, str(not_now))
        except NoLine as none:
            return none
        return Sent(message)


def _send(line: Line, envelope: Envelope) -> None:
    """Send, once more over a new line where an old one turns out to have been cut before the message was under way."""
    stale = line.is_open
    try:
        line.send(envelope)
    except Cut as cut:
        if cut.perhaps_taken or not stale:
            raise
        line.send(envelope)
