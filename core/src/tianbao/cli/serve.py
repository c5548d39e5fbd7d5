"""``tianbao serve`` and ``tianbao demo``."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from attrs import evolve
from rich.table import Table

from tianbao.cli.common import console, session
from tianbao.delivery import DeliveryLoop
from tianbao.demo import PASSWORD, SignIn, fill
from tianbao.operations import logs
from tianbao.reminders.loop import TickLoop

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
    logs.set_up(here.settings.logs)
    app = here.app
    with DeliveryLoop(app) as delivery, TickLoop(app, delivery.wake):
        app.plugins.front_end(front_end).serve(app, host or app.settings.host, port or app.settings.port)


@click.command()
@_FRONT_END
@_HOST
@_PORT
@click.option("--schools", type=click.IntRange(min=0), help="So many of the real elementary schools [default: all].")
@click.pass_context
def demo(ctx: click.Context, front_end: str, host: str | None, port: int | None, schools: int | None) -> None:
    """Serve a made-up country among the real elementary schools, in a database that is gone when the demo ends."""
    here = session(ctx)
    with TemporaryDirectory(prefix="tianbao-demo-") as folder:
        url = f"sqlite:///{Path(folder) / 'demo.sqlite3'}"
        host, port = host or here.settings.host, port or here.settings.port
        address = f"http://{host}:{port}"
        here.settings = evolve(here.settings, database_url=url, secure_cookies=False, base_url=address)
        app = evolve(here.app, demo=True)
        with console().status("準備示範資料…") as status:
            sign_ins = fill(app, lambda what: status.update(f"準備示範資料：{what}…"), schools=schools)
        _welcome(f"{address}/", sign_ins)
        with TickLoop(app):
            app.plugins.front_end(front_end).serve(app, host, port)


def _welcome(address: str, sign_ins: Sequence[SignIn]) -> None:
    table = Table("身分", "單位", "帳號", "密碼", box=None)
    for each in sign_ins:
        table.add_row(each.role, each.where, each.login, PASSWORD)
    out = console()
    out.print(f"\n示範網址：{address}\n")
    out.print(table)
    out.print("\n按 Ctrl+C 結束；示範資料會一併清除。\n")
