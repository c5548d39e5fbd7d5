"""Benchmarks compare, in one run, our way with a plain one; they print ratios and assert no wall time.

``make bench`` runs them: they are files named ``bench_*.py``, which the suite does not collect. A ratio far beyond what is promised fails, so that a slip is seen; noise does not.
"""

import time
from collections.abc import Callable

import pytest


@pytest.fixture
def ratio(capsys):
    """Measure one thing against another, in turn, and print the ratio of the best of each."""

    def measure(name: str, ours: Callable[[], object], plain: Callable[[], object], promised: float, rounds: int = 5):
        times = {ours: [], plain: []}
        for _ in range(rounds):
            for run in (ours, plain):
                start = time.perf_counter()
                run()
                times[run].append(time.perf_counter() - start)
        best, base = min(times[ours]), min(times[plain])
        with capsys.disabled():
            print(
                f"\n{name}: {best / base:.2f} × (promised {promised}); {best * 1000:.0f} ms against {base * 1000:.0f} ms"
            )
        return best / base

    return measure
