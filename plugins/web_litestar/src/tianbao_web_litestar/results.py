"""The result of a check as a page shows it: findings folded and linked to their cells, rows with marked cells."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from attrs import frozen

from tianbao.canon import Case, Service
from tianbao.cells import text_of
from tianbao.checking import Finding, Kind, SheetRows, Verdict, fold
from tianbao.templates import Column, Sheet, Template
from tianbao.templates.coded import OneOf, SomeOf
from tianbao.workbooks import column_letters

MOST_ROWS = 200
"""A longer sheet shows only its marked rows, and of these so many: a page is for reading, the workbook for the rest."""

KIND_LABELS = {"case": "個案", "service": "服務"}


@frozen
class Spot:
    """A cell with a finding, and where on the page it is shown (nowhere where ``anchor`` is empty)."""

    cell: str
    anchor: str = ""


@frozen
class Line:
    """The same mistake, however often it was made."""

    kind: Kind
    heading: str
    message: str
    spots: Sequence[Spot]
    count: int


@frozen
class Group:
    """The findings of one sheet."""

    sheet: str
    lines: Sequence[Line]


@frozen
class ShownCell:
    """A cell of a row; with its findings where it has any."""

    text: str
    number: bool = False
    findings: Sequence[Finding] = ()
    anchor: str = ""

    @property
    def kind(self) -> Kind | None:
        """The gravest of its findings' kinds."""
        return next((kind for kind in (Kind.INVALID, Kind.MISSING, Kind.HINT) if self._has(kind)), None)

    def _has(self, kind: Kind) -> bool:
        return any(finding.kind is kind for finding in self.findings)


@frozen
class ShownRow:
    """A row under its number; findings of the row as a whole stand with the number."""

    head: ShownCell
    cells: Sequence[ShownCell]


@frozen
class Heading:
    """A column's heading."""

    text: str
    letter: str = ""
    number: bool = False


@frozen
class ShownTable:
    """The rows of one sheet."""

    kind: str
    name: str
    headings: Sequence[Heading]
    rows: Sequence[ShownRow]
    total: int

    @property
    def label(self) -> str:
        return KIND_LABELS.get(self.kind, self.kind)


@frozen
class Result:
    """All of it."""

    verdict: Verdict
    groups: Sequence[Group]
    hints: Sequence[Group]
    tables: Sequence[ShownTable]
    missing: int
    invalid: int


def result_of(verdict: Verdict) -> Result:
    """What a page shows of a verdict."""
    said = [*verdict.findings, *verdict.hints]
    tables = [_table(kind, rows, said) for kind, rows in verdict.tables.items() if rows.numbers]
    shown = {cell.anchor for table in tables for row in table.rows for cell in (row.head, *row.cells)}
    kinds = {rows.name: kind for kind, rows in verdict.tables.items()}
    return Result(
        verdict,
        _groups(verdict.findings, kinds, shown),
        _groups(verdict.hints, kinds, shown),
        tables,
        sum(finding.kind is Kind.MISSING for finding in verdict.findings),
        sum(finding.kind is Kind.INVALID for finding in verdict.findings),
    )


def _anchor(kind: str, row: int | None, position: int | None) -> str:
    return f"{kind}-{column_letters(position) if position else 'row'}{row}" if row else ""


def _groups(findings: Sequence[Finding], kinds: Mapping[str, str], shown: Iterable[str]) -> Sequence[Group]:
    places = frozenset(shown)
    return [
        Group(sheet, [_line(same.findings, kinds.get(sheet, ""), places) for same in folded])
        for sheet, folded in groupby(fold(findings), key=lambda same: same.first.sheet)
    ]


def _line(findings: Sequence[Finding], kind: str, shown: frozenset[str]) -> Line:
    first = findings[0]
    spots = [_spot(finding, kind, shown) for finding in findings if finding.row]
    return Line(first.kind, first.column, first.message, spots, len(findings))


def _spot(finding: Finding, kind: str, shown: frozenset[str]) -> Spot:
    anchor = _anchor(kind, finding.row, finding.position)
    return Spot(finding.cell or f"第 {finding.row} 列", anchor if anchor in shown else "")


def _table(kind: str, rows: SheetRows, findings: Sequence[Finding]) -> ShownTable:
    at: dict[tuple[int, int | None], list[Finding]] = {}
    for finding in findings:
        if finding.sheet == rows.name and finding.row:
            at.setdefault((finding.row, finding.position), []).append(finding)
    marked = {row for row, _ in at}
    chosen = [index for index, row in enumerate(rows.numbers) if len(rows.numbers) <= MOST_ROWS or row in marked]
    headings = [Heading(c.heading, rows.letters(c.name), bool(c.measure)) for c in rows.sheet.columns]
    shown = [_row(kind, rows, index, at) for index in chosen[:MOST_ROWS]]
    return ShownTable(kind, rows.name, headings, shown, len(rows.numbers))


def _row(kind: str, rows: SheetRows, index: int, at: Mapping[tuple[int, int | None], Sequence[Finding]]) -> ShownRow:
    number = rows.numbers[index]
    cells = []
    for column, raw in zip(rows.sheet.columns, rows.cells[index], strict=True):
        position = rows.positions.get(column.name)
        findings = at.get((number, position), ()) if position else ()
        # of personal data the finding holds a masked value; the raw cell is not shown
        text = findings[0].value if findings else text_of(raw)
        anchor = _anchor(kind, number, position) if findings else ""
        cells.append(ShownCell(text, bool(column.measure), findings, anchor))
    of_row = at.get((number, None), ())
    anchor = _anchor(kind, number, None) if of_row else ""
    return ShownRow(ShownCell(str(number), findings=of_row, anchor=anchor), cells)


def filed_tables(template: Template, cases: Sequence[Case], services: Sequence[Service]) -> Sequence[ShownTable]:
    """The rows of a filing, under the headings of the template they were filed with, codes with their meaning."""
    rows: Mapping[str, Sequence[Case | Service]] = {"case": cases, "service": services}
    return [_filed(sheet, rows[sheet.kind]) for sheet in template.sheets if rows.get(sheet.kind)]


def _filed(sheet: Sheet, rows: Sequence[Case | Service]) -> ShownTable:
    headings = [Heading(column.heading, number=bool(column.measure)) for column in sheet.columns]
    shown = [
        ShownRow(ShownCell(str(number)), [_filed_cell(column, row) for column in sheet.columns])
        for number, row in enumerate(rows, 1)
    ]
    return ShownTable(sheet.kind, sheet.name, headings, shown, len(rows))


def _filed_cell(column: Column, row: Case | Service) -> ShownCell:
    value = getattr(row, column.name, None) if hasattr(row, column.name) else row.extras.get(column.name)
    if column.measure and isinstance(value, int):
        return ShownCell(f"{value:,}", number=True)
    return ShownCell(_meaning(column, value))


def _meaning(column: Column, value: object) -> str:
    """A code with its meaning, anything else as the workbook would write it."""
    if isinstance(column.values, OneOf | SomeOf):
        numbers = value if isinstance(value, tuple | list) else () if value is None else (value,)
        known = column.values.codes.by_number
        return "、".join(_code(column, number) for number in numbers if number in known) or "無"
    return text_of(column.values.write(value)) if value is not None else "—"


def _code(column: Column, number: int) -> str:
    values = column.values
    if not isinstance(values, OneOf | SomeOf):
        return str(number)
    code = values.codes.by_number[number]
    return code.label if values.codes.words else f"{code.number}\N{NO-BREAK SPACE}{code.label}"
