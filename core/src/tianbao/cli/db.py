"""``tianbao db``: the database's schema."""

import click

from tianbao.cli.common import session
from tianbao.storage import Store


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
@click.pass_context
def upgrade(ctx: click.Context) -> None:
    """Bring the database to this version's schema; changes nothing where it is there already."""
    store = Store(session(ctx).settings.database_url)
    store.upgrade()
    store.close()
    click.echo("The database is up to date.")
