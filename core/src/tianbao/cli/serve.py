"""``tianbao serve`` and ``tianbao demo``."""

import click

from tianbao.cli.common import session

_FRONT_END = click.option("--front-end", default="web", show_default=True, help="Which front end to serve.")
_HOST = click.option("--host", help="Address to listen on [default: from the settings].")
_PORT = click.option("--port", type=int, help="Port to listen on [default: from the settings].")


@click.command()
@_FRONT_END
@_HOST
@_PORT
@click.pass_context
def serve(ctx: click.Context, front_end: str, host: str | None, port: int | None) -> None:
    """Serve a front end until stopped."""
    here = session(ctx)
    app = here.app
    app.plugins.front_end(front_end).serve(app, host or app.settings.host, port or app.settings.port)
