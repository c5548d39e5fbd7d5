"""``tianbao plugins``: what is loaded, from where, and which hooks each implements."""

import click
from rich.table import Table

from tianbao.cli.common import console, session
from tianbao.errors import PluginError


@click.command()
@click.pass_context
def plugins(ctx: click.Context) -> None:
    """List the plugins: name, version, origin, hooks; those that cannot be used with their error."""
    loaded = session(ctx).plugins
    conflict = ""
    try:
        _ = loaded.templates  # ask once, so that a plugin whose hook fails is reported here too
    except PluginError as error:
        conflict = str(error)
    table = Table("Name", "Version", "From", "Hooks", box=None)
    for info in loaded.infos:
        table.add_row(
            info.name,
            info.version,
            info.origin,
            info.error or ", ".join(info.hooks) or "-",
            style="red" if info.error else None,
        )
    console().print(table)
    if conflict:
        click.echo(f"Error: {conflict}", err=True)
    ctx.exit(1 if conflict or any(info.error for info in loaded.infos) else 0)
