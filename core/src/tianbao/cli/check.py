"""``tianbao check``: check a workbook offline; works without any server or database."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.text import Text

from tianbao.checking import Folded, Verdict, as_data, fold, marked, refusal_as_data
from tianbao.cli.common import NOT_CHECKABLE, PeriodType, Session, console, session, stop
from tianbao.errors import Refusal
from tianbao.filings import check_data
from tianbao.periods import Period
from tianbao.units import Level

_STYLES = {"missing": "black on yellow", "invalid": "white on red", "hint": "cyan"}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--template", "key", metavar="KEY", help="Check against this template, else the workbook's own.")
@click.option("--period", type=PeriodType(), help="The month it is for; chooses the template too.")
@click.option("--level", type=click.Choice([level.value for level in Level]), help="The level of the unit.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--marked",
    "marked_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the marked .xlsx workbook.",
)
@click.pass_context
def check(
    ctx: click.Context,
    file: Path,
    key: str | None,
    period: Period | None,
    level: str | None,
    *,
    as_json: bool,
    marked_file: Path | None,
) -> None:
    """Check FILE. Exit status: 0 clean, 1 findings, 2 not checkable."""
    here = session(ctx)
    if marked_file:
        here.writer_of(marked_file)
        if marked_file.exists() and marked_file.samefile(file):
            stop(f"--marked {marked_file} is the file to be checked; name another, so that it stays as it is.")
    wanted = here.template(key).key if key else None
    try:
        with _progress(file, quiet=as_json) as step:
            step("逐格檢核")
            data = _read(file, here.settings.limits.bytes)
            _, verdict = check_data(
                here.plugins,
                here.settings.limits,
                data,
                template_key=wanted,
                period=period,
                level=Level(level) if level else None,
            )
            if marked_file:
                step("製作標示檔")
                _write_marked(here, verdict, marked_file)
    except Refusal as refusal:
        _print_refusal(refusal, period, as_json=as_json)
        sys.exit(NOT_CHECKABLE)
    if as_json:
        click.echo(json.dumps(as_data(verdict), ensure_ascii=False))
    else:
        _print(verdict)
    sys.exit(0 if verdict.accepted else 1)


def _read(file: Path, at_most: int) -> bytes:
    """The file's bytes, but never many more than will be taken."""
    with file.open("rb") as source:
        return source.read(at_most + 1)


def _write_marked(here: Session, verdict: Verdict, target: Path) -> None:
    with target.open("wb") as file:
        here.writer_of(target).write(marked(verdict), file)


@contextmanager
def _progress(file: Path, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A spinner that names the step, where a person watches."""
    watched = Console(stderr=True)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        console=watched,
        transient=True,
        disable=quiet or not watched.is_terminal,
    ) as progress:
        task = progress.add_task(file.name, total=None)
        yield lambda what: progress.update(task, description=f"{file.name}：{what}…")


def _print_refusal(refusal: Refusal, period: Period | None, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(refusal_as_data(refusal, period), ensure_ascii=False))
    else:
        out = console()
        out.print(Text("無法檢核：", style="bold red") + Text(refusal.message))
        out.print(Text(refusal.remedy))


def _print(verdict: Verdict) -> None:
    out = console()
    counts = verdict.counts
    out.print(f"{verdict.template.name}：個案 {counts['case']:,} 列、服務 {counts['service']:,} 列")
    for folded in fold(verdict.findings):
        _print_folded(out, folded)
    for folded in fold(verdict.hints):
        _print_folded(out, folded)
    if verdict.accepted:
        out.print(Text("資料無誤，可以填報。", style="bold green"))
    else:
        missing = sum(finding.kind.value == "missing" for finding in verdict.findings)
        wrong = len(verdict.findings) - missing
        out.print(Text(f"缺 {missing:,} 處、誤 {wrong:,} 處，請修正後再填報。", style="bold"))


def _print_folded(out: Console, folded: Folded, cells_at_most: int = 12) -> None:
    first = folded.first
    places = [finding.cell or f"第 {finding.row} 列" for finding in folded.findings if finding.row]
    cells = "、".join(places[:cells_at_most]) + (f"…等 {folded.count:,} 處" if folded.count > cells_at_most else "")
    where = f"{first.sheet}!{cells}" if cells else first.sheet
    column = f"「{first.column}」" if first.column else ""
    out.print(
        Text(f" {first.kind.label} ", style=_STYLES[first.kind.value]) + Text(f" {where} {column}{first.message}")
    )
