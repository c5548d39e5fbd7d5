"""What several commands need: settings, clock, plugins, and errors as people read them."""

import sys
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from attrs import define
from rich.console import Console

from tianbao.clock import Clock, ShiftedClock, SystemClock
from tianbao.periods import Period
from tianbao.plugins import Plugins, load
from tianbao.settings import Settings
from tianbao.settings import load as load_settings
from tianbao.templates import Template

if TYPE_CHECKING:
    from tianbao.bootstrap import App
    from tianbao.documents import Writer

NOT_CHECKABLE = 2
"""Exit status for what cannot be checked, and for calls that make no sense."""


@define(slots=False)
class Session:
    """What the options that all commands share say; made by `session`."""

    settings_file: str | None
    today: date | None

    @cached_property
    def settings(self) -> Settings:
        return load_settings(Path(self.settings_file) if self.settings_file else None)

    @cached_property
    def plugins(self) -> Plugins:
        return load()

    @cached_property
    def clock(self) -> Clock:
        return ShiftedClock.on(self.today) if self.today else SystemClock()

    @cached_property
    def app(self) -> "App":
        from tianbao.bootstrap import bootstrap  # noqa: PLC0415 -- brings the database along

        return bootstrap(self.settings, clock=self.clock, plugins=self.plugins)

    def writer_of(self, target: Path) -> "Writer":
        """The writer for a file, which must have a folder to go to."""
        if not target.parent.is_dir():
            stop(f"There is no folder {target.parent}; make it first.")
        return self.plugins.writer(target.suffix.lower() or ".xlsx")

    def template(self, key: str) -> Template:
        if key not in self.plugins.templates:
            stop(f"There is no template {key!r}; there is: {', '.join(self.plugins.templates) or 'none'}.")
        return self.plugins.templates[key]


def session(ctx: click.Context) -> Session:
    """The session of a command, from the options of the program."""
    options = ctx.find_root().obj or {}
    return Session(options.get("settings"), options.get("today"))


def stop(message: str) -> NoReturn:
    """Say what is wrong and leave with status 2."""
    click.echo(f"Error: {message}", err=True)
    sys.exit(NOT_CHECKABLE)


def console() -> Console:
    """Colours and the terminal's width where a person watches; whole lines where it is piped."""
    here = Console(highlight=False, soft_wrap=True)
    return here if here.is_terminal else Console(highlight=False, soft_wrap=True, width=1_000)


class PeriodType(click.ParamType[Period]):
    """A month on the command line: 2024-09."""

    name = "YYYY-MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        try:
            return value if isinstance(value, Period) else Period.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
