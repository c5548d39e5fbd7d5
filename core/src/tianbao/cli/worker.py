"""``tianbao worker``."""

import signal
from types import FrameType

import click

from tianbao.cli.common import session, stop
from tianbao.operations import logs


@click.command()
@click.option("--once", is_flag=True, help="Deliver what is due, then end (for cron).")
@click.pass_context
def worker(ctx: click.Context, *, once: bool) -> None:
    """Queue the reminders that are due, and deliver messages, until stopped; beside `tianbao serve` or without it."""
    from tianbao.delivery import DeliveryLoop  # noqa: PLC0415 -- heavy
    from tianbao.reminders.loop import TickLoop  # noqa: PLC0415 -- heavy

    here = session(ctx)
    logs.set_up(here.settings.logs)
    loop = DeliveryLoop(here.app)
    ticks = TickLoop(here.app, loop.wake)
    if not loop.worker.channels:
        stop("No notification channel is configured. Set [notify_email] host and sender; see docs/mail.md.")
    if once:
        ticks.once()
        while loop.worker.deliver_due():
            pass
        return

    def end(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)  # who asks twice does not want to wait for the message under way
        loop.stop(patience=0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    click.echo(f"Delivering by {', '.join(loop.worker.channels)}; stop with Ctrl+C.")
    with ticks:
        loop.run()
