"""``tianbao doctor``."""

import json

import click
from attrs import asdict
from rich.markup import escape
from rich.table import Table

from tianbao.cli.common import console, session

_SHOWN = {0: ("✓", "green"), 1: ("!", "yellow"), 2: ("✗", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one object a line, for programs.")
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Examine settings, plugins, workbooks, database, mail, calendar and people; say what to do.

    Exit status 0: well, or weak in places; 1: something is ill. It follows the whole audit trail and counts all rows,
    which takes minutes where there are ten years of them, and changes nothing.
    """
    from tianbao.operations import doctor as doctors  # noqa: PLC0415 -- brings the database along
    from tianbao.operations.signs import Health, worst  # noqa: PLC0415 -- the same

    here = session(ctx)
    signs = []
    for sign in doctors.examine(doctors.Patient(here.settings, here.plugins, here.clock)):
        signs.append(sign)
        if as_json:
            click.echo(json.dumps({**asdict(sign), "health": sign.health.name.lower()}, ensure_ascii=False))
    if not as_json:
        table = Table("", "Part", "Found", "What to do", box=None)
        for sign in signs:
            mark, colour = _SHOWN[sign.health]
            table.add_row(
                mark, sign.part, escape(sign.says), escape(sign.remedy), style=colour if sign.health else None
            )
        console().print(table)
    ctx.exit(int(worst(signs) is Health.ILL))
