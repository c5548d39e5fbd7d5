"""An answer as plain data, the same for the command line and the JSON API."""

from typing import TypedDict

from tianbao.statistics.address import write_address
from tianbao.statistics.coverage import Coverage
from tianbao.statistics.result import Axis, Code, Figure, Line, Result


class ItemData(TypedDict):
    """An entry of an axis; the key of a month is ``2024-09``."""

    key: int | str
    label: str
    total: bool


class AxisData(TypedDict):
    """What stands along a side of the table."""

    along: str
    heading: str
    items: list[ItemData]


class LineData(TypedDict):
    """A row; ``keys`` are its items on the row axes. A figure that is hidden is null."""

    keys: list[int | str]
    labels: list[str]
    total: bool
    figures: list[int | None]


class CoverageData(TypedDict):
    """Months that units must file, and how they are."""

    due: int
    filed: int
    nil: int
    unfiled: int


class WordData(TypedDict):
    """A part of the query in words."""

    label: str
    text: str


class ResultData(TypedDict):
    """An answer."""

    title: str
    query: str
    definition: str
    notes: list[str]
    words: list[WordData]
    as_of: str
    coverage: CoverageData
    rows: list[AxisData]
    columns: AxisData
    lines: list[LineData]


def as_data(result: Result) -> ResultData:
    """The answer as JSON takes it."""
    return {
        "title": result.title,
        "query": write_address(result.query),
        "definition": result.definition,
        "notes": list(result.notes),
        "words": [{"label": label, "text": text} for label, text in result.words],
        "as_of": result.as_of.isoformat(),
        "coverage": _coverage(result.coverage),
        "rows": [_axis(axis) for axis in result.rows],
        "columns": _axis(result.columns),
        "lines": [_line(line) for line in result.lines],
    }


def _axis(axis: Axis) -> AxisData:
    items: list[ItemData] = [{"key": _key(item.key), "label": item.label, "total": item.total} for item in axis.items]
    return {"along": axis.along.value, "heading": axis.heading, "items": items}


def _line(line: Line) -> LineData:
    figures: list[Figure] = list(line.figures)
    return {
        "keys": [_key(item.key) for item in line.items],
        "labels": [item.label for item in line.items],
        "total": line.total,
        "figures": figures,
    }


def _coverage(coverage: Coverage) -> CoverageData:
    return {"due": coverage.due, "filed": coverage.filed, "nil": coverage.nil, "unfiled": coverage.unfiled}


def _key(key: Code) -> int | str:
    return key if isinstance(key, int) else str(key)
