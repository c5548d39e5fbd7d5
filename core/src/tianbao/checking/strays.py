"""Rows among the data that are none: a total somebody added, headings or instructions that were left.

Each of their cells is wrong, and none of them is worth mending. So such a row is said once, with what to do about it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from tianbao.checking.findings import Finding, Kind
from tianbao.checking.rows import BAD, Rows
from tianbao.templates import Column
from tianbao.templates.sentences import SAYS
from tianbao.templates.values import Text, names_a_total
from tianbao.workbooks import Cell

_MOST = 0.5
"""The share of a row's codes and numbers that are filled in with other words where it is no data."""


def strays(rows: Rows, findings: Sequence[Finding]) -> Mapping[int, Finding]:
    """Find rows that are no data, by row number, and keep the rules away from them.

    Only rows in which the columns found something wrong can be any: nothing that reads as data is taken for a stray.

    Args:
        rows: whose columns are judged.
        findings: of the columns.
    """
    telling = [column for column in rows.at.sheet.columns if not isinstance(column.values, Text)]
    places = {row: index for index, row in enumerate(rows.numbers)} if findings else {}
    found: dict[int, Finding] = {}
    for row, group in groupby(sorted(findings, key=_row), _row):
        wrong = list(group)
        if stray := _total(wrong) or _words(rows, places[row], wrong, telling):
            found[row] = stray
            for values in rows.values.values():
                values[places[row]] = BAD
    return found


def _row(finding: Finding) -> int:
    return finding.row or 0


def _total(findings: Iterable[Finding]) -> Finding | None:
    named = next((finding for finding in findings if names_a_total(finding.value)), None)
    return named and _said("total-row", named)


def _words(rows: Rows, index: int, findings: Sequence[Finding], telling: Collection[Column]) -> Finding | None:
    """A row in which nothing but words stands where codes and numbers belong."""
    names = {column.heading: column.name for column in telling if column.name in rows.raw}
    unread = [finding for finding in findings if finding.column in names and finding.kind is Kind.INVALID]
    if len(unread) <= _MOST * len(telling):
        return None
    cells = {heading: rows.raw[name][index] for heading, name in names.items()}
    read = [heading for heading, name in names.items() if rows.values[name][index] not in (BAD, None)]
    worded = all(isinstance(cells[finding.column], str) for finding in unread)
    return _said("not-a-row", unread[0]) if worded and all(map(_is_list, map(cells.get, read))) else None


def _is_list(cell: Cell) -> bool:
    """Whether a cell explains codes line by line; a column of several codes can even read that."""
    return isinstance(cell, str) and "\n" in cell


def _said(code: str, at: Finding) -> Finding:
    says = SAYS[code].format(value=at.value)
    return Finding(Kind.INVALID, code, says, at.sheet, at.row, at.column, at.position, at.value)
