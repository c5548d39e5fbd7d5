"""``tianbao db``: the database's schema."""

import click

from tianbao.cli.common import session


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
@click.pass_context
def upgrade(ctx: click.Context) -> None:
    """Bring the database to this version's schema; changes nothing where it is there already."""
    from tianbao.storage.migrate import upgrade as run  # noqa: PLC0415 -- heavy

    url = session(ctx).settings.database_url
    run(url)
    click.echo("The database is up to date.")
