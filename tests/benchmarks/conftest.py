"""Benchmarks compare, in one run, our way with a plain one; they print ratios and assert no wall time.

``make bench`` runs them: they are files named ``bench_*.py``, which the suite does not collect. The two run in turn, and
the ratio is the median over the pairs, so that a machine whose speed drifts does not matter.
"""

import gc
import resource
import time
from collections.abc import Callable
from statistics import median

import pytest


def processor_time() -> float:
    """Seconds of this process and its children that have ended: other programs' work does not count."""
    usages = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def seconds(run: Callable[[], object], clock: Callable[[], float]) -> float:
    gc.collect()
    start = clock()
    run()
    return clock() - start


@pytest.fixture
def ratio(capsys):
    """Measure one thing against another, print the ratio and give it back."""
    gc.collect()
    gc.freeze()  # what pytest itself has loaded is nobody's garbage

    def measure(
        name: str,
        ours: Callable[[], object],
        plain: Callable[[], object],
        promised: float | None = None,
        *,
        rounds: int = 9,
        clock: Callable[[], float] = processor_time,
    ) -> float:
        pairs = [(seconds(ours, clock), seconds(plain, clock)) for _ in range(rounds)]
        result = median(one / other for one, other in pairs)
        one, other = (min(times) * 1000 for times in zip(*pairs, strict=True))
        with capsys.disabled():
            promise = f" (promised {promised})" if promised else ""
            print(f"\n{name}: {result:.2f} ×{promise}; at best {one:.1f} ms against {other:.1f} ms")
        return result

    yield measure
    gc.unfreeze()


@pytest.fixture
def wall_clock():
    """For what happens in another process that lives on."""
    return time.perf_counter
