"""Statistics, in the language of the pages' addresses; see the guide to statistics."""

import io
import re
from typing import TypedDict

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from tianbao.accounts.policy import Action
from tianbao.bootstrap import App
from tianbao.records import bad_parameter, exporters
from tianbao.statistics import Choices, Query, ResultData, answer, as_data, choices, export, published, read_parameters
from tianbao.statistics import tables as all_tables
from tianbao_web_litestar.errors import not_found
from tianbao_web_litestar.file_names import attachment, dated
from tianbao_web_litestar.visits import Visit

SEE = {"action": Action.SEE_STATISTICS}
HIDE_UNDER = "hide_under"
"""For publication: counts under this are hidden; no part of the query."""


class ChoiceData(TypedDict):
    """Something that can be chosen."""

    key: int | str
    label: str


class FilterData(TypedDict):
    """A filter by the codes of a column."""

    name: str
    heading: str
    choices: list[ChoiceData]


class TableData(TypedDict):
    """A table, and what can be chosen of it."""

    name: str
    title: str
    measures: list[ChoiceData]
    readings: list[ChoiceData]
    sexes: list[ChoiceData]
    by: list[ChoiceData]
    filters: list[FilterData]


@get("/statistics/{kind:str}/tables", opt=SEE, sync_to_thread=True)
def tables(request: Visit, kind: FromPath[str], core: NamedDependency[App]) -> list[TableData]:
    """The tables of ``case`` or ``service``, and what can be chosen of each."""
    found = all_tables(core.plugins.templates.values(), kind)
    return [_table(choices(core, request.user, Query(kind=kind, table=name))) for name in found]


@get("/statistics/{kind:str}", opt=SEE, sync_to_thread=True)
def figures(request: Visit, kind: FromPath[str], core: NamedDependency[App]) -> ResultData:
    """A table; with ``hide_under`` as it may be published."""
    query, hide_under = _asked(request, kind)
    result = answer(core, request.user, query)
    return as_data(published(result, hide_under) if hide_under else result)


@get("/statistics/{kind:str}/download/{way:str}", opt=SEE, sync_to_thread=True)
def download(request: Visit, kind: FromPath[str], way: FromPath[str], core: NamedDependency[App]) -> Response[bytes]:
    """The same table as a file: ``xlsx``, ``csv``, ``json``, or what else is installed."""
    exporter = exporters(core.plugins).get(f".{way}")
    if exporter is None:
        raise not_found()
    query, hide_under = _asked(request, kind)
    file = io.BytesIO()
    result = export(core, request.user, query, exporter, file, hide_under)
    headers = attachment(dated(result.title, result.as_of, exporter.suffix))
    return Response(file.getvalue(), media_type=exporter.media_type, headers=headers)


def _asked(request: Visit, kind: str) -> tuple[Query, int]:
    """The query in an address, and under what is hidden.

    Raises:
        Refusal: the address makes no sense.
    """
    known = {name: request.query_params.getall(name) for name in request.query_params}
    texts = known.pop(HIDE_UNDER, ["0"])
    if len(texts) != 1 or not re.fullmatch(r"\d{1,3}", texts[0], re.ASCII):
        raise bad_parameter(HIDE_UNDER, "要是 0 到 999 的整數", "例如 3：小於 3 的數字不公布。")
    return read_parameters(kind, known), int(texts[0])


def _table(found: Choices) -> TableData:
    return {
        "name": found.table.name,
        "title": found.table.called,
        "measures": [{"key": each.value, "label": each.label} for each in found.measures],
        "readings": [{"key": each.key, "label": each.label} for each in found.readings],
        "sexes": [{"key": each.value, "label": each.label} for each in found.sexes],
        "by": [{"key": each.value, "label": each.label} for each in found.by],
        "filters": [
            {
                "name": offer.name,
                "heading": offer.heading,
                "choices": [{"key": choice.key, "label": choice.label} for choice in offer.choices],
            }
            for offer in found.filters
        ],
    }
