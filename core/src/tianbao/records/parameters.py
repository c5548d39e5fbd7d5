"""A query's parameters: what each may hold, and the query they mean.

Addresses, JSON and the command line all come down to these; whatever makes no sense is refused with a sentence that
names the parameter.
"""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from attrs import fields, frozen

from tianbao.errors import Refusal
from tianbao.periods import ROC, Period, PeriodRange
from tianbao.records.filter_text import read_filter, write_filter
from tianbao.records.query import KINDS, SIZE, Filter, Position, Query, Sort, UnitKey
from tianbao.units import COUNTIES, Level

MOST = {"columns": 100, "where": 40, "sort": 6, "school_year": 40, "unit": 200, "county": 22, "level": 4}
LARGEST_PAGE = 500
LONGEST_SEARCH = 100

T = TypeVar("T")


@frozen(kw_only=True)
class Asked:
    """A query's parameters, as they arrive: texts, and lists of texts."""

    period: str = ""
    school_year: Sequence[str] = ()
    unit: Sequence[str] = ()
    county: Sequence[str] = ()
    level: Sequence[str] = ()
    search: str = ""
    where: Sequence[str] = ()
    columns: Sequence[str] = ()
    sort: Sequence[str] = ()
    size: str = ""
    after: str = ""
    before: str = ""


PARAMETERS = tuple(each.name for each in fields(Asked))


def asked(query: Query) -> Asked:
    """The parameters of a query."""
    place = query.position
    return Asked(
        period=_range_text(query.periods),
        school_year=tuple(map(str, query.school_years)),
        unit=tuple(map(write_unit, query.units)),
        county=query.counties,
        level=tuple(each.value for each in query.levels),
        search=query.search,
        where=tuple(map(write_filter, query.filters)),
        columns=query.columns,
        sort=tuple(f"-{each.column}" if each.descending else each.column for each in query.sort),
        size="" if query.size == SIZE else str(query.size),
        after=str(place.row) if place and not place.backwards else "",
        before=str(place.row) if place and place.backwards else "",
    )


def query_of(kind: str, asked: Asked) -> Query:
    """The query that some parameters mean.

    Raises:
        Refusal: as `read_address`.
    """
    if kind not in KINDS:
        raise bad_parameter("kind", f"「{short(kind)}」不是資料種類", f"可用 {'、'.join(KINDS)}。")
    for name in PARAMETERS:
        _demand_sound(name, getattr(asked, name))
    if asked.after and asked.before:
        raise bad_parameter("before", "不能和 after 同時使用")
    return Query(
        kind=kind,
        columns=_distinct("columns", asked.columns),
        filters=_filters(asked.where),
        periods=_range(asked.period),
        school_years=tuple(sorted(set(_each("school_year", asked.school_year, read_school_year)))),
        units=_each("unit", asked.unit, read_unit),
        counties=_each("county", asked.county, read_county),
        levels=_each("level", asked.level, Level),
        search=" ".join(asked.search.split()),
        sort=_sorts(asked.sort),
        size=_size(asked.size),
        position=_position(asked),
    )


def _demand_sound(name: str, value: str | Sequence[str]) -> None:
    """No database keeps NUL, nor halves of characters; lists end somewhere."""
    if not isinstance(value, str) and len(value) > MOST[name]:
        raise bad_parameter(name, f"最多 {MOST[name]} 項，這裡有 {len(value)} 項")
    for text in [value] if isinstance(value, str) else value:
        if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            raise bad_parameter(name, "含有無法處理的字元")
    if name == "search" and len(value) > LONGEST_SEARCH:
        raise bad_parameter(name, f"最多 {LONGEST_SEARCH} 個字")


def _each(name: str, texts: Sequence[str], read: Callable[[str], T]) -> tuple[T, ...]:
    """Each text read, each value once."""
    read_ones: dict[T, None] = {}
    for text in texts:
        try:
            read_ones[read(text)] = None
        except ValueError as error:
            raise bad_parameter(name, f"「{short(text)}」看不懂", _HELP.get(name, "")) from error
    return tuple(read_ones)


def _distinct(name: str, texts: Sequence[str]) -> tuple[str, ...]:
    return _each(name, texts, _name)


def _name(text: str) -> str:
    if not re.fullmatch(r"\w{1,100}", text):
        raise ValueError(text)
    return text


def _filters(texts: Sequence[str]) -> tuple[Filter, ...]:
    filters = tuple(map(read_filter, texts))
    names = [each.column for each in filters]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise bad_parameter("where", f"欄位「{short(twice)}」出現兩次", "同一欄的兩個條件請用 and 或 or 連在一起。")
    return filters


