"""``tianbao letters``: the official letters of the 16th, for an operator on the server.

Whoever may run this may read the database file, too; so it asks for no account. What was made is written to the audit
trail under the name of the operating system's user.
"""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from tianbao.cli.common import PeriodType, console, session, stop
from tianbao.cli.days import DayType
from tianbao.errors import Refusal
from tianbao.operations.unfinished import unfinished
from tianbao.periods import Period


@click.command()
@click.argument("period", type=PeriodType())
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the zip; it is made where there is none.",
)
@click.option(
    "--on",
    "day",
    type=DayType(),
    help="As it was at the end of this day [default: now].",
)
@click.pass_context
def letters(ctx: click.Context, period: Period, folder: Path, day: date | None) -> None:
    """Make the letters about who has not filed PERIOD (YYYY-MM), per county and for the agency, in one zip."""
    from tianbao.letters import make  # noqa: PLC0415 -- heavy
    from tianbao.records import Operator  # noqa: PLC0415 -- the same

    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{period.spoken}稽催函.zip"
    operator = Operator(getpass.getuser())
    try:
        with unfinished(target) as part:  # half a zip looks like a whole one
            with part.open("wb") as file, _watched() as told:
                made = make(session(ctx).app, operator, period, file, day, told)
            part.replace(target)
    except Refusal as refusal:
        stop(str(refusal))
    for dossier in made.letters:
        click.echo(f"{dossier.name}：{len(dossier.listed):,} 個單位")
    if made.clear:
        click.echo(f"全數完成，沒有函文：{'、'.join(each.name for each in made.clear)}")
    click.echo(f"Wrote {target}: {len(made.letters):,} letters, {made.units:,} units", err=True)


@contextmanager
def _watched() -> "Iterator[_Bar]":
    """A bar where a person watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    out = console()
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as progress:
        yield _Bar(progress)


class _Bar:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("…", total=None)

    def __call__(self, done: int, total: int, name: str) -> None:
        self._progress.update(self._task, completed=done, total=total, description=name or "完成")
