"""The shared strings of an OOXML workbook, rewritten in the one plain form calamine reads right.

The claimed counts are dropped on the way: calamine would reserve memory for whatever they say.
"""

import re

from tianbao_export_excel.formats.markup import Attributes, escape, inside, parse
from tianbao_export_excel.refusals import Rejected

_PLAIN = re.compile(
    rb'(?:<si>(?:<t(?: xml:space="preserve")?>[^<]*</t>|<t/>)?</si>|<si/>)*+\s*</sst>\s*\Z',
)


def canonical(xml: bytes) -> bytes:
    """Rewrite a table of shared strings: one ``<si><t>`` each, rich text joined, phonetic readings left out.

    Raises:
        Rejected: it is no such table.
    """
    start = inside(xml, b"sst")
    if start and _PLAIN.match(xml, start):
        return b"<sst>" + xml[start:]
    table = _Table()
    parse(xml, table.opened, table.closed, table.text)
    return b"<sst>" + "".join(table.items).encode() + b"</sst>"


class Runs:
    """Collects the text of a string that may be in several runs, ``<si>`` or ``<is>``."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._run: list[str] = []
        self._inside = self._keep = False
        self._phonetic = 0

    def opened(self, name: str, attributes: Attributes) -> None:
        if name == "rPh":
            self._phonetic += 1
        elif name == "t" and not self._phonetic:
            self._inside, self._run = True, []
            self._keep = attributes.get("http://www.w3.org/XML/1998/namespace space") == "preserve"

    def closed(self, name: str) -> None:
        if name == "rPh":
            self._phonetic -= 1
        elif name == "t" and self._inside:
            run = "".join(self._run)
            self._done.append(run if self._keep else run.strip(" \t\r\n"))
            self._inside = False

    def text(self, text: str) -> None:
        if self._inside:
            self._run.append(text)

    def __str__(self) -> str:
        return "".join(self._done)


class _Table:
    def __init__(self) -> None:
        self.items: list[str] = []
        self._runs: Runs | None = None
        self._root = ""

    def opened(self, name: str, attributes: Attributes) -> None:
        self._root = self._root or name
        if self._root != "sst":
            raise Rejected("broken")
        if name == "si":
            self._runs = Runs()
        elif self._runs:
            self._runs.opened(name, attributes)

    def closed(self, name: str) -> None:
        if name == "si":
            self.items.append(f'<si><t xml:space="preserve">{escape(str(self._runs))}</t></si>')
            self._runs = None
        elif self._runs:
            self._runs.closed(name)

    def text(self, text: str) -> None:
        if self._runs:
            self._runs.text(text)
