"""What a form shows: what was typed, and what is wrong with it, beside each field."""

from collections.abc import Mapping
from typing import Self

from attrs import Factory, evolve, frozen

from tianbao.accounts.forms import FormRefusal
from tianbao.errors import Refusal

_NEVER_SHOWN = {"password", "old", "new", "code"}
"""What was typed here is not sent back."""

_DIGITS = 15


def number_of(text: str) -> int | None:
    """A whole number as our own pages write one, else ``None``: no database holds a number of thousands of digits."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


@frozen
class Form:
    """A form as a page shows it.

    Attributes:
        typed: by field, what was typed; never a password.
        problems: by field, what is wrong.
        refusal: what is wrong with the whole of it.
    """

    typed: Mapping[str, str] = Factory(dict)
    problems: Mapping[str, Refusal] = Factory(dict)
    refusal: Refusal | None = None

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Self:
        return cls({name: value for name, value in data.items() if name not in _NEVER_SHOWN})

    def refused(self, refusal: Refusal) -> Self:
        """The same form, with what a use case says of it."""
        if isinstance(refusal, FormRefusal):
            return evolve(self, problems=refusal.problems)
        return evolve(self, refusal=refusal)

    def refused_at(self, field: str, refusal: Refusal) -> Self:
        """The same form, with what is wrong with one field."""
        return evolve(self, problems={**self.problems, field: refusal})

    @property
    def wrong(self) -> bool:
        return bool(self.problems or self.refusal)
