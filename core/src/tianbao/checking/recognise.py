"""Which template a workbook was made with, and where its sheets and columns are.

Sheets are found by name, else by their headings; columns by heading, else by the official position. Nothing relies
on the file being our own blank.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from attrs import Factory, frozen

from tianbao.cells import is_blank, squash, text_of
from tianbao.checking.findings import Finding, Kind
from tianbao.errors import Refusal
from tianbao.templates import Column, Fault, Sheet, Template
from tianbao.templates.sentences import SAYS
from tianbao.templates.values import Text
from tianbao.workbooks import Cell, Workbook, Worksheet, column_letters

_HEADINGS_WITHIN = 12
"""Headings are looked for in so many rows from the top."""
_ENOUGH = 0.5
"""The share of headings that makes a row the heading row."""


@frozen
class Located:
    """A template's sheet found in a workbook.

    Attributes:
        sheet: the template's.
        found: the user's.
        heading_row: where its headings stand, 1-based; the official row where none were recognised.
        first_row: the first row of data, 1-based.
        positions: by field, the column's number, 1-based.
        extra: columns the template does not know, by number.
        findings: what is wrong with the columns.
    """

    sheet: Sheet
    found: Worksheet
    heading_row: int
    first_row: int
    positions: Mapping[str, int]
    extra: dict[int, str]
    findings: Sequence[Finding] = ()


@frozen
class _Headings:
    row: int
    exact: Mapping[str, Sequence[int]] = Factory(dict)
    """By field, the columns whose heading is its own, 1-based."""


def recognise(workbook: Workbook, templates: Iterable[Template]) -> Template:
    """Find the template a workbook was made with.

    Raises:
        Refusal: none of the templates fits.
    """
    likeness = [(_likeness(workbook, template), template) for template in templates]
    most, best = max(likeness, key=itemgetter(0), default=(0, None))
    if best is None or most < 1:
        names = "、".join(f"「{sheet.name}」" for sheet in workbook.sheets[:5])
        raise Refusal(
            "unknown-template",
            f"這個檔案不是填報表格：裡面的工作表是{names}，沒有填報表格的工作表。",
            "請下載該月份的空白表格，填妥後再上傳。",
        )
    return best


def _likeness(workbook: Workbook, template: Template) -> float:
    """Sheets found by name count most; headings decide between templates whose sheets have the same names."""
    score = 0.0
    for sheet in template.sheets:
        named = [found for found in workbook.sheets if squash(found.name) in sheet.names]
        candidates = named or workbook.sheets
        share = max((_share(_headings(found, sheet), sheet) for found in candidates), default=0.0)
        score += 2 * bool(named) + (share if named or share > _ENOUGH else 0)
    return score


def locate(workbook: Workbook, template: Template) -> tuple[Sequence[Located], Sequence[Finding]]:
    """Find each sheet of the template, and say which are missing or there twice."""
    located: list[Located] = []
    findings: list[Finding] = []
    taken: set[int] = set()
    for sheet in template.sheets:
        candidates = _candidates(workbook, sheet, taken)
        if not candidates:
            says = SAYS["sheet-missing"].format(sheet=sheet.name)
            findings.append(Finding(Kind.MISSING, "sheet-missing", says, sheet.name))
        elif len(candidates) > 1:
            names = "、".join(f"「{found.name}」" for found in candidates)
            says = SAYS["sheet-twice"].format(sheet=sheet.name, names=names)
            findings.append(Finding(Kind.INVALID, "sheet-twice", says, sheet.name))
        else:
            taken.add(id(candidates[0]))
            located.append(_locate(candidates[0], sheet))
    return located, findings


def _candidates(workbook: Workbook, sheet: Sheet, taken: set[int]) -> Sequence[Worksheet]:
    """The sheets that could be meant: by name, and any other with the same headings that holds something."""
    free = [found for found in workbook.sheets if id(found) not in taken]
    named = [found for found in free if squash(found.name) in sheet.names]
    alike = [found for found in free if found not in named and _share(_headings(found, sheet), sheet) > _ENOUGH]
    return [*named, *(found for found in alike if not named or _holds_data(found, sheet))]


def _holds_data(found: Worksheet, sheet: Sheet) -> bool:
    located = _locate(found, sheet)
    return any(not is_blank(cell) for row in found.rows[located.first_row - 1 :] for cell in row)


def _headings(found: Worksheet, sheet: Sheet) -> _Headings:
    """The row that holds most of the sheet's headings; the official one where several hold as many."""
    rows = range(1, min(len(found.rows), _HEADINGS_WITHIN) + 1)
    best = _Headings(sheet.heading_row)
    by_heading = {heading: column.name for column in sheet.columns for heading in column.headings}
    for row in sorted(rows, key=lambda row: abs(row - sheet.heading_row)):
        exact = _columns_of(found.rows[row - 1], by_heading)
        if len(exact) > len(best.exact):
            best = _Headings(row, exact)
    return best