def _sorts(texts: Sequence[str]) -> tuple[Sort, ...]:
    sorts = {text.removeprefix("-"): text.startswith("-") for text in reversed(texts)}
    return tuple(Sort(name, sorts[name]) for name in _distinct("sort", [text.removeprefix("-") for text in texts]))


def read_month(text: str) -> Period:
    """A month as people and addresses write it: ``2024-09``, ``113-09``, ``113年9月``.

    Raises:
        ValueError: it is none.
    """
    found = re.fullmatch(r"\s*(\d{2,4})[-/.年](\d{1,2})月?\s*", text, re.ASCII)
    if not found:
        raise ValueError(text)
    year = int(found[1]) if len(found[1]) == 4 else int(found[1]) + ROC  # noqa: PLR2004 -- of the common era
    if year > _LAST_YEAR:
        raise ValueError(text)
    return Period(year, int(found[2]))


_LAST_YEAR = 2500
"""Beyond it nobody files; ranges may still look one month further."""


def _range(text: str) -> PeriodRange:
    if not text.strip():
        return PeriodRange()
    first, dots, last = text.partition("..")
    try:
        ends = [read_month(end) if end.strip() else None for end in (first, last if dots else first)]
    except ValueError as error:
        raise bad_parameter("period", f"「{short(text)}」看不懂", _HELP["period"]) from error
    if ends[0] and ends[1] and ends[1] < ends[0]:
        raise bad_parameter("period", f"「{short(text)}」的起始月份在結束月份之後")
    return PeriodRange(ends[0], ends[1])


def _range_text(months: PeriodRange) -> str:
    if months == PeriodRange():
        return ""
    if months.first == months.last:
        return str(months.first)
    return f"{months.first or ''}..{months.last or ''}"


def read_school_year(text: str) -> int:
    """A year, or a school year, in ROC years.

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(r"\d{1,3}", text, re.ASCII) or not 1 <= int(text) <= _LAST_YEAR - ROC:
        raise ValueError(text)
    return int(text)


_LETTERS = {level.letter: level for level in Level}


def read_unit(text: str) -> UnitKey:
    """A unit as an address names it: ``074501``, ``074501-j``."""
    code, dash, letter = text.rpartition("-")
    if dash and letter in _LETTERS:
        return UnitKey(_name(code), _LETTERS[letter])
    return UnitKey(_name(text))


def write_unit(key: UnitKey) -> str:
    """What `read_unit` reads as this unit."""
    return f"{key.code}-{key.level.letter}" if key.level else key.code


def read_county(text: str) -> str:
    """A county's full name; 台 is 臺.

    Raises:
        ValueError: it is none.
    """
    name = text.replace("台", "臺")
    if name not in COUNTIES:
        raise ValueError(text)
    return name


def _size(text: str) -> int:
    if not text:
        return SIZE
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or not 1 <= int(text) <= LARGEST_PAGE:
        raise bad_parameter("size", f"「{short(text)}」不是 1 到 {LARGEST_PAGE} 的整數")
    return int(text)


def _position(asked: Asked) -> Position | None:
    name = "before" if asked.before else "after"
    text = asked.before or asked.after
    if not text:
        return None
    if not re.fullmatch(r"\d{1,18}", text, re.ASCII):
        raise bad_parameter(name, f"「{short(text)}」不是列的編號", "請從第一頁開始查詢。")
    return Position(int(text), backwards=name == "before")


_HELP = {
    "period": "寫法如 2024-09、2024-09..2025-01、113-09.. 。",
    "school_year": "請寫民國學年度，如 113；多個以逗號分隔。",
    "unit": "請寫單位代碼，如 074501；分學制時後面加 -e（國小）、-j（國中）、-h（高中職）、-c（輔諮中心）。",
    "county": "請寫縣市全名，如 彰化縣。",
    "level": f"可用 {'、'.join(f'{level.value}（{level.label}）' for level in Level)}。",
    "columns": "請寫欄位名稱，以逗號分隔。",
    "sort": "請寫欄位名稱，以逗號分隔；由大到小時前面加 -。",
}


def help_on_parameters() -> str:
    return f"可用的參數：{'、'.join(PARAMETERS)}。"


def short(text: str) -> str:
    """A text as an answer quotes it."""
    return text if len(text) <= 40 else text[:40] + "…"  # noqa: PLR2004 -- enough to know it again


def bad_parameter(name: str, why: str, remedy: str = "") -> Refusal:
    return Refusal("bad-parameter", f"參數「{short(name)}」{why}。", remedy or "請修改後再查詢，或清除篩選。")
