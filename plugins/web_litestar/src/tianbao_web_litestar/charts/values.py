"""The figures of a chart: numbers, or the reason why there is none. What is not known is never drawn as 0."""

import math
from collections.abc import Iterable
from enum import Enum


class Gap(Enum):
    """Why there is no figure: its sign on the chart, and what the sign means."""

    SUPPRESSED = "※"
    MISSING = "—"

    @property
    def meaning(self) -> str:
        return "隱匿小數" if self is Gap.SUPPRESSED else "無資料"


Value = int | float | Gap
"""A figure, not negative; or why there is none."""


def said(value: Value, *, percent: bool = False) -> str:
    """A figure as people read it; a share (0 to 1) in percent.

    A share is never rounded up to 100 % nor down to 0 %: nobody is done who is not.
    """
    if isinstance(value, Gap):
        return value.value
    if percent:
        return _percent(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")


def _percent(share: float) -> str:
    tenths = math.floor(share * 1000 + 1e-9)
    if share > 0 and not tenths:
        return "<0.1%"
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths / 10}%"


def numbers(values: Iterable[Value]) -> list[float]:
    """The figures among them."""
    return [value for value in values if not isinstance(value, Gap)]


def gaps_said(values: Iterable[Value]) -> str:
    """What the signs on a chart mean: ``※ 隱匿小數　— 無資料``; nothing where there are none."""
    found = set(values) & set(Gap)
    return "　".join(f"{gap.value} {gap.meaning}" for gap in Gap if gap in found)
