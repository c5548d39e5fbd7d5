"""The settings of the delivery: ``[delivery]`` of ``tianbao.toml``, or ``TIANBAO_DELIVERY_*``."""

import random
from datetime import timedelta

from attrs import field, frozen, validators

SECTION = "delivery"
_POSITIVE = validators.gt(0)


@frozen
class DeliverySettings:
    """How the outbox is emptied."""

    poll: float = field(default=2, validator=_POSITIVE)
    """Seconds between two looks at an outbox in which nothing was due."""
    batch: int = field(default=100, validator=_POSITIVE)
    """Messages leased at once."""
    lease: float = field(default=600, validator=_POSITIVE)
    """Seconds after which the messages of a worker that died are taken over; well above the time one message takes."""
    attempts: int = field(default=16, validator=_POSITIVE)
    """Tries before a message is given up."""
    first_wait: float = field(default=60, validator=_POSITIVE)
    """Seconds from the first failure to the next try; doubled from try to try."""
    longest_wait: float = field(default=6 * 3600, validator=_POSITIVE)
    """Seconds between two tries at most."""

    def wait_after(self, tries: int, dice: random.Random) -> timedelta:
        """How long to wait after so many tries; give or take a fifth, lest all come back at once."""
        doubled = self.first_wait * 2 ** min(tries - 1, 30)
        return timedelta(seconds=min(doubled, self.longest_wait) * dice.uniform(0.8, 1.2))
