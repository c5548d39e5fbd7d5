"""The command line. Commands are imported when they are called, so that help answers at once."""

from collections.abc import Mapping
from importlib import import_module

import click

COMMANDS: Mapping[str, tuple[str, str]] = {
    "check": ("tianbao.cli.check:check", "Check a filled workbook; sends and stores nothing."),
    "db": ("tianbao.cli.db:db", "Look after the database."),
    "demo": ("tianbao.cli.serve:demo", "Serve a small made-up country to try things out."),
    "plugins": ("tianbao.cli.plugins:plugins", "List the plugins, where they come from and what they do."),
    "serve": ("tianbao.cli.serve:serve", "Serve a front end."),
    "template": ("tianbao.cli.template:template", "List templates; write blanks and examples."),
}
"""Each command's place and one-line help: `tianbao --help` must not import them all."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tianbao")
@click.option("--settings", type=click.Path(exists=True, dir_okay=False), help="Settings file [default: tianbao.toml].")
@click.option("--today", metavar="YYYY-MM-DD", help="Let time stand on this day (for rehearsals and demos).")
@click.pass_context
def main(ctx: click.Context, settings: str | None, today: str | None) -> None:
    """Tianbao (填報): hand out, check and file the monthly counselling returns of schools."""
    ctx.obj = {"settings": settings, "today": today}