def _columns_of(cells: Sequence[object], by_heading: Mapping[str, str]) -> Mapping[str, Sequence[int]]:
    texts = [squash(cell) if isinstance(cell, str) else "" for cell in cells]
    exact: dict[str, list[int]] = {}
    rest: list[int] = []
    begins = tuple(by_heading)
    for number, text in enumerate(texts, 1):
        if text in by_heading:
            exact.setdefault(by_heading[text], []).append(number)
        elif text.startswith(begins):
            rest.append(number)
    for number in rest:  # a heading with its explanation in the same cell: the longest heading it begins with
        name = by_heading[max(filter(texts[number - 1].startswith, begins), key=len)]
        if name not in exact:
            exact[name] = [number]
    return exact


def _share(headings: _Headings, sheet: Sheet) -> float:
    return len(headings.exact) / len(sheet.columns)


def _locate(found: Worksheet, sheet: Sheet) -> Located:
    headings = _headings(found, sheet)
    if _share(headings, sheet) < _ENOUGH:
        in_order = {column.name: number for number, column in enumerate(sheet.columns, 1)}
        return Located(sheet, found, sheet.heading_row, _first_row(found, sheet, 0, in_order), in_order, {})
    positions = {name: numbers[0] for name, numbers in headings.exact.items()}
    positions |= _by_position(sheet, positions)
    return Located(
        sheet,
        found,
        headings.row,
        _first_row(found, sheet, headings.row, positions),
        positions,
        _extra(found, headings.row, positions),
        [*_missing(sheet, found, headings.row, positions), *_twice(sheet, found, headings)],
    )


def _first_row(found: Worksheet, sheet: Sheet, heading_row: int, positions: Mapping[str, int]) -> int:
    """Where data begin: at the official row, or as far below as the headings were moved down.

    Where somebody deleted title or instruction rows, data stand higher up; a row that reads as data is never taken for
    an instruction. An instruction taken for data is refused, which is the lesser evil.
    """
    official = max(sheet.first_row, heading_row + sheet.first_row - sheet.heading_row)
    if heading_row < sheet.first_row:
        official = sheet.first_row
    above = range(heading_row + 1, min(official, len(found.rows) + 1))
    return next((row for row in above if _reads_as_data(found.rows[row - 1], sheet, positions)), official)


def _reads_as_data(cells: Sequence[Cell], sheet: Sheet, positions: Mapping[str, int]) -> bool:
    """Whether most of a row's codes and numbers can be read."""
    telling = [column for column in sheet.columns if column.name in positions and not isinstance(column.values, Text)]
    unread = 0
    for column in telling:
        cell = cells[positions[column.name] - 1] if positions[column.name] <= len(cells) else None
        unread += is_blank(cell) or isinstance(column.values.parse(cell), Fault)
        if unread >= (1 - _ENOUGH) * len(telling):
            return False  # the rest need not be asked: a guess at what was meant takes time
    return bool(telling)


def _by_position(sheet: Sheet, positions: Mapping[str, int]) -> Mapping[str, int]:
    """Columns with a heading of other words, where all the others stand in the official order and place."""
    official = {column.name: number for number, column in enumerate(sheet.columns, 1)}
    if any(official[name] != number for name, number in positions.items()):
        return {}
    return {name: number for name, number in official.items() if name not in positions}


def _extra(found: Worksheet, heading_row: int, positions: Mapping[str, int]) -> dict[int, str]:
    known = set(positions.values())
    cells = found.rows[heading_row - 1] if heading_row <= len(found.rows) else ()
    return {number: text_of(cell) for number, cell in enumerate(cells, 1) if number not in known and not is_blank(cell)}


def _missing(sheet: Sheet, found: Worksheet, row: int, positions: Mapping[str, int]) -> Iterable[Finding]:
    for column in sheet.columns:
        if column.name not in positions and column.required:
            says = SAYS["column-missing"].format(heading=column.heading)
            yield Finding(Kind.MISSING, "column-missing", says, found.name, row, column.heading)


def _twice(sheet: Sheet, found: Worksheet, headings: _Headings) -> Iterable[Finding]:
    for name, numbers in headings.exact.items():
        if len(numbers) > 1:
            column: Column = sheet.column(name)
            columns = "、".join(map(column_letters, numbers))
            says = SAYS["column-twice"].format(heading=column.heading, columns=columns)
            yield Finding(
                Kind.INVALID,
                "column-twice",
                says,
                found.name,
                headings.row,
                column.heading,
                numbers[-1],
                column.heading,
            )
