"""Tallies: counts kept beside the rows, so that a county or the country need not be counted row by row.

A *partition* is what one county filed for one month; the country's is the sum of its counties'. A tally is exact or it
is marked stale: the transaction that changes a partition's rows puts marks in, and does nothing else about it. Who asks
takes tallies where there is no mark and counts rows where there is one, all of it in one snapshot. A recount reads
marks and rows in one snapshot, too, and takes away just the marks it has read: what was filed meanwhile left its own.
"""

from collections.abc import Mapping, Sequence

from attrs import frozen

from tianbao.periods import Period

COUNTRY = ""
"""The place of the country's own tallies."""
WHOLE = ""
"""The dimension that tells no categories apart: each row once, whatever it is about."""

DIMENSIONS: Mapping[str, Sequence[str]] = {
    "case": (
        "counsellor_type",
        "grade",
        "sex",
        "identity",
        "status",
        "referral",
        "main_issue",
        "sources",
        "secondary_issues",
        "issues",
    ),
    "service": ("counsellor_type", "item", "audience"),
}
"""The columns by whose codes rows are tallied; a table over another column is counted from the rows."""


@frozen
class Partition:
    """What is tallied at once: a county, or `COUNTRY`, in a month."""

    place: str
    period: Period


@frozen
class Sources:
    """Where a count comes from.

    Attributes:
        tallies: places whose tallies of some months are exact.
        rows: counties of whose months the rows must be counted; all counties where ``None``.
    """

    tallies: Sequence[tuple[tuple[str, ...], tuple[Period, ...]]]
    rows: Sequence[tuple[tuple[str, ...] | None, tuple[Period, ...]]]


def sources(
    periods: Sequence[Period],
    counties: Sequence[str],
    stale: Mapping[Period, frozenset[str]],
    *,
    country: bool,
) -> Sources:
    """Where to take each month from.

    Args:
        periods: the months.
        counties: those that are counted, all that there are where ``country``.
        stale: the places with marks, by month.
        country: whether all counties are counted as one.
    """
    tallies: dict[tuple[str, ...], list[Period]] = {}
    rows: dict[tuple[str, ...] | None, list[Period]] = {}
    for period in periods:
        marked = stale.get(period, frozenset())
        if country and COUNTRY not in marked:
            tallies.setdefault((COUNTRY,), []).append(period)
            continue
        fresh = tuple(county for county in counties if county not in marked)
        behind = tuple(county for county in counties if county in marked)
        if fresh:
            tallies.setdefault(fresh, []).append(period)
        if behind:
            rows.setdefault(None if country and not fresh else behind, []).append(period)
    return Sources(
        [(places, tuple(months)) for places, months in tallies.items()],
        [(places, tuple(months)) for places, months in rows.items()],
    )
