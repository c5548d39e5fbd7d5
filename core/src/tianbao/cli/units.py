"""``tianbao units``: keep the register, for an operator on the server; who did it stands in the audit trail by name."""

import getpass
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from tianbao.cli.common import PeriodType, console, session, stop
from tianbao.errors import Refusal
from tianbao.periods import Period
from tianbao.records import Operator
from tianbao.register import Change, Kind, Plan, carry_out, look, read_list
from tianbao.units import Level

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_LISTED = 20
"""So many units of each kind are named; --all names every one."""


@click.group()
def units() -> None:
    """Keep the unit register (單位名錄)."""


@units.command("import")
@click.argument("file", type=_FILE)
@click.option("--level", type=click.Choice([level.value for level in Level]), help="Else the file's name tells it.")
@click.option("--since", type=PeriodType(), help="First month that new units must file [default: the current period].")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--sure", is_flag=True, help="Also take a list that looks wrong, such as one that closes many units.")
@click.option("--all", "every", is_flag=True, help=f"Name every unit, not the first {_LISTED} of each kind.")
@click.pass_context
def import_list(
    ctx: click.Context, file: Path, level: str | None, since: Period | None, *, dry_run: bool, sure: bool, every: bool
) -> None:
    """Take a full list of one level: a list of schools as the Ministry publishes it, or one of counselling centres."""
    app, operator = session(ctx).app, Operator(getpass.getuser())
    try:
        listed = read_list(app, file.read_bytes(), file.name, Level(level) if level else None)
        made = look(app, operator, listed, since)
        try:
            if not dry_run:
                carry_out(app, operator, listed, since, seen=made.digest, sure=sure)
        finally:  # said only now: a reader that hangs up, such as head, must not keep it from being done
            _print(made, most=None if every else _LISTED)
    except Refusal as refusal:
        sure_of_it = " Where it is right, add --sure." if refusal.code == "list-doubtful" else ""
        stop(f"{refusal.message}{refusal.remedy}{sure_of_it}")
    click.echo("Nothing was changed (--dry-run)." if dry_run else f"Done: {len(made.changes):,} units changed.")


def _print(made: Plan, most: int | None) -> None:
    out, listed = console(), made.listed
    year = f"{listed.year}學年度" if listed.year else "未註明學年度"
    out.print(f"{listed.level.label}名錄（{year}）：{len(listed.units):,} 個單位")
    for says in (*listed.notes, *(f"！{doubt.says}" for doubt in made.doubts)):
        out.print(escape(says))
    counts = {kind.label: made.counts.get(kind, 0) for kind in Kind} | {
        "不變": made.unchanged,
        "不在這類名錄": len(made.beyond),
    }
    table = Table(*counts, box=None)
    table.add_row(*(f"{number:,}" for number in counts.values()))
    out.print(table)
    for kind in made.counts:
        for line in _lines(kind, made.of(kind), most):
            out.print(escape(line))


def _lines(kind: Kind, changes: Sequence[Change], most: int | None) -> Iterator[str]:
    for change in changes[:most]:
        yield f"{kind.label}　{change.after.code}　{change.after.name}（{change.after.county}）{_said(kind, change)}"
    if most and len(changes) > most:
        yield f"{kind.label}　……另有 {len(changes) - most:,} 個"


def _said(kind: Kind, change: Change) -> str:
    """What a line adds to the unit's name."""
    before, after = change.before, change.after
    if kind in (Kind.CLOSED, Kind.REOPENED):
        return f"，應填月份：{after.active.spoken}"
    if before and kind is Kind.RENAMED:
        return f"，原名{before.name}"
    if before and kind is Kind.MOVED:
        return f"，原屬{before.county}"
    return ""
