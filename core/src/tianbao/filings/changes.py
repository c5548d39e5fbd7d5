"""What a corrected workbook changes: rows added, removed, altered, in words an officer reads before it is accepted."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import zip_longest

from attrs import fields_dict, frozen

from tianbao.canon import Case, Service
from tianbao.clock import spoken_date
from tianbao.templates import Column, Sheet, Template
from tianbao.templates.coded import OneOf, SomeOf
from tianbao.templates.codes import CodeList

Row = Case | Service
Rows = Mapping[str, Sequence[Row]]
"""By kind: ``case``, ``service``."""

_SAME = {"case": ("teacher_code", "student_code"), "service": ("teacher_code", "item", "audience")}
"""By what two rows are the same where the form does not say: it wants a row for each teacher × item × audience."""
NONE = "無"


class Kind(StrEnum):
    """What became of a row."""

    ADDED = "added"
    REMOVED = "removed"
    ALTERED = "altered"

    @property
    def label(self) -> str:
        return {"added": "新增", "removed": "刪除", "altered": "修改"}[self]


@frozen
class Difference:
    """A column whose cell is another now.

    Attributes:
        heading: as the form has it.
        before: in words, codes with their labels; empty where the row is added.
        after: likewise; empty where the row is removed.
    """

    heading: str
    before: str
    after: str


@frozen
class Change:
    """A row that is not as it was.

    Attributes:
        kind: what became of it.
        rows: ``case`` or ``service``.
        called: which row it is, in words: 教師編碼 T1、學生代號 S001.
        differences: the columns that differ; all that hold something where the row is added or removed.
    """

    kind: Kind
    rows: str
    called: str
    differences: Sequence[Difference]


@frozen
class Changes:
    """All that a corrected workbook changes.

    Attributes:
        changes: in the order of the form's sheets: removed, altered, added.
        unchanged: so many rows stay as they are.
    """

    changes: Sequence[Change]
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.changes)

    def of(self, kind: Kind, rows: str | None = None) -> Sequence[Change]:
        """Those of a kind; of ``case`` or ``service`` rows only, where that is named."""
        return [each for each in self.changes if each.kind is kind and rows in {None, each.rows}]

    @property
    def spoken(self) -> str:
        """In a sentence, such as 「新增 2 列、刪除 1 列、修改 3 列，其餘 12 列不變。」."""
        counts = [(kind.label, len(self.of(kind))) for kind in (Kind.ADDED, Kind.REMOVED, Kind.ALTERED)]
        says = "、".join(f"{label} {count:,} 列" for label, count in counts if count)
        return (
            f"{says}，其餘 {self.unchanged:,} 列不變。" if says else f"內容與原填報資料相同（{self.unchanged:,} 列）。"
        )


def changes(before: Rows, after: Rows, template: Template) -> Changes:
    """Compare the rows in force with those of a corrected workbook.

    A case is the same case by what the form does not let two rows share (the student, and the teacher where the form
    has a row for each), a service by teacher, item and audience. Where several rows are the same by that, equal ones
    are taken for each other first, then the others in their order. The order of rows says nothing.

    Args:
        before: the rows in force; none after a nil filing.
        after: the rows of the workbook.
        template: of the month.
    """
    found: list[Change] = []
    unchanged = 0
    for sheet in template.sheets:
        pairs = _pairs(sheet, before.get(sheet.kind, ()), after.get(sheet.kind, ()))
        described = [_change(sheet, old, new) for old, new in pairs]
        found += sorted(filter(None, described), key=lambda change: _ORDER.index(change.kind))
        unchanged += described.count(None)
    return Changes(found, unchanged)


_ORDER = (Kind.REMOVED, Kind.ALTERED, Kind.ADDED)
_Values = tuple[Hashable, ...]
"""A row as its values in the sheet's order of columns."""


def _pairs(
    sheet: Sheet, before: Iterable[Row], after: Iterable[Row]
) -> Iterator[tuple[_Values | None, _Values | None]]:
    """Each row with what became of it."""
    names = [column.name for column in sheet.columns]
    key = [names.index(name) for name in _key(sheet)]
    groups: dict[_Values, tuple[list[_Values], list[_Values]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((before, after)):
        for row in rows:
            values = tuple(_value(row, name) for name in names)
            groups[tuple(values[place] for place in key)][side].append(values)
    for olds, news in groups.values():
        same = Counter(olds) & Counter(news)
        yield from ((values, values) for values in same.elements())
        yield from zip_longest(_without(olds, same), _without(news, same))


def _key(sheet: Sheet) -> Sequence[str]:
    names = {column.name for column in sheet.columns}
    return sheet.unique or [name for name in _SAME[sheet.kind] if name in names]


def _value(row: Row, name: str) -> Hashable:
    value = getattr(row, name) if name in fields_dict(type(row)) else row.extras.get(name)
    return value if isinstance(value, Hashable) else repr(value)


def _without(rows: Iterable[_Values], taken: Counter[_Values]) -> Iterator[_Values]:
    """The rows but so many of each."""
    still = Counter(taken)
    for values in rows:
        if still[values]:
            still[values] -= 1
        else:
            yield values


def _change(sheet: Sheet, old: _Values | None, new: _Values | None) -> Change | None:
    """What became of a row; ``None`` where it stays as it is."""
    if old == new:
        return None
    nothing: _Values = (None,) * len(sheet.columns)
    kind = Kind.ADDED if old is None else Kind.REMOVED if new is None else Kind.ALTERED
    differences = [
        Difference(
            column.heading,
            in_words(column, before) if old else "",
            in_words(column, after) if new else "",
        )
        for column, before, after in zip(sheet.columns, old or nothing, new or nothing, strict=True)
        if before != after and {before, after} != {None, ()}
    ]
    return Change(kind, sheet.kind, _called(sheet, new or old or nothing), differences)


def _called(sheet: Sheet, values: _Values) -> str:
    named = dict(zip((column.name for column in sheet.columns), values, strict=True))
    columns = [sheet.column(name) for name in _key(sheet)]
    return "、".join(f"{column.heading} {in_words(column, named[column.name])}" for column in columns)


def in_words(column: Column, value: Hashable) -> str:
    """A value as a person reads it: 5 情緒困擾, 生理女, 3 家庭困擾、10 脆弱家庭, 無."""
    if value is None or value == ():
        return NONE
    if isinstance(column.values, OneOf | SomeOf):
        numbers = value if isinstance(value, tuple) else (value,)
        return "、".join(_code(column.values.codes, number) for number in numbers)
    return spoken_date(value) if isinstance(value, dt.date) else str(value)


def _code(codes: CodeList, number: Hashable) -> str:
    code = codes.by_number.get(number) if isinstance(number, int) else None
    if code is None:
        return str(number)
    return code.label if codes.words else str(code)
