"""Tianbao plugin: writes official letters for Word and LibreOffice; the only code that knows their documents."""

from typing import TYPE_CHECKING

from tianbao.plugins import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tianbao.letters import LetterWriter


@hookimpl
def tianbao_letter_writers() -> "Iterable[LetterWriter]":
    """Write letters as .odt and .docx."""
    from tianbao_letters_office.opentext import OpenTextWriter  # noqa: PLC0415 -- loading the plugin stays cheap
    from tianbao_letters_office.word import WordWriter  # noqa: PLC0415 -- the same

    return [OpenTextWriter(), WordWriter()]
