"""Benchmarks compare, in one run, our way with a plain one; they print ratios and assert no wall time.

``make bench`` runs them: they are files named ``bench_*.py``, which the suite does not collect. Times are processor seconds, each the best of several rounds in turn.
"""

import gc
import resource
from collections.abc import Callable

import pytest


def now() -> float:
    """Processor seconds of this process and its children that have ended: other programs' work does not count."""
    usages = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


@pytest.fixture
def ratio(capsys):
    """Measure one thing against another, in turn, and print the ratio of the best of each."""

    def measure(name: str, ours: Callable[[], object], plain: Callable[[], object], promised: float, rounds: int = 5):
        times = {ours: [], plain: []}
        for _ in range(rounds):
            for run in (ours, plain):
                gc.collect()
                start = now()
                run()
                times[run].append(now() - start)
        best, base = min(times[ours]), min(times[plain])
        with capsys.disabled():
            print(
                f"\n{name}: {best / base:.2f} × (promised {promised}); {best * 1000:.0f} ms against {base * 1000:.0f} ms"
            )
        return best / base

    return measure
