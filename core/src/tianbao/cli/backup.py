"""``tianbao backup`` and ``tianbao restore``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tianbao.cli.common import session

if TYPE_CHECKING:
    from tianbao.operations.backup import Backup

_FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@_FILE
@click.pass_context
def backup(ctx: click.Context, file: Path) -> None:
    """Write all there is to FILE, while the system is served.

    FILE is one SQLite file, also where the database is PostgreSQL; FILE.sha256 beside it is for `sha256sum -c`. All
    that schools filed is in it: keep it where only you can read it, or encrypt it.
    """
    from tianbao.operations import backup as backups  # noqa: PLC0415 -- brings the database along

    _tell("Backed up", backups.take(session(ctx).app, file))


@click.command()
@_FILE
@click.pass_context
def restore(ctx: click.Context, file: Path) -> None:
    """Put a backup into the database of the settings, which must be empty.

    Messages that waited when it was taken are held back: look at 寄信紀錄, then let them go on there.
    """
    from tianbao.operations import backup as backups  # noqa: PLC0415 -- brings the database along
    from tianbao.storage import Store  # noqa: PLC0415 -- the same

    here = session(ctx)
    store = Store(here.settings.database_url)
    try:
        _tell("Restored", backups.put_back(file, store, here.clock.now()))
    finally:
        store.close()


def _tell(what: str, done: "Backup") -> None:
    found = done.contents
    click.echo(
        f"{what}: {found.filings:,} filings of {found.units:,} units, {found.accounts:,} accounts, "
        f"{found.trail.entries:,} entries of the trail.\nSHA-256 {done.sha256}\nTrail's head {found.trail.head}"
    )
