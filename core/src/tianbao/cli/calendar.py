"""``tianbao calendar``: keep Taiwan's official days, for an operator on the server."""

import getpass
from datetime import date
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from tianbao.calendar.published import read_published
from tianbao.calendar.workdays import Day, calculated
from tianbao.cli.common import console, session, stop
from tianbao.errors import Refusal
from tianbao.periods import YEARS
from tianbao.records import Operator
from tianbao.reminders.days import import_published, year_of

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def calendar() -> None:
    """Keep the official days off and working days (假日)."""


@calendar.command("import")
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Say what differs from the calculated calendar, and change nothing.")
@click.pass_context
def import_file(ctx: click.Context, file: Path, *, dry_run: bool) -> None:
    """Take a year's official calendar, the CSV file published by 行政院人事行政總處."""
    try:
        published = read_published(file.read_bytes())
        for day in published.other:
            console().print(f"{day.day}：{_kind(day)}（推算為{_kind(calculated(day.day))}）{escape(day.note)}")
        if not dry_run:
            import_published(session(ctx).app, Operator(getpass.getuser()), published)
    except Refusal as refusal:
        stop(str(refusal))
    done = "Nothing was changed (--dry-run)." if dry_run else "Done."
    click.echo(f"{published.year}: {len(published.other)} days differ from the calculated calendar. {done}")


@calendar.command("show")
@click.argument("year", type=click.IntRange(YEARS[0], YEARS[-1]), default=None, required=False)
@click.pass_context
def show(ctx: click.Context, year: int | None) -> None:
    """List a year's days off on weekdays, make-up Saturdays, and what was entered [default: this year]."""
    here = session(ctx)
    found = year_of(here.app, Operator(getpass.getuser()), year or here.clock.now().year)
    table = Table("日期", "", "說明", "來源", box=None)
    for day in found.days:
        table.add_row(_day(day.day), _kind(day), escape(day.note), day.source.label)
    console().print(table)


def _day(day: date) -> str:
    return f"{day}（{'一二三四五六日'[day.weekday()]}）"


def _kind(day: Day) -> str:
    return "上班" if day.working else "放假"
