"""``tianbao template``: what templates there are; blanks, examples, the guide."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from tianbao.cli.common import console, session
from tianbao.cli.template_diff import diff
from tianbao.documents import Document
from tianbao.templates import guide, layout


@click.group()
def template() -> None:
    """List templates; write blanks and examples."""


template.add_command(diff)


@template.command("list")
@click.pass_context
def list_templates(ctx: click.Context) -> None:
    """List the templates and the months they serve."""
    table = Table("Key", "Name", "Serves", "Sheets", "Fingerprint", box=None)
    for each in session(ctx).plugins.templates.values():
        table.add_row(
            each.key, each.name, each.serves.spoken, "、".join(sheet.name for sheet in each.sheets), each.fingerprint
        )
    console().print(table)


def _write(ctx: click.Context, document: Document, target: Path) -> None:
    writer = session(ctx).writer_of(target)
    with target.open("wb") as file:
        writer.write(document, file)
    click.echo(f"Wrote {target}", err=True)


_OUTPUT = click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write (.xlsx)."
)


@template.command()
@click.argument("key")
@_OUTPUT
@click.pass_context
def blank(ctx: click.Context, key: str, output: Path) -> None:
    """Write the blank workbook (空白表格) of template KEY."""
    _write(ctx, layout.blank(session(ctx).template(key)), output)


@template.command()
@click.argument("key")
@_OUTPUT
@click.pass_context
def example(ctx: click.Context, key: str, output: Path) -> None:
    """Write the filled example (填報範例) of template KEY; it is refused when it comes back."""
    _write(ctx, layout.example(session(ctx).template(key)), output)


@template.command()
@click.argument("key")
@click.pass_context
def show(ctx: click.Context, key: str) -> None:
    """Print the guide (填報說明) of template KEY."""
    out = Console(width=None if sys.stdout.isatty() else 100)
    for section in guide.sections(session(ctx).template(key)):
        out.rule(section.title, align="left")
        for paragraph in section.paragraphs:
            out.print(paragraph)
        if section.headings:
            out.print(_table(section.headings, section.rows))


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(*headings, box=None)
    for row in rows:
        table.add_row(*row)
    return table
