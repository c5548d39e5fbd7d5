"""Builders: a valid row of a sheet, a workbook, a filing, with only what a test is about changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import evolve

from tianbao.checking import Context, Finding, check
from tianbao.clock import TAIPEI
from tianbao.filings import Accepted, Way
from tianbao.periods import Period
from tianbao.templates import Sheet, Template
from tianbao.templates.values import OwnCode
from tianbao.units import Level, Unit
from tianbao.workbooks import Cell, Workbook, Worksheet


def valid_row(sheet: Sheet, number: int = 0, **cells: Cell) -> list[Cell]:
    """A row the check accepts: the sheet's first example with codes of its own, and the named cells changed.

    Args:
        sheet: the template's sheet.
        number: tells its codes apart from those of other rows.
        cells: by field, what to put instead.
    """
    row = [
        f"{column.name[0].upper()}{number:03}" if isinstance(column.values, OwnCode) else column.example[0]
        for column in sheet.columns
    ]
    names = [column.name for column in sheet.columns]
    for name, cell in cells.items():
        row[names.index(name)] = cell
    return row


def worksheet(sheet: Sheet, rows: Sequence[Mapping[str, Cell] | Sequence[Cell]], **kwargs: Any) -> Worksheet:  # noqa: ANN401
    """A sheet with the official headings and data rows, each a whole row or what differs from a valid one.

    ``kwargs`` go to `Worksheet`.
    """
    data = [
        valid_row(sheet, number, **row) if isinstance(row, Mapping) else list(row) for number, row in enumerate(rows)
    ]
    top: list[list[Cell]] = [[] for _ in range(sheet.first_row - 1)]
    top[sheet.heading_row - 1] = [column.heading for column in sheet.columns]
    return Worksheet(sheet.name, [*top, *data], **kwargs)


def filled(template: Template, **rows: Sequence[Mapping[str, Cell] | Sequence[Cell]]) -> Workbook:
    """A workbook of the template with these rows by kind; a kind not named has one valid row."""
    return Workbook([worksheet(sheet, rows.get(sheet.kind, [{}])) for sheet in template.sheets])


def answers(
    template: Template, context: Context | None = None, **rows: Sequence[Mapping[str, Cell]]
) -> Sequence[Finding]:
    """What the check finds wrong in a workbook with these rows."""
    return check(filled(template, **rows), template, context or Context()).findings


def accepted(*, nil: bool = False, **changes: Any) -> Accepted:  # noqa: ANN401
    """What `tianbao_filing_accepted` is told of: a school's workbook of a month, or its 當月無個案及服務."""
    filing = Accepted(
        id=1,
        unit=Unit("074501", Level.JUNIOR_HIGH, "縣立彰化國中", "彰化縣", id=1),
        period=Period(2024, 9),
        version=1,
        way=Way.CURRENT,
        nil=nil,
        template_key=None if nil else "113",
        fingerprint=None if nil else "0123456789ab",
        file_name=None if nil else "113-09成果.xlsx",
        file_hash=None if nil else "0" * 64,
        counts={"case": 0, "service": 0} if nil else {"case": 2, "service": 1},
        filed_at=datetime(2024, 10, 8, 9, 30, tzinfo=TAIPEI),
        filed_by=1,
        filed_by_name="王輔導",
        receipt="ABCD-2345",
        in_force=True,
    )
    return evolve(filing, **changes)
