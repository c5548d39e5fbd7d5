"""Exporters that need no plugin: CSV and JSON."""

import csv
import io
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, BinaryIO

from tianbao.exporters import Exporter, Table
from tianbao.records.showing import said
from tianbao.workbooks import Cell

if TYPE_CHECKING:
    from tianbao.plugins import Plugins

_STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
GUARD = "'"
"""Stands before a text that a spreadsheet would take for a formula; so it is shown, and no program loses anything."""


class CsvExporter:
    """CSV in UTF-8 with BOM (Excel takes it for Big5 without one), lines end in CR LF.

    A text that begins like a formula, with or without blanks before it, gets an apostrophe in front; so does one that
    begins with an apostrophe. What a cell held is therefore always known: take one leading apostrophe away
    (`unguarded`). Numbers and dates are never guarded. The query is not in the file: its first line is the headings.
    """

    suffix = ".csv"
    media_type = "text/csv; charset=utf-8"
    label = "CSV"

    def export(self, table: Table, to: BinaryIO) -> None:
        """Write the table, row by row as they come."""
        text = io.TextIOWrapper(to, "utf-8-sig", newline="", write_through=False)
        try:
            writer = csv.writer(text)
            writer.writerow([guarded(heading) for heading in table.headings])
            writer.writerows([_cell(cell) for cell in row] for row in table.rows)
        finally:
            text.detach()  # what was given stays open


def _cell(cell: Cell) -> object:
    if isinstance(cell, str):
        return guarded(cell)
    return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else said(cell)


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    starts = text.startswith((GUARD, "\t", "\r", "\n")) or text.lstrip().startswith(_STARTS_FORMULA)
    return GUARD + text if starts else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text.removeprefix(GUARD)


class JsonExporter:
    """JSON: an object with ``title``, ``about`` (pairs), ``headings`` and ``rows``; dates are text, blanks null."""

    suffix = ".json"
    media_type = "application/json"
    label = "JSON"

    def export(self, table: Table, to: BinaryIO) -> None:
        """Write the table, row by row as they come."""
        head = {"title": table.title, "about": [list(pair) for pair in table.about], "headings": list(table.headings)}
        to.write(f'{_json(head)[:-1]}, "rows": ['.encode())
        for number, row in enumerate(table.rows):
            cells = [cell if isinstance(cell, str | int | float | None) else said(cell) for cell in row]
            to.write(f"{',' if number else ''}\n{_json(cells)}".encode())
        to.write(b"\n]}\n")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def exporters(plugins: "Plugins") -> Mapping[str, Exporter]:
    """All ways to download a table, by suffix; a plugin's comes before one of these."""
    own: dict[str, Exporter] = {each.suffix: each for each in (CsvExporter(), JsonExporter())}
    brought = plugins.exporters()
    return {**brought, **{suffix: each for suffix, each in own.items() if suffix not in brought}}
