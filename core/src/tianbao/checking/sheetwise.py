"""What is checked of a sheet besides its cells: its title, what is hidden, merges, repeated rows, history."""

import re
from collections.abc import Iterable, Sequence

from tianbao.canon import CONTINUED, NEW
from tianbao.cells import text_of
from tianbao.checking.context import Context
from tianbao.checking.findings import Finding, Kind
from tianbao.checking.rows import BAD, Rows
from tianbao.periods import ROC, Period
from tianbao.templates import Fault
from tianbao.templates.sentences import SAYS
from tianbao.workbooks import Area, Cell, column_letters


def title(rows: Rows, context: Context) -> Iterable[Finding]:
    """The title's month, where it still stands, is the period's: ``[112-09]``, 【112-09】, 112年9月."""
    for number, cells in enumerate(rows.at.found.rows[: rows.at.heading_row - 1], 1):
        for position, cell in enumerate(cells, 1):
            titled = _titled(cell)
            if titled and context.period and titled != context.period:
                says = SAYS["title-period"].format(title=titled.spoken, period=context.period.spoken)
                name, value = rows.at.found.name, text_of(cell)
                yield Finding(Kind.INVALID, "title-period", says, name, number, "標題", position, value)


_TITLE = re.compile(
    r"""[\[(【〔「《〈{]\s*(?:民國)?\s*(\d{2,3})\s*[-./年–]\s*(\d{1,2})\s*月?份?\s*[])】〕」》〉}]
      | (?<!\d)(\d{2,3})\s*年\s*(\d{1,2})\s*月(?!\s*(?:\d|起|前|後|底|修|版))""",
    re.VERBOSE,
)
"""The year counts in ROC years. A month from which on something holds (113年8月起) is not the title's."""


def _titled(cell: Cell) -> Period | None:
    """The month a title names; none where it names several."""
    named = {found.expand(r"\1\3-\2\4") for found in _TITLE.finditer(text_of(cell))} if isinstance(cell, str) else ()
    months = [(int(year) + ROC, int(month)) for year, month in (name.split("-") for name in named)]
    if len(months) != 1 or not 1 <= months[0][1] <= 12:  # noqa: PLR2004 -- months
        return None
    return Period(*months[0])


def unseen(rows: Rows, _context: Context) -> Iterable[Finding]:
    """What the user may not see of the sheet, and what will not be filed of it."""
    found = rows.at.found
    if rows.numbers and not found.visible:
        yield Finding(Kind.HINT, "hidden-sheet", SAYS["hidden-sheet"], found.name)
    if hidden := sorted(found.hidden_rows.intersection(rows.numbers)):
        says = SAYS["hidden-rows"].format(count=len(hidden), rows=_spans(hidden))
        yield Finding(Kind.HINT, "hidden-rows", says, found.name, hidden[0])
    for number, heading in rows.at.extra.items():
        says = SAYS["extra-column"].format(
            heading=f"「{heading}」" if heading else f"沒有標題的 {column_letters(number)} "
        )
        yield Finding(Kind.HINT, "extra-column", says, found.name, rows.at.heading_row, heading, number)


def _spans(numbers: Sequence[int]) -> str:
    """Row numbers in short: 6～9、12."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    shown = [str(first) if first == last else f"{first}～{last}" for first, last in spans[:10]]
    return "、".join(shown) + ("…" if len(spans) > len(shown) else "")


def merges(rows: Rows, _context: Context) -> Iterable[Finding]:
    """Merged cells: one value for several rows of a column is understood, except a count; across columns nothing is."""
    sheet, positions = rows.at.sheet, rows.at.positions
    measured = {
        positions[column.name]: column for column in sheet.columns if column.measure and column.name in positions
    }
    begun, seen = set(rows.numbers), set[Area]()
    for (row, position), area in rows.merged.items():
        across = area.first_column != area.last_column
        if area in seen or row not in begun or not (across or position in measured):
            continue
        seen.add(area)
        code = "merged-across" if across else "merged-count"
        heading = "" if across else measured[position].heading
        yield Finding(Kind.INVALID, code, SAYS[code].format(area=area), rows.at.found.name, row, heading, position)


def unique(rows: Rows, _context: Context) -> Iterable[Finding]:
    """No two rows share the fields that must be unique together."""
    names = rows.at.sheet.unique
    if not names or any(name not in rows.raw for name in names):
        return
    keys = [rows.values[name] for name in names]
    if any(len(set(values)) == len(rows.numbers) for values in keys):
        return  # most often the students alone tell all rows apart
    column = rows.at.sheet.column(names[-1])
    what = "＋".join(rows.at.sheet.column(name).heading for name in names)
    first: dict[tuple[object, ...], int] = {}
    for index, key in enumerate(zip(*keys, strict=True)):
        if BAD in key or None in key:
            continue
        if (before := first.setdefault(key, index)) != index:
            yield rows.finding(index, column, Fault("duplicate-row", {"first": rows.numbers[before], "what": what}))


def history(rows: Rows, context: Context) -> Iterable[Finding]:
    """舊案 should have been filed before, 新案 should not: a hint, since codes and systems change."""
    known = context.known_students
    if known is None or not {"student_code", "status"} <= rows.raw.keys():
        return
    column = rows.at.sheet.column("status")
    for index, (code, status) in enumerate(zip(rows.values["student_code"], rows.values["status"], strict=True)):
        if code is BAD:
            continue
        if status == NEW and code in known:
            yield rows.finding(index, column, Fault("filed-before"), Kind.HINT)
        elif status == CONTINUED and code not in known:
            yield rows.finding(index, column, Fault("not-filed-before"), Kind.HINT)


SHEET_CHECKS = (title, unseen, merges, unique, history)
