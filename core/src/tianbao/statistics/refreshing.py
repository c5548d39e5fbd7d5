"""Recounting stale tallies, one after the other, each in a small transaction of its own; nobody waits for it."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from tianbao.errors import Refusal
from tianbao.periods import Period
from tianbao.statistics.counting import Counting
from tianbao.statistics.query import By
from tianbao.statistics.tallied import COUNTRY, Partition

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.storage import Store

PATIENCE = 0.2
"""Seconds that an answer spends on tallies for the next one."""


def refresh(app: "App", told: Callable[[Partition], None] = lambda _: None) -> int:
    """Recount whatever is stale.

    Args:
        app: the application.
        told: called with each partition that is done.

    Returns:
        How many partitions were recounted.
    """
    with app.store.read() as work:
        stale = work.tallies.stale()
    done = 0
    for period, places in stale.items():
        for partition in _in_order(period, places):
            if recount(app.store, partition):
                told(partition)
                done += 1
    return done


def refresh_for(app: "App", counting: Counting) -> None:
    """Recount what an answer had to count row by row, for as long as `PATIENCE` lasts and nobody else writes."""
    if not counting.tallied:
        return
    until = time.monotonic() + PATIENCE
    with app.store.read() as work:
        stale = work.tallies.stale(counting.periods)
    for partition in _wanted(counting, stale.items()):
        if time.monotonic() > until:
            return
        try:
            recount(app.store, partition, wait=False)
        except Refusal:
            return  # somebody files: that comes first


def _wanted(counting: Counting, stale: Iterable[tuple[Period, frozenset[str]]]) -> Iterator[Partition]:
    country = not counting.counties and counting.by is not By.COUNTY
    for period, places in stale:
        if period in counting.periods:
            wanted = places if country else places & frozenset(counting.counties or places) - {COUNTRY}
            yield from _in_order(period, wanted)


def _in_order(period: Period, places: Iterable[str]) -> Sequence[Partition]:
    """Counties before the country, which adds them up."""
    return [Partition(place, period) for place in sorted(places, reverse=True)]


def recount(store: "Store", partition: Partition, *, wait: bool = True) -> bool:
    """Count a partition in a snapshot, then put the result in place in a transaction that does nothing else.

    Returns:
        Whether it was done; it is not where something of it has changed meanwhile, or where counties that the country
        would add up are stale themselves.

    Raises:
        Refusal: somebody else writes, and this was not to wait (``busy``).
    """
    with store.read() as work:
        if partition.place == COUNTRY and len(work.tallies.stale([partition.period]).get(partition.period, ())) > 1:
            return False
        found = work.tallies.recount(partition)
    if not found.marks:
        return False
    with store.work(hasty=True, wait=wait) as work:
        return work.tallies.replace(found)
