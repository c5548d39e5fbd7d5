"""A query of statistics in words, for its page, its file and its reader."""

from collections.abc import Iterator, Sequence

from tianbao.statistics.asking import Asked
from tianbao.statistics.query import By

UNCHOSEN = "不指定"


def in_words(asked: Asked) -> Sequence[tuple[str, str]]:
    """A query as pairs of a label and a text, in the order of the page's five steps."""
    return list(_parts(asked))


def _parts(asked: Asked) -> Iterator[tuple[str, str]]:
    query = asked.query
    yield "計量方式", query.measure.label
    yield "統計資料表", asked.table.called
    yield from _times(asked)
    yield "彙整方式", query.layout.label
    for name in asked.table.filters:
        if name in asked.known:
            column, codes = asked.known[name], query.codes_of(name)
            yield column.heading, "、".join(column.labels[code] for code in codes) or UNCHOSEN
    if asked.reading.label:
        yield "統計類別", asked.reading.label
    if asked.table.by_sex:
        yield "性別", query.sex.label
    yield from _places(asked)


def _times(asked: Asked) -> Iterator[tuple[str, str]]:
    query = asked.query
    if query.years:
        yield "年", "、".join(f"{year}年" for year in query.years)
    if query.school_years:
        yield "學年度", "、".join(f"{year}學年度" for year in query.school_years)
    if query.months:
        yield "月", "、".join(f"{month}月" for month in query.months)
    yield "統計月份", _span(asked)


def _places(asked: Asked) -> Iterator[tuple[str, str]]:
    query = asked.query
    if query.units:
        yield "單位", "、".join(f"{unit.name}（{unit.level.label}）" for unit in asked.units)
    if query.counties:
        yield "縣市", "、".join(query.counties)
    if query.levels:
        yield "學制", "、".join(level.label for level in query.levels)
    if query.by is not By.NOTHING:
        yield "分列", f"依{query.by.label}"


def _span(asked: Asked) -> str:
    first, last = asked.periods[0], asked.periods[-1]
    if first == last:
        return first.spoken
    return f"{first.spoken}至{last.spoken}，共 {len(asked.periods)} 個月"
