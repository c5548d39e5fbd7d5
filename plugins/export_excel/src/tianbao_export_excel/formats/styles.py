"""The number formats of an OOXML workbook, which decide what is a date; all other styling is left behind."""

from tianbao_export_excel.formats.markup import Attributes, escape, parse
from tianbao_export_excel.refusals import Rejected


def canonical(xml: bytes) -> bytes:
    """Rewrite a style sheet: its number formats and which cell style uses which.

    Raises:
        Rejected: it is no style sheet.
    """
    sheet = _StyleSheet()
    parse(xml, sheet.opened, sheet.closed)
    formats, uses = "".join(sheet.formats), "".join(sheet.uses)
    return f"<styleSheet><numFmts>{formats}</numFmts><cellXfs>{uses}</cellXfs></styleSheet>".encode()


class _StyleSheet:
    def __init__(self) -> None:
        self.formats: list[str] = []
        self.uses: list[str] = []
        self._path: list[str] = []

    def opened(self, name: str, attributes: Attributes) -> None:
        if not self._path and name != "styleSheet":
            raise Rejected("broken")
        parent = self._path[-1] if self._path else ""
        self._path.append(name)
        if (parent, name) == ("numFmts", "numFmt"):
            number, code = attributes.get("numFmtId", ""), attributes.get("formatCode", "")
            self.formats.append(f'<numFmt numFmtId="{escape(number)}" formatCode="{escape(code)}"/>')
        elif (parent, name) == ("cellXfs", "xf"):
            self.uses.append(f'<xf numFmtId="{escape(attributes.get("numFmtId", "0"))}"/>')

    def closed(self, _: str) -> None:
        self._path.pop()
