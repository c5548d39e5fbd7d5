"""A day on the command line; apart, since every call reads it, and the rest of `common` is heavy."""

from datetime import date

import click

from tianbao.periods import parse_day


class DayType(click.ParamType[date]):
    """A day on the command line: 2025-03-11."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else parse_day(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
