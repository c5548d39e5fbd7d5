"""The parts of an OpenDocument package that stand around the rows: what it is, how it looks, what stays in sight."""

from collections.abc import Iterable, Sequence

from tianbao.documents import Look
from tianbao.workbooks import cell_name
from tianbao_export_excel.books import FONT, LANDSCAPE_FROM
from tianbao_export_excel.looks import ACCENT, GROUNDS, INK, LINE, QUIET
from tianbao_export_excel.ods.cells import attribute

ODS = "application/vnd.oasis.opendocument.spreadsheet"
"""The media type."""
COLUMN = "column{}"
"""The style of the column with this number."""
LABELS, TEXTS = "labels", "texts"
"""The styles of the last sheet's two columns."""

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = " ".join(
    [f'xmlns:{name}="{_OASIS}{name}:1.0"' for name in ("office", "table", "text", "style", "config", "meta")]
    + [
        f'xmlns:fo="{_OASIS}xsl-fo-compatible:1.0"',
        f'xmlns:svg="{_OASIS}svg-compatible:1.0"',
        f'xmlns:number="{_OASIS}datastyle:1.0"',
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
        'xmlns:ooo="http://openoffice.org/2004/office"',
    ]
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LATIN = 0.24
"""The width of a Latin character, in cm."""

MANIFEST = (
    f'{_HEAD}<manifest:manifest xmlns:manifest="{_OASIS}manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{ODS}"/>'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{part}.xml" manifest:media-type="text/xml"/>'
        for part in ("content", "styles", "settings", "meta")
    )
    + "</manifest:manifest>"
)

_DATE = (
    '<number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/>'
    '<number:text>-</number:text><number:day number:style="long"/>'
)
_TIME = (
    '<number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/>'
    '<number:text>:</number:text><number:seconds number:style="long"/>'
)


def _cell_style(name: str, cell: str = "", paragraph: str = "", text: str = "", data: str = "") -> str:
    shown = f' style:data-style-name="{data}"' if data else ""
    return (
        f'<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="Default"{shown}>'
        f'<style:table-cell-properties style:vertical-align="middle" fo:padding="0.07cm" {cell}/>'
        f"<style:paragraph-properties {paragraph}/><style:text-properties {text}/></style:style>"
    )


_LEFT = 'fo:text-align="start" fo:margin-left="0.2cm"'
_RIGHT = 'fo:text-align="end" fo:margin-right="0.2cm"'
_BOLD = 'fo:font-weight="bold" style:font-weight-asian="bold"'
_LARGE = f'fo:font-size="16pt" style:font-size-asian="16pt" {_BOLD} fo:color="{ACCENT}"'
_FRAME = f'fo:background-color="{GROUNDS[Look.HEADING]}" fo:border="0.5pt solid {LINE}"'
_DATA_STYLES = (
    "<number:text-style style:name='as-text'><number:text-content/></number:text-style>"
    f'<number:date-style style:name="as-date">{_DATE}</number:date-style>'
    f'<number:date-style style:name="as-moment">{_DATE}<number:text> </number:text>{_TIME}</number:date-style>'
    f'<number:time-style style:name="as-time">{_TIME}</number:time-style>'
    f'<number:time-style style:name="as-duration" number:truncate-on-overflow="false">{_TIME}</number:time-style>'
)
_CELL_STYLES = (
    _cell_style("heading", f'{_FRAME} fo:wrap-option="wrap"', 'fo:text-align="center"', _BOLD)
    + _cell_style("text", "", _LEFT, "", "as-text")
    + _cell_style("number", "", _RIGHT)
    + "".join(_cell_style(name, "", _LEFT, "", f"as-{name}") for name in ("date", "moment", "time", "duration"))
    + _cell_style("title", "", "", _LARGE)
    + _cell_style("label", "", _LEFT, f'fo:color="{QUIET}"')
    + _cell_style("wrapped", 'fo:wrap-option="wrap"', _LEFT, "", "as-text")
)


