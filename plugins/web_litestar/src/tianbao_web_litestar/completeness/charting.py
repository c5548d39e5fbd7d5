"""The charts of 填報情形: a month's course beside the month before, and the counties coloured by their rate."""

from collections.abc import Sequence

from tianbao.completeness import Course, Overview, Progress
from tianbao_web_litestar.charts import Gap, Line, Series, Tile, TileMap, Value
from tianbao_web_litestar.charts.values import said


def course_chart(found: Progress) -> Line:
    """How far the month has come, day by day."""
    now, before = found.now, found.before
    return Line(
        title=f"{now.period.spoken}填報進度",
        description=f"{_so_far(now)}{_then(now, before)}",
        steps=[f"{day}日" if day else "月底前" for day in found.days],
        series=[
            Series(now.period.spoken, _values(now, len(found.days))),
            *([Series(before.period.spoken, _values(before, len(found.days)), past=True)] if before.tally.due else []),
        ],
        percent=True,
    )


def _values(course: Course, steps: int) -> Sequence[Value]:
    return [*course.shares, *[Gap.MISSING] * (steps - len(course.shares))]


def _so_far(now: Course) -> str:
    return f"至今 {now.tally.filed:,} 個單位已填報，應填報 {now.tally.due:,} 個，完成率 {now.tally.percent}。"


def _then(now: Course, before: Course) -> str:
    """Where the month before was on the same day."""
    if not (before.shares and now.filed):
        return ""
    return f"上個月（{before.period.spoken}）同一天為 {said(before.shares[len(now.filed) - 1], percent=True)}。"


def county_map(found: Overview) -> TileMap:
    """The counties, darker where more is filed."""
    rated = [(place, place.whole.rate) for place in found.counties]
    behind = sorted(((rate, place.name) for place, rate in rated if rate is not None))[:3]
    least = "、".join(f"{name} {said(rate, percent=True)}" for rate, name in behind)
    return TileMap(
        title=f"{found.period.spoken}各縣市完成率",
        description=f"全國 {found.country.whole.percent}。" + (f"完成率最低的是{least}。" if least else ""),
        tiles=[Tile(place.name, Gap.MISSING if rate is None else rate) for place, rate in rated],
    )
