"""``tianbao template diff``: what changed between two templates, in plain words."""

import click
from rich.text import Text

from tianbao.cli.common import console, session
from tianbao.templates.difference import section


@click.command()
@click.argument("old")
@click.argument("new")
@click.pass_context
def diff(ctx: click.Context, old: str, new: str) -> None:
    """Say in plain words what changed from template OLD to NEW (這份表格改了什麼)."""
    here, out = session(ctx), console()
    changes = section(here.template(old), here.template(new))
    for paragraph in changes.paragraphs:
        out.print(Text(paragraph))
    sheet = ""
    for about, says in changes.rows:
        if about != sheet:
            out.print(Text(f"\n{about}", style="bold"))
            sheet = about
        out.print(Text(f"  • {says}"))
