"""What goes out to a school: a workbook described without knowing any file format.

Core lays out blanks, examples and marked workbooks as a `Document`; a writer plugin turns it into a file.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import BinaryIO, Protocol

from attrs import field, frozen

from tianbao.workbooks import Area, Cell


class Look(Enum):
    """What a row or a cell is; how that looks is the writer's affair (colours: see the docs of each)."""

    TITLE = "title"
    GROUP = "group"
    """A heading above several headings."""
    HEADING = "heading"
    HELP = "help"
    """Instructions, in small type, wrapped."""
    TEXT = "text"
    """Running text, wrapped."""
    DATA = "data"
    MISSING = "missing"
    """A cell that should be filled: 黃底 (yellow ground)."""
    INVALID = "invalid"
    """A cell that is wrong: 紅底 (red ground)."""


@frozen
class Entry:
    """What may be entered in a column; the program that opens the file helps to keep to it.

    Attributes:
        choices: offered as a drop-down list.
        whole_from: the least whole number, with `whole_to` the greatest.
        longest: the most characters.
        strict: whether anything else is refused on entry (a list of codes where several may be joined is not).
        title: heading of the prompt.
        prompt: what a person sees on selecting a cell.
    """

    choices: Sequence[str | int] = ()
    whole_from: int | None = None
    whole_to: int | None = None
    longest: int | None = None
    strict: bool = True
    title: str = ""
    prompt: str = ""


@frozen
class PageColumn:
    """How a column of a page looks.

    Attributes:
        width: in characters of Latin text.
        text: whether its cells hold text whatever is typed (a code keeps its leading zeros).
        entry: what may be entered in its data rows.
        required: whether a data row that was begun shows it as unfilled while it is blank.
    """

    width: float = 12.0
    text: bool = False
    entry: Entry | None = None
    required: bool = False


@frozen
class Mark:
    """A cell that looks other than its row: a coloured ground, a comment on it, a link."""

    look: Look | None = None
    comment: str = ""
    link: str = ""
    """A place in this workbook, such as ``'表A-1'!F7``."""


@frozen
class Page:
    r"""One sheet.

    Attributes:
        name: on its tab; at most 31 characters, none of ``[]:*?/\\``.
        rows: the cells, from A1 on. Read once, in order, so that a long page can be streamed.
        columns: from column A on.
        looks: the look of a row by its number (1-based); rows not named are `Look.DATA`.
        heights: of a row by its number, in points.
        marks: by (row, column), 1-based.
        merges: merged areas.
        first_data_row: where data rows begin; `PageColumn.entry` and `PageColumn.required` hold from there.
        last_data_row: where they end.
        frozen_rows: how many rows on top stay in sight.
        frozen_columns: how many columns on the left stay in sight.
        hidden: whether the page is kept from the user (very hidden where the format knows that).
    """

    name: str
    rows: Iterable[Sequence[Cell]]
    columns: Sequence[PageColumn] = ()
    looks: Mapping[int, Look] = field(factory=dict)
    heights: Mapping[int, float] = field(factory=dict)
    marks: Mapping[tuple[int, int], Mark] = field(factory=dict)
    merges: Sequence[Area] = ()
    first_data_row: int | None = None
    last_data_row: int | None = None
    frozen_rows: int = 0
    frozen_columns: int = 0
    hidden: bool = False


@frozen
class Document:
    """A workbook to be written.

    Attributes:
        pages: in tab order.
        title: in the file's properties.
        properties: further named properties of the file.
    """

    pages: Sequence[Page]
    title: str = ""
    properties: Mapping[str, str] = field(factory=dict)


class Writer(Protocol):
    """Writes documents in one file format; what `tianbao_workbook_writers` returns."""

    suffix: str
    """With its dot: ``.xlsx``."""
    media_type: str

    def write(self, document: Document, to: BinaryIO) -> None:
        """Write the document.

        Text stays text: no cell's text may become a formula, a number, a date or a link of its own.
        """
        ...
