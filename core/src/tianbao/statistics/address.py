"""Queries of statistics as they stand in addresses, in JSON and on the command line: the same words everywhere.

``table=issue&measure=persons&school_year=113&layout=monthly&counsellor_type=1,2&sex=female``. What is usual is left
out. A name that is none of the query's own is a filter of the table; whether the table has it is said when it is asked.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from tianbao.errors import Refusal
from tianbao.records.address import LONGEST
from tianbao.records.parameters import bad_parameter, read_county, read_school_year, read_unit, short, write_unit
from tianbao.statistics.query import By, Chosen, Layout, Query, Sex
from tianbao.templates.measures import Measure
from tianbao.units import Level

T = TypeVar("T")

MOST = {"year": 40, "month": 12, "school_year": 40, "unit": 200, "county": 22, "level": 4}
MOST_CODES = 100
"""So many codes of one filter."""
MOST_FILTERS = 20


def _month(text: str) -> int:
    if not re.fullmatch(r"\d{1,2}", text, re.ASCII) or not 1 <= int(text) <= 12:  # noqa: PLR2004 -- months
        raise ValueError(text)
    return int(text)


def _code(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise ValueError(text)
    return int(text)


_LISTS: Mapping[str, tuple[str, Callable[[str], Any], str]] = {
    "year": ("years", read_school_year, "請寫民國年，如 114；多個以逗號分隔。"),
    "month": ("months", _month, "請寫 1 到 12；多個以逗號分隔。"),
    "school_year": ("school_years", read_school_year, "請寫民國學年度，如 113；多個以逗號分隔。"),
    "unit": ("units", read_unit, "請寫單位代碼，如 074501；分學制時後面加 -e、-j、-h、-c。"),
    "county": ("counties", read_county, "請寫縣市全名，如 彰化縣。"),
    "level": ("levels", Level, f"可用 {'、'.join(level.value for level in Level)}。"),
}
_ONE: Mapping[str, Callable[[str], Any]] = {
    "table": str,
    "measure": Measure,
    "layout": Layout,
    "reading": str,
    "sex": Sex,
    "by": By,
}
_NUMBERS = ("years", "months", "school_years")

PARAMETERS = (*_ONE, *_LISTS)
"""The query's own; every other name is a filter of the table."""


def read_address(kind: str, text: str) -> Query:
    """Read the part of an address behind its question mark.

    Raises:
        Refusal: what is wrong with it (``bad-parameter``, ``too-long``).
    """
    if len(text) > LONGEST:
        raise Refusal("too-long", f"查詢條件太長（上限 {LONGEST} 個字）。", "請減少條件後再查詢。")
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(text.removeprefix("?"), keep_blank_values=True, errors="replace"):
        found.setdefault(name, []).append(value)
    return read_parameters(kind, found)


def read_parameters(kind: str, parameters: Mapping[str, Sequence[str]]) -> Query:
    """Read parameters that somebody else has taken apart; see `read_address`."""
    known: dict[str, Any] = {"kind": kind}
    chosen: list[Chosen] = []
    for name, values in parameters.items():
        if name in _ONE:
            known |= _one(name, values)
        elif name in _LISTS:
            field, read, remedy = _LISTS[name]
            items = _each(name, values, read, remedy, MOST[name])
            known[field] = tuple(sorted(items)) if field in _NUMBERS else items
        elif items := _each(_column(name), values, _code, "請寫代號，多個以逗號分隔。", MOST_CODES):
            chosen.append(Chosen(name, tuple(sorted(items))))
    if len(chosen) > MOST_FILTERS:
        raise bad_parameter(chosen[-1].column, f"太多了；最多 {MOST_FILTERS} 個篩選條件")
    return Query(**known, chosen=tuple(sorted(chosen, key=lambda each: each.column)))


def _one(name: str, values: Sequence[str]) -> dict[str, Any]:
    if len(values) > 1:
        raise bad_parameter(name, "只能出現一次")
    text = values[0] if values else ""
    if not text:
        return {}
    if not re.fullmatch(r"\w{1,40}", text):
        raise bad_parameter(name, f"「{short(text)}」看不懂")
    try:
        return {name: _ONE[name](text)}
    except ValueError as error:
        remedy = f"可用 {'、'.join(f'{each.value}（{each.label}）' for each in _ONE[name] if each.value)}。"  # type: ignore[attr-defined]
        raise bad_parameter(name, f"「{short(text)}」看不懂", remedy) from error


def _column(name: str) -> str:
    if not re.fullmatch(r"[a-z]\w{0,99}", name, re.ASCII):
        raise bad_parameter(name, "看不懂", f"可用的參數：{'、'.join(PARAMETERS)}，以及統計表的篩選欄位。")
    return name


def _each(name: str, values: Iterable[str], read: Callable[[str], T], remedy: str, most: int) -> tuple[T, ...]:
    """Each value of a list once, in order."""
    texts = [part.strip() for value in values for part in value.split(",") if part.strip()]
    if len(texts) > most:
        raise bad_parameter(name, f"最多 {most} 項")
    found: dict[T, None] = {}
    for text in texts:
        try:
            found[read(text)] = None
        except ValueError as error:
            raise bad_parameter(name, f"「{short(text)}」看不懂", remedy) from error
    return tuple(found)


def parameters(query: Query) -> dict[str, str]:
    """A query's parameters, lists joined by commas; only what is not usual, but the table always."""
    plain = Query()
    found = {"table": query.table}
    for name in ("measure", "layout", "reading", "sex", "by"):
        if (value := getattr(query, name)) != getattr(plain, name):
            found[name] = str(value)
    for name, (field, _, _) in _LISTS.items():
        items = getattr(query, field)
        if items:
            found[name] = ",".join(write_unit(each) if name == "unit" else str(each) for each in items)
    return found | {each.column: ",".join(map(str, each.codes)) for each in query.chosen}


def write_address(query: Query) -> str:
    """The one address of a query, without a question mark; `read_address` reads it as the same query."""
    return urlencode(parameters(query), safe=",")
