"""Records, in the language of the pages' addresses; see the guide to records."""

from typing import TypedDict

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.records import OPS, Column, Query, columns_for, page, said, write_address
from tianbao_web_litestar.downloads import Downloads
from tianbao_web_litestar.pages.record_downloads import sent
from tianbao_web_litestar.records.addresses import query_of
from tianbao_web_litestar.visits import Visit

SEE = {"action": Action.SEE_CASES}


class ChoiceData(TypedDict):
    """An entry of a closed list."""

    key: int | str
    label: str


class ColumnData(TypedDict):
    """A column, and how it can be filtered."""

    name: str
    heading: str
    kind: str
    operators: list[str]
    choices: list[ChoiceData]


class HeadingData(TypedDict):
    """A column that is shown."""

    name: str
    heading: str


class RowData(TypedDict):
    """A row; dates are text."""

    id: int
    cells: list[str | int | float | bool | None]


class CountData(TypedDict):
    """About how many rows there are on all pages."""

    least: int
    exact: bool
    spoken: str


class RecordsData(TypedDict):
    """A page of records."""

    query: str
    columns: list[HeadingData]
    rows: list[RowData]
    count: CountData
    previous: str | None
    """The parameters of the page before."""
    next: str | None
    """The parameters of the page behind."""


@get("/records/{kind:str}", opt=SEE, sync_to_thread=True)
def rows(request: Visit, kind: FromPath[str], core: NamedDependency[App]) -> RecordsData:
    """A page of rows: ``case`` or ``service``."""
    found = page(core, request.user, query_of(request, kind))
    return {
        "query": write_address(found.query),
        "columns": [{"name": column.name, "heading": column.heading} for column in found.columns],
        "rows": [{"id": row.id, "cells": [_plain(cell) for cell in row.cells]} for row in found.rows],
        "count": {"least": found.count.least, "exact": found.count.exact, "spoken": found.count.spoken},
        "previous": _address(found.previous),
        "next": _address(found.next),
    }


@get("/records/{kind:str}/columns", opt=SEE, sync_to_thread=True)
def columns(request: Visit, kind: FromPath[str], core: NamedDependency[App]) -> list[ColumnData]:
    """The columns that rows have in the months the query names."""
    return [_column(column) for column in columns_for(core, query_of(request, kind)).values()]


@get("/records/{kind:str}/download/{way:str}", opt=SEE)
async def download(
    request: Visit,
    kind: FromPath[str],
    way: FromPath[str],
    core: NamedDependency[App],
    downloads: NamedDependency[Downloads],
) -> Stream:
    """All rows as a file: ``xlsx``, ``csv``, ``json``, or what else is installed."""
    return await sent(request, kind, way, core, downloads)


def _address(query: Query | None) -> str | None:
    return write_address(query) if query else None


def _plain(cell: object) -> str | int | float | bool | None:
    return cell if isinstance(cell, str | int | float | None) else said(cell)  # type: ignore[arg-type]


def _column(column: Column) -> ColumnData:
    return {
        "name": column.name,
        "heading": column.heading,
        "kind": column.kind.value,
        "operators": [op.value for op in OPS[column.kind]],
        "choices": [{"key": choice.key, "label": choice.label} for choice in column.choices],
    }
