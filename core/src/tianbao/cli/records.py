"""``tianbao records``: find and download records (填報紀錄), for an operator on the server.

Whoever may run this may read the database file, too; so it asks for no account. What is looked at is written to the
audit trail without an account, under the name of the operating system's user.
"""

import getpass
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from tianbao.cli.common import console, session, stop
from tianbao.errors import Refusal
from tianbao.records import Operator, Page, Query, columns_for, export, exporters, page, read_parameters, said

_FILE = click.Path(dir_okay=False, path_type=Path)
_LIST = " Several with commas, or the option several times."


@click.group()
def records() -> None:
    """Find and download records (填報紀錄): every look is on the audit trail."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """The query's parameters, named as in an address."""
    for option in (
        click.option("--columns", "-c", multiple=True, metavar="NAME,…", help="What to show, in this order." + _LIST),
        click.option("--where", "-w", multiple=True, metavar="FILTER", help='Such as "main_issue any 5,1".'),
        click.option("--period", metavar="FROM..TO", help="Months, such as 2024-09..2025-01; an end may be open."),
        click.option("--school-year", multiple=True, metavar="YEAR", help="In ROC years, such as 113." + _LIST),
        click.option("--unit", multiple=True, metavar="CODE", help="Such as 074501, or 074501-j." + _LIST),
        click.option("--county", multiple=True, metavar="NAME", help="Such as 彰化縣." + _LIST),
        click.option("--level", multiple=True, metavar="LEVEL", help="elementary, junior_high, senior_high, centre."),
        click.option("--search", metavar="WORDS", help="Words that all occur in a text, a name or a label of the row."),
        click.option("--sort", multiple=True, metavar="NAME,…", help="By these columns; -NAME from large to small."),
        click.option("--size", type=int, help="Rows to print [default: 50]."),
        click.option(
            "-o",
            "--output",
            type=click.Path(dir_okay=False, path_type=Path),
            help=".xlsx, .ods, .csv, .json: all rows.",
        ),
        click.option("--list-columns", is_flag=True, help="List the columns there are, and leave."),
    ):
        command = option(command)
    return click.pass_context(command)


_EPILOG = (
    "A filter is a column, an operator and its value; a second condition may follow after `and` or `or`. Operators: "
    "has, lacks, is, not, starts, gt, lt, between A,B, any A,B,…, blank, filled (or their names: 包含, 任一 …). "
    "Values with blanks or commas stand in double quotation marks."
)


@records.command(epilog=_EPILOG)
@_options
def case(ctx: click.Context, **parameters: Any) -> None:  # noqa: ANN401 -- click's options
    """歷史個案: rows of cases."""
    _answer(ctx, "case", **parameters)


@records.command(epilog=_EPILOG)
@_options
def service(ctx: click.Context, **parameters: Any) -> None:  # noqa: ANN401 -- click's options
    """歷史服務: rows of services."""
    _answer(ctx, "service", **parameters)


def _answer(
    ctx: click.Context,
    kind: str,
    output: Path | None,
    *,
    list_columns: bool,
    **parameters: Any,  # noqa: ANN401 -- click's options
) -> None:
    try:
        query = read_parameters(kind, _as_in_an_address(parameters))
        if list_columns:
            _list_columns(ctx, query)
        elif output:
            _write(ctx, query, output)
        else:
            _print(page(session(ctx).app, _operator(), query))
    except Refusal as refusal:
        stop(str(refusal))


def _as_in_an_address(parameters: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    given = {name: value for name, value in parameters.items() if value not in {None, ()}}
    return {name: value if isinstance(value, tuple) else [str(value)] for name, value in given.items()}


def _operator() -> Operator:
    return Operator(getpass.getuser())


def _list_columns(ctx: click.Context, query: Query) -> None:
    table = Table("Name", "Heading", "Kind", "Choices", box=None)
    for column in columns_for(session(ctx).app, query).values():
        table.add_row(column.name, column.heading, column.kind, "、".join(each.label for each in column.choices))
    console().print(table)


def _write(ctx: click.Context, query: Query, output: Path) -> None:
    app = session(ctx).app
    ways = exporters(app.plugins)
    exporter = ways.get(output.suffix.lower())
    if exporter is None:
        stop(f"{output}: no exporter writes {output.suffix or 'a file without a suffix'}; there is {', '.join(ways)}.")
    out = console()
    try:
        with output.open("wb") as file, out.status("…") as status:
            rows = export(app, _operator(), query, exporter, file, lambda done: status.update(f"{done:,} 筆…"))
    except BaseException:
        output.unlink(missing_ok=True)  # half a file looks like a whole one
        raise
    click.echo(f"Wrote {output}: {rows:,} rows", err=True)


def _print(found: Page) -> None:
    table = Table(*(column.heading for column in found.columns), box=None)
    for row in found.rows:
        table.add_row(*(_harmless(said(cell)) for cell in row.cells))
    out = console()
    out.print(table)
    out.print(found.count.spoken)


def _harmless(text: str) -> Text:
    """What stands in a cell must not steer the terminal, nor be taken for rich's markup."""
    return Text("".join(letter if letter.isprintable() else "�" for letter in text))
