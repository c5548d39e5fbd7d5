"""The numbers along an axis: few, round, from zero."""

import math

_STEPS = (1, 2, 2.5, 5, 10)


def ticks(greatest: float, *, about: int = 5, whole: bool = True) -> list[float]:
    """Round numbers from 0 to the first that is not below the greatest figure.

    Args:
        greatest: the greatest figure; where it is 0 the axis goes to 1.
        about: at most so many steps.
        whole: whether figures are counts, so that half a person is no tick.
    """
    step = _step((greatest or 1) / about, whole=whole)
    return [round(n * step, 10) for n in range(math.ceil((greatest or 1) / step - 1e-9) + 1)]


def _step(least: float, *, whole: bool) -> float:
    """The least round number that is not below ``least``."""
    power: float = 10.0 ** math.floor(math.log10(least))
    rounds = (power * each for each in (*_STEPS, 20))
    return next(each for each in rounds if each >= least - 1e-9 and (not whole or (each >= 1 and each % 1 == 0)))
