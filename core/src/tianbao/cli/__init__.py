"""The command line. Commands are imported when they are called, so that help answers at once."""

from collections.abc import Mapping
from datetime import date
from importlib import import_module

import click

from tianbao.cli.days import DayType
from tianbao.errors import TianbaoError

COMMANDS: Mapping[str, tuple[str, str]] = {
    "account": ("tianbao.cli.account:account", "Invite people to national roles."),
    "audit": ("tianbao.cli.audit:audit", "Look after the audit trail."),
    "backup": ("tianbao.cli.backup:backup", "Write all there is to a file, while serving."),
    "calendar": ("tianbao.cli.calendar:calendar", "Keep the official days off and working days."),
    "check": ("tianbao.cli.check:check", "Check a filled workbook; sends and stores nothing."),
    "convert": ("tianbao.cli.convert:convert_command", "Carry a filled workbook over to another template."),
    "db": ("tianbao.cli.db:db", "Look after the database."),
    "demo": ("tianbao.cli.serve:demo", "Serve a made-up country to try things out."),
    "doctor": ("tianbao.cli.doctor:doctor", "Examine the installation, and say what to do."),
    "letters": ("tianbao.cli.letters:letters", "Make the official letters of the 16th."),
    "plugins": ("tianbao.cli.plugins:plugins", "List the plugins, where they come from and what they do."),
    "records": ("tianbao.cli.records:records", "Find and download records."),
    "restore": ("tianbao.cli.backup:restore", "Put a backup into an empty database."),
    "remind": ("tianbao.cli.reminders:remind", "Rehearse who would be reminded on a day."),
    "serve": ("tianbao.cli.serve:serve", "Serve a front end."),
    "stats": ("tianbao.cli.stats:stats", "Count cases and services."),
    "template": ("tianbao.cli.template:template", "List templates; write blanks and examples."),
    "tick": ("tianbao.cli.reminders:tick", "Queue the reminders that are due."),
    "units": ("tianbao.cli.units:units", "Keep the unit register: import the Ministry's school lists."),
    "worker": ("tianbao.cli.worker:worker", "Deliver queued messages, without a front end."),
}
"""Each command's place and one-line help: `tianbao --help` must not import them all."""


class _NotDoneError(click.ClickException):
    exit_code = 2


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        return _on_any_day(getattr(import_module(module), name))

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what is broken in the installation or on the disk is said in a sentence."""
        try:
            return super().invoke(ctx)
        except (TianbaoError, OSError) as error:
            raise _NotDoneError(str(error)) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


def _on_any_day(command: click.Command) -> click.Command:
    """Give a command, or each of a group's, the option to stand on another day."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            _on_any_day(each)
    elif TODAY not in command.params:
        command.params.append(TODAY)
    return command


def _remember_day(ctx: click.Context, _option: click.Parameter, value: date | None) -> None:
    if value:
        ctx.find_root().obj["today"] = value


TODAY = click.Option(
    ["--today"],
    type=DayType(),
    expose_value=False,
    callback=_remember_day,
    help="Let time stand on this day (for rehearsals and demos).",
)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tianbao")
@click.option("--settings", type=click.Path(exists=True, dir_okay=False), help="Settings file [default: tianbao.toml].")
@click.pass_context
def main(ctx: click.Context, settings: str | None) -> None:
    """Tianbao (填報): hand out, check and file the monthly counselling returns of schools."""
    ctx.obj = {"settings": settings}
