"""The two families of errors.

A `Refusal` is for the person who sent something: it says in 繁體中文 what is wrong and what to do, and nothing was
stored. A `TianbaoError` is for the maintainer or the operator: it names, in English, what is broken and the remedy.
What is wrong *inside* a workbook that could be read is neither: those are findings, see `tianbao.checking`.
"""

from typing import Self


class Refusal(Exception):  # noqa: N818 -- it is an answer to a person, not a fault of the program
    """What was sent cannot be taken; nothing was stored.

    Attributes:
        code: a stable name of the reason, such as ``encrypted``; never reused for another reason.
        message: what is wrong, a sentence in 繁體中文.
        remedy: what to do about it, a sentence in 繁體中文.
    """

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(code, message, remedy)
        self.code = code
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}{self.remedy}"


class TianbaoError(Exception):
    """Something in the installation, a plugin or the settings is broken."""


class PluginError(TianbaoError):
    """A plugin breaks its contract; the message names plugin, version, hook and remedy."""

    @classmethod
    def of(cls, plugin: str, hook: str, what: str, remedy: str) -> Self:
        return cls(f"plugin {plugin}, hook {hook}: {what}. {remedy}")
