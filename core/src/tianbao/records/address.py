"""Queries as they stand in addresses and in JSON: the same parameters, in the same language.

``period=2024-09..2025-01&school_year=113&unit=074501-j&where=main_issue+any+5,1&sort=-period,unit``. What is usual is
left out, so equal queries have one, short address.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import cattrs
from attrs import asdict
from cattrs.errors import BaseValidationError

from tianbao.errors import Refusal
from tianbao.records.parameters import PARAMETERS, Asked, asked, bad_parameter, help_on_parameters, query_of
from tianbao.records.query import Query

LONGEST = 8_000
"""Characters of an address' query; browsers and servers take as much."""

_ONE = ("period", "search", "size", "after", "before")
_BY_COMMA = ("school_year", "unit", "county", "level", "columns", "sort")


def read_address(kind: str, text: str) -> Query:
    """Read the part of an address behind its question mark.

    Raises:
        Refusal: what is wrong with it (``bad-parameter``, ``bad-filter``, ``too-long``).
    """
    if len(text) > LONGEST:
        raise Refusal("too-long", f"查詢條件太長（上限 {LONGEST} 個字）。", "請減少條件後再查詢。")
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(text.removeprefix("?"), keep_blank_values=True, errors="replace"):
        found.setdefault(name, []).append(value)
    return read_parameters(kind, found)


def read_parameters(kind: str, parameters: Mapping[str, Sequence[str]]) -> Query:
    """Read parameters that somebody else has taken apart; see `read_address`."""
    known: dict[str, Any] = {}
    for name, values in parameters.items():
        if name not in PARAMETERS:
            raise bad_parameter(name, "沒有這個參數", f"可用的參數：{'、'.join(PARAMETERS)}。")
        if name in _ONE and len(values) > 1:
            raise bad_parameter(name, "只能出現一次")
        known[name] = values[0] if name in _ONE else _split(values) if name in _BY_COMMA else list(values)
    return query_of(kind, Asked(**known))


def write_address(query: Query) -> str:
    """The one address of a query, without a question mark; `read_address` reads it as the same query."""
    pairs: list[tuple[str, str]] = []
    for name, value in asdict(asked(query)).items():
        values = [",".join(value)] if name in _BY_COMMA else [value] if name in _ONE else value
        pairs.extend((name, each) for each in values if each)
    return urlencode(pairs, safe=",:", quote_via=lambda text, safe, *_: quote(text, f"{safe} ").replace(" ", "+"))


def read_json(kind: str, data: Any) -> Query:  # noqa: ANN401 -- what came from outside
    """Read what a JSON body holds: the same parameters, lists as lists.

    Raises:
        Refusal: as `read_address`.
    """
    if not isinstance(data, dict):
        raise Refusal("bad-parameter", "查詢條件要是一個 JSON 物件。", help_on_parameters())
    try:
        return query_of(kind, _JSON.structure(data, Asked))
    except BaseValidationError as error:
        about = cattrs.transform_error(error, path="query")
        raise Refusal("bad-parameter", f"查詢條件看不懂：{'；'.join(about)[:300]}。", help_on_parameters()) from error


def write_json(query: Query) -> dict[str, Any]:
    """What `read_json` reads as this query; only what is not usual."""
    plain: dict[str, Any] = _JSON.unstructure(asked(query))
    return {name: value for name, value in plain.items() if value}


def _text(value: object, _: type) -> str:
    """JSON numbers may be written as numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError("要是文字")
    return str(value)


def _texts(value: object, _: type) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError("要是清單")
    return tuple(_text(each, str) for each in value)


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook_func(lambda wanted: wanted == Sequence[str], _texts)
    return converter


_JSON = _converter()


def _split(values: Sequence[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]
