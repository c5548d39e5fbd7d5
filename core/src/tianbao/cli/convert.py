"""``tianbao convert``: carry a filled workbook over to another template; works without any server or database."""

import sys
from pathlib import Path

import click
from rich.text import Text

from tianbao.carrying import Conversion, convert
from tianbao.checking import check, choose
from tianbao.cli.common import NOT_CHECKABLE, PeriodType, Session, console, session, stop
from tianbao.errors import Refusal
from tianbao.periods import Period
from tianbao.templates import layout

_CELLS_AT_MOST = 12


@click.command("convert")
@click.argument("file", metavar="OLD", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "key", required=True, metavar="KEY", help="The template wanted.")
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write (.xlsx)."
)
@click.option("--period", type=PeriodType(), help="The month it is for, for the titles.")
@click.pass_context
def convert_command(ctx: click.Context, file: Path, key: str, output: Path, period: Period | None) -> None:
    """Carry the workbook OLD over to another template, and list what could not be carried.

    Exit status: 0 written, 2 not convertible.
    """
    here = session(ctx)
    if output.exists() and output.samefile(file):
        stop("the output would replace OLD; name another file.")
    try:
        conversion = _converted(here, file, key)
    except Refusal as refusal:
        console().print(Text("無法轉換：", style="bold red") + Text(str(refusal)))
        sys.exit(NOT_CHECKABLE)
    writer = here.plugins.writer(output.suffix.lower() or ".xlsx")
    with output.open("wb") as target:
        writer.write(layout.blank(conversion.template, period=period, rows=conversion.rows), target)
    _print(conversion)
    click.echo(f"Wrote {output}", err=True)


def _converted(here: Session, file: Path, key: str) -> Conversion:
    target, limits = here.template(key), here.settings.limits
    with file.open("rb") as source:
        workbook = here.plugins.read_workbook(source.read(limits.bytes + 1), limits)
    found = choose(workbook, here.plugins.templates)
    if found.key == target.key:
        stop(f"OLD is a workbook of template {key!r} already; nothing to convert.")
    return convert(check(workbook, found), target)


def _print(conversion: Conversion) -> None:
    out = console()
    counts = {kind: len(rows) for kind, rows in conversion.rows.items()}
    out.print(
        f"已轉為{conversion.template.name}：個案 {counts.get('case', 0):,} 列、服務 {counts.get('service', 0):,} 列"
    )
    for remark in conversion.remarks:
        cells = "、".join(remark.cells[:_CELLS_AT_MOST])
        more = f"…等 {len(remark.cells):,} 格" if len(remark.cells) > _CELLS_AT_MOST else ""
        where = f"{remark.sheet}!{cells}{more}" if cells else remark.sheet
        heading = f"「{remark.heading}」" if remark.heading else ""
        out.print(Text(f" {remark.kind.label} ", style="bold") + Text(f" {where} {heading}{remark.says}"))
    if not conversion.remarks:
        out.print(Text("全部內容都已帶入。", style="bold green"))
