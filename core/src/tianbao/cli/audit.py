"""``tianbao audit``: is the trail whole; let go of what has been kept long enough."""

import click

from tianbao.cli.common import session


@click.group()
def audit() -> None:
    """Look after the audit trail."""


@audit.command()
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Follow the whole chain; status 1 where an entry was changed, taken out or put in."""
    with session(ctx).app.store.read() as work:
        found = work.audit.verify()
    if found.broken is not None:
        click.echo(f"Broken at entry {found.broken}: it, or one before it, is not what it was.")
        ctx.exit(1)
    click.echo(f"{found.entries:,} entries, unbroken.\nHead {found.head}")


@audit.command()
@click.pass_context
def shorten(ctx: click.Context) -> None:
    """Delete entries older than the setting audit_years; the chain goes on from there. `tianbao serve` does it, too."""
    from tianbao.trail import shorten as let_go  # noqa: PLC0415 -- brings the database along

    app = session(ctx).app
    click.echo(f"{sum(iter(lambda: let_go(app), 0)):,} entries deleted.")
