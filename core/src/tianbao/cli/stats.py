"""``tianbao stats``: statistics (統計查詢) for an operator on the server; see `tianbao.cli.records` for who that is."""

import getpass
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from tianbao.cli.common import console, session, stop
from tianbao.clock import spoken_moment
from tianbao.errors import Refusal
from tianbao.records import Operator, bad_parameter, exporters
from tianbao.statistics import (
    HIDDEN,
    MARK,
    PARAMETERS,
    Query,
    Result,
    answer,
    as_data,
    export,
    published,
    read_parameters,
    tables,
)
from tianbao.statistics.refreshing import refresh as refresh_tallies

_LIST = " Several with commas, or the option several times."


@click.group()
def stats() -> None:
    """Count cases and services (統計查詢)."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """The query's parameters, named as in an address."""
    for option in (
        click.option("--table", help="Which table; see `tianbao stats tables`."),
        click.option("--measure", metavar="MEASURE", help="person_times, persons (of cases), rows (of services)."),
        click.option("--year", multiple=True, metavar="YEAR", help="In ROC years, such as 114." + _LIST),
        click.option("--month", multiple=True, metavar="MONTH", help="1 to 12." + _LIST),
        click.option("--school-year", multiple=True, metavar="YEAR", help="In ROC years, such as 113." + _LIST),
        click.option("--layout", metavar="LAYOUT", help="merged (合併) or monthly (逐月)."),
        click.option("--reading", metavar="KEY", help="Of the table's rows (統計類別): both, main, secondary."),
        click.option("--sex", metavar="SEX", help="all, male, female, other, total."),
        click.option("--by", metavar="PLACE", help="Rows for each unit, level or county."),
        click.option("--unit", multiple=True, metavar="CODE", help="Such as 074501, or 074501-j." + _LIST),
        click.option("--county", multiple=True, metavar="NAME", help="Such as 彰化縣." + _LIST),
        click.option("--level", multiple=True, metavar="LEVEL", help="elementary, junior_high, senior_high, centre."),
        click.option("--only", "-f", multiple=True, metavar="COLUMN=CODE,…", help="A filter, such as grade=7,8,9."),
        click.option(
            "--hide-under", type=click.IntRange(0), default=0, metavar="N", help="For publication: hide counts under N."
        ),
        click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help=".xlsx, .csv or .json."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON, as the API gives it."),
    ):
        command = option(command)
    return click.pass_context(command)


@stats.command()
@_options
def case(ctx: click.Context, **parameters: Any) -> None:  # noqa: ANN401 -- click's options
    """學校個案成果: statistics of cases."""
    _answer(ctx, "case", **parameters)


@stats.command()
@_options
def service(ctx: click.Context, **parameters: Any) -> None:  # noqa: ANN401 -- click's options
    """學校服務成果: statistics of services."""
    _answer(ctx, "service", **parameters)


@stats.command(name="tables")
@click.pass_context
def list_tables(ctx: click.Context) -> None:
    """List the tables and what each can be filtered by."""
    table = Table("Kind", "Table", "Title", "Measures", "Readings", "Filters", box=None)
    templates = session(ctx).plugins.templates.values()
    for kind in ("case", "service"):
        for name, each in tables(templates, kind).items():
            readings = ", ".join(reading.key for reading in each.rows if reading.key)
            table.add_row(kind, name, each.called, ", ".join(each.measures), readings, ", ".join(each.filters))
    console().print(table)


@stats.command()
@click.option("--all", "everything", is_flag=True, help="Trust no tally any more, and count all of them anew.")
@click.pass_context
def refresh(ctx: click.Context, *, everything: bool) -> None:
    """Recount stale tallies, so that the next questions are answered at once; figures are right without it, too."""
    app = session(ctx).app
    if everything:
        with app.store.work() as work:
            work.tallies.mark_all()
    out = console()
    with out.status("…") as status:
        done = refresh_tallies(app, lambda each: status.update(f"{each.period} {each.place}"))
    click.echo(f"Recounted {done:,} tallies", err=True)


def _answer(
    ctx: click.Context,
    kind: str,
    output: Path | None,
    hide_under: int,
    only: Sequence[str],
    *,
    as_json: bool,
    **parameters: Any,  # noqa: ANN401 -- click's options
) -> None:
    try:
        query = read_parameters(kind, {**_as_in_an_address(parameters), **_filters(only)})
        if output:
            _write(ctx, query, output, hide_under)
            return
        result = answer(session(ctx).app, _operator(), query)
        result = published(result, hide_under) if hide_under else result
        if as_json:
            click.echo(json.dumps(as_data(result), ensure_ascii=False, indent=2))
        else:
            _print(result)
    except Refusal as refusal:
        stop(str(refusal))


def _as_in_an_address(parameters: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    given = {name: value for name, value in parameters.items() if value not in {None, ()}}
    return {name: value if isinstance(value, tuple) else [value] for name, value in given.items()}


def _filters(only: Sequence[str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for each in only:
        column, _, codes = (part.strip() for part in each.partition("="))
        if column in PARAMETERS:
            raise bad_parameter("only", f"「{column}」不是篩選欄位", f"請改用 --{column.replace('_', '-')}。")
        if not codes:
            raise bad_parameter("only", f"「{each[:40]}」沒有代號", "請寫欄位=代號，如 grade=7,8,9。")
        found.setdefault(column, []).append(codes)
    return found


def _write(ctx: click.Context, query: Query, output: Path, hide_under: int) -> None:
    app = session(ctx).app
    ways = exporters(app.plugins)
    exporter = ways.get(output.suffix.lower())
    if exporter is None:
        stop(f"{output}: no exporter writes {output.suffix or 'a file without a suffix'}; there is {', '.join(ways)}.")
    whole = io.BytesIO()  # nothing is written of what is refused
    export(app, _operator(), query, exporter, whole, hide_under)
    output.write_bytes(whole.getvalue())
    click.echo(f"Wrote {output}", err=True)


def _operator() -> Operator:
    return Operator(getpass.getuser())


def _print(result: Result) -> None:
    out = console()
    out.print(Text(result.title, style="bold"))
    out.print(Text("；".join(f"{label}：{text}" for label, text in result.words)))
    table = Table(*result.headings, box=None)
    for column in table.columns[len(result.rows) :]:
        column.justify = "right"
    for line in result.lines:
        figures = (MARK if figure is HIDDEN else f"{figure:,}" for figure in line.figures)
        table.add_row(*(item.label for item in line.items), *figures, style="bold" if line.total else None)
    out.print(table)
    for text in (result.definition, *result.notes, result.coverage.spoken, f"統計時間：{spoken_moment(result.as_of)}"):
        out.print(Text(text))
