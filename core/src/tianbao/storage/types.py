"""How values of the domain are written in columns."""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import JSON, BigInteger, Dialect, Integer, Text, TypeDecorator
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.dialects.postgresql import JSONB

from tianbao.clock import TAIPEI
from tianbao.periods import Period, PeriodRange, PeriodRanges

Number = BigInteger().with_variant(Integer, "sqlite")
"""A row's number, or a sum of many; SQLite numbers rows by itself only where the type is plain INTEGER."""

Json = JSON().with_variant(JSONB(), "postgresql")

W = TypeVar("W", bound=StrEnum)


class Moment(TypeDecorator[dt.datetime]):
    """A moment: kept in UTC, given back in Asia/Taipei; a naive one is refused."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} names no moment: it has no time zone")
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).astimezone(TAIPEI)


class YearMonth(TypeDecorator[Period]):
    """A period as the integer yyyymm: it sorts, and ranges are plain comparisons."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Period | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else value.year * 100 + value.month

    def process_result_value(self, value: int | None, dialect: Dialect) -> Period | None:  # noqa: ARG002
        return None if value is None else _period(value)


@cache
def _period(number: int) -> Period:
    """There are a few hundred, and a grid of the country asks for each 4,000 times."""
    return Period(*divmod(number, 100))


class Ranges(TypeDecorator[PeriodRanges]):
    """Ranges of periods that a query has put together into one text: ``202208-202407,202508-``; only to be read."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> PeriodRanges:  # noqa: ARG002
        return _ranges(value or "")


@cache
def _ranges(text: str) -> PeriodRanges:
    """As of `_period`: nearly all units have the same."""
    ends = [each.split("-") for each in text.split(",") if each]
    return PeriodRanges(PeriodRange(*(_period(int(end)) if end else None for end in pair)) for pair in ends)


class Codes(TypeDecorator[tuple[int, ...]]):
    """Several codes of a list as the form writes them: ``3,10``; none is the empty text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[int, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else ",".join(map(str, value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...] | None:  # noqa: ARG002
        if value is None:
            return None
        return tuple(map(int, value.split(","))) if value else ()


class Word(TypeDecorator[W]):
    """A word of a closed list, kept as itself: a new word needs no migration."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[W]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: W | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> W | None:  # noqa: ARG002
        return None if value is None else self.words(value)


class Extras(TypeDecorator[Mapping[str, object]]):
    """A template's own columns as JSON; days as ``{"date": "2024-09-05"}``, several codes as a list."""

    impl = Json
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, object] | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002
        return {name: _plain(cell) for name, cell in (value or {}).items()}

    def process_result_value(self, value: Any, dialect: Dialect) -> Mapping[str, object]:  # noqa: ANN401, ARG002
        return {name: _meant(cell) for name, cell in (value or {}).items()}


def _plain(value: object) -> object:
    return {"date": value.isoformat()} if isinstance(value, dt.date) else value


def _meant(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    return dt.date.fromisoformat(value["date"]) if isinstance(value, dict) else value
