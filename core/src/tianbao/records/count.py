"""About how many rows: exact where that is cheap, honest where it is not."""

from attrs import frozen

CAP = 10_000
"""Counting ends here."""
SCAN = 300_000
"""So many rows of the chosen months and units are looked at for a count."""


@frozen
class Count:
    """About how many rows there are.

    Attributes:
        least: there are at least so many.
        over: whether there are more than that.
        partial: whether only some rows were looked at, and there may be more.
    """

    least: int
    over: bool = False
    partial: bool = False

    @property
    def exact(self) -> bool:
        return not self.over and not self.partial

    @property
    def spoken(self) -> str:
        """As people say it: 共 1,234 筆, 超過 10,000 筆, 至少 37 筆."""
        before = "超過" if self.over else "至少" if self.partial else "共"
        return f"{before} {self.least:,} 筆"