def styles(width: float) -> str:
    """How everything looks; `width` is that of the columns, in characters of Latin text."""
    page = ("29.7cm", "21cm", "landscape") if width >= LANDSCAPE_FROM else ("21cm", "29.7cm", "portrait")
    return (
        f'{_HEAD}<office:document-styles {_SPACES} office:version="1.3">'
        f'<office:font-face-decls><style:font-face style:name="{FONT}" svg:font-family="\'{FONT}\'"/>'
        "</office:font-face-decls>"
        '<office:styles><style:style style:name="Default" style:family="table-cell"><style:text-properties '
        f'style:font-name="{FONT}" style:font-name-asian="{FONT}" fo:font-size="11pt" '
        f'style:font-size-asian="11pt" fo:color="{INK}"/></style:style></office:styles>'
        '<office:automatic-styles><style:page-layout style:name="paper"><style:page-layout-properties '
        f'fo:page-width="{page[0]}" fo:page-height="{page[1]}" style:print-orientation="{page[2]}" fo:margin="1.3cm" '
        'style:scale-to-X="1" style:scale-to-Y="0"/><style:footer-style>'
        '<style:header-footer-properties fo:min-height="0.9cm" fo:margin-top="0.3cm"/></style:footer-style>'
        "</style:page-layout></office:automatic-styles>"
        '<office:master-styles><style:master-page style:name="Default" style:page-layout-name="paper"><style:footer>'
        "<style:region-left><text:p><text:sheet-name/></text:p></style:region-left><style:region-right><text:p>"
        "<text:page-number/> / <text:page-count/></text:p></style:region-right></style:footer></style:master-page>"
        "</office:master-styles></office:document-styles>"
    )


def content_start(widths: Sequence[float]) -> str:
    """Everything before the first sheet; ``widths`` in characters of Latin text."""
    columns = [(COLUMN.format(number), wide) for number, wide in enumerate(widths)] + [(LABELS, 18), (TEXTS, 80)]
    return (
        f'{_HEAD}<office:document-content {_SPACES} office:version="1.3"><office:automatic-styles>'
        '<style:style style:name="sheet" style:family="table" style:master-page-name="Default">'
        '<style:table-properties table:display="true"/></style:style>'
        + "".join(
            f'<style:style style:name="{name}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{wide * _LATIN:.2f}cm"/></style:style>'
            for name, wide in columns
        )
        + f"{_DATA_STYLES}{_CELL_STYLES}</office:automatic-styles><office:body><office:spreadsheet>"
    )


def content_end(ranges: Iterable[tuple[str, int, int]]) -> str:
    """Everything after the last sheet; the ranges that can be filtered as sheet, rows and columns."""
    filters = "".join(
        f'<table:database-range table:name="__Anonymous_Sheet_DB__{number}" table:display-filter-buttons="true" '
        f"table:target-range-address={attribute(f'{_quoted(sheet)}.A1:{_quoted(sheet)}.{cell_name(rows, columns)}')}/>"
        for number, (sheet, rows, columns) in enumerate(ranges)
        if columns
    )
    kept = f"<table:database-ranges>{filters}</table:database-ranges>" if filters else ""
    return f"{kept}</office:spreadsheet></office:body></office:document-content>"


def settings(sheets: Iterable[str]) -> str:
    """What the program remembers of its window: on these sheets the first row stays in sight."""
    frozen = "".join(
        f"<config:config-item-map-entry config:name={attribute(name)}>"
        + "".join(
            f'<config:config-item config:name="{item}" config:type="{kind}">{value}</config:config-item>'
            for item, kind, value in (
                ("VerticalSplitMode", "short", 2),
                ("VerticalSplitPosition", "int", 1),
                ("ActiveSplitRange", "short", 2),
                ("PositionBottom", "int", 1),
            )
        )
        + "</config:config-item-map-entry>"
        for name in sheets
    )
    return (
        f'{_HEAD}<office:document-settings {_SPACES} office:version="1.3"><office:settings>'
        '<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        '<config:config-item-map-entry><config:config-item config:name="ViewId" config:type="string">view1'
        f'</config:config-item><config:config-item-map-named config:name="Tables">{frozen}'
        "</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>"
    )


def meta(title: str) -> str:
    """What the file says of itself."""
    return (
        f'{_HEAD}<office:document-meta {_SPACES} office:version="1.3"><office:meta><dc:title>'
        f"{attribute(title)[1:-1]}</dc:title></office:meta></office:document-meta>"
    )


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"
