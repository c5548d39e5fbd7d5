"""Tables on their way out: what an exporter plugin is given."""

from collections.abc import Iterable, Sequence
from typing import BinaryIO, Protocol

from attrs import frozen

from tianbao.workbooks import Cell


@frozen
class Table:
    """A table to be downloaded.

    Attributes:
        title: what it is, for the file's and the sheet's name.
        headings: of the columns.
        rows: read once, in order; may be long.
        about: what belongs with it (the query, who, when), as pairs of a label and a text.
    """

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    about: Sequence[tuple[str, str]] = ()


class Exporter(Protocol):
    """Writes tables in one format; what `tianbao_exporters` returns."""

    suffix: str
    """With its dot: ``.xlsx``."""
    media_type: str
    label: str
    """As people call the format."""

    def export(self, table: Table, to: BinaryIO) -> None:
        """Write the table, with memory that does not grow with its rows; no cell may become a formula."""
        ...
