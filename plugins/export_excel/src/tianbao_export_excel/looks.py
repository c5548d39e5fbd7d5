"""How each look of a document looks in a spreadsheet: one quiet family of formats, made when first asked for.

Yellow and red are kept for what is missing and what is wrong; everything else is ink on warm grey. Neither
ground is the only sign: missing cells have a dashed frame, wrong ones a solid frame and bold text, and core's
comment says so.
"""

from typing import Any

from attrs import field, frozen
from xlsxwriter import Workbook
from xlsxwriter.format import Format

from tianbao.documents import Look

Properties = dict[str, Any]
"""XlsxWriter's format properties."""

INK = "#22282E"
QUIET = "#59636C"
ACCENT = "#17556B"
LINE = "#C9C4BA"
GROUNDS = {Look.MISSING: "#FFF0A3", Look.INVALID: "#FBD3D3", Look.GROUP: "#E6E2D9", Look.HEADING: "#F3F1EC"}
INKS = {Look.MISSING: "#4A3A00", Look.INVALID: "#7D0A18", Look.TITLE: ACCENT, Look.HELP: QUIET}

DASHED, SOLID, THIN = 3, 1, 1
"""XlsxWriter's numbers of border styles."""

INDENT: Properties = {"align": "left", "indent": 1}
"""Of text: air between it and the frame or the number before it."""

_FRAMES: dict[Look, Properties] = {
    Look.GROUP: {"border": THIN, "border_color": LINE},
    Look.HEADING: {"border": THIN, "border_color": LINE},
    Look.MISSING: {"border": DASHED, "border_color": "#8A6D00"},
    Look.INVALID: {"border": SOLID, "border_color": "#B3261E"},
    Look.HELP: {"border": THIN, "border_color": LINE},
    Look.DATA: {"border": THIN, "border_color": LINE},
}
_SHAPES: dict[Look, Properties] = {
    Look.TITLE: {"font_size": 16, "bold": True, "valign": "vcenter"} | INDENT,
    Look.GROUP: {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True},
    Look.HEADING: {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True},
    Look.HELP: {"font_size": 9, "valign": "top", "text_wrap": True} | INDENT,
    Look.TEXT: {"valign": "vcenter", "text_wrap": True} | INDENT,
    Look.DATA: {"valign": "vcenter"},
    Look.MISSING: {"valign": "vcenter"},
    Look.INVALID: {"valign": "vcenter", "bold": True},
}
TYPED = frozenset({Look.DATA, Look.MISSING, Look.INVALID})
"""Looks of cells that people type in."""


@frozen
class Style:
    """A look's formats, one for each kind of value.

    Attributes:
        blank: of empty cells and of truth values.
        text: of strings.
    """

    blank: Format
    text: Format
    number: Format
    date: Format
    moment: Format
    time: Format
    duration: Format


def properties(look: Look) -> Properties:
    """The format properties of a look."""
    wanted = {"font_color": INKS.get(look, INK)} | _SHAPES[look] | _FRAMES.get(look, {})
    return wanted | ({"bg_color": GROUNDS[look]} if look in GROUNDS else {})


@frozen
class Looks:
    """The styles of one workbook, each made once."""

    workbook: Workbook
    _made: dict[tuple[Look, bool, bool, bool, bool], Style] = field(factory=dict, init=False)

    def style(
        self, look: Look, *, text: bool = False, link: bool = False, framed: bool = True, wrapped: bool = False
    ) -> Style:
        """The style of a look.

        Args:
            look: what the cell is.
            text: whether whatever is typed into the cell is to stay text.
            link: whether the cell leads somewhere.
            framed: whether the cell has its look's frame; whole columns and long tables look calmer without.
            wrapped: whether long text goes on below even where the look alone would cut it off.
        """
        key = (look, text, link, framed, wrapped)
        if key not in self._made:
            self._made[key] = self._make(*key)
        return self._made[key]

    def _make(self, look: Look, text: bool, link: bool, framed: bool, wrapped: bool) -> Style:  # noqa: FBT001 -- a key
        base = properties(look)
        if not framed:
            base = {key: value for key, value in base.items() if not key.startswith("border")}
        if link:
            base |= {"font_color": INKS.get(look, ACCENT), "underline": 1}
        if text:
            base |= {"num_format": "@"} | INDENT
        if wrapped:
            base |= {"text_wrap": True}
        # A string in a column of numbers gets Excel's invisible apostrophe: editing it makes no formula of
        # it, and a number typed over it is a number again.
        apostrophe = {"quote_prefix": True} | INDENT if look in TYPED and not text else {}
        return Style(
            blank=self.workbook.add_format(base),
            text=self.workbook.add_format(base | apostrophe),
            number=self.workbook.add_format(base | ({"align": "right", "indent": 1} if look in TYPED else {})),
            date=self.workbook.add_format(base | {"num_format": "yyyy-mm-dd"}),
            moment=self.workbook.add_format(base | {"num_format": "yyyy-mm-dd hh:mm:ss"}),
            time=self.workbook.add_format(base | {"num_format": "hh:mm:ss"}),
            duration=self.workbook.add_format(base | {"num_format": "[h]:mm:ss"}),
        )
