"""Carrying a filled workbook over to another template, and saying what could not be carried."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property

import attrs
from attrs import define, frozen

from tianbao.canon import ROW_KINDS
from tianbao.carrying.values import fitting, no_note
from tianbao.cells import is_blank, text_of
from tianbao.checking import SheetRows, Verdict
from tianbao.templates import Column, Fault, Sheet, Template, ValueKind
from tianbao.templates.coded import OneOf, SomeOf
from tianbao.templates.values import Note, WholeNumber
from tianbao.workbooks import Cell, cell_name


class Carried(StrEnum):
    """What became of some cells."""

    LOST = "lost"
    """They stand in the old workbook only."""
    DOUBTFUL = "doubtful"
    """They were carried, but the new template does not take them as they are."""
    ADDED = "added"
    """The new template asks for more, and the old one says it is none."""
    TO_FILL = "to_fill"
    """The new template asks for more, and only the officer knows."""

    @property
    def label(self) -> str:
        return {"lost": "未帶入", "doubtful": "請確認", "added": "已補填", "to_fill": "請填寫"}[self]


@frozen
class Remark:
    """One thing to know of a conversion.

    Attributes:
        kind: what became of the cells.
        sheet: as in the user's workbook; the new sheet's name for what was added or is to fill.
        heading: the column, likewise; empty where the whole sheet is meant.
        says: what and why, a sentence in 繁體中文; it repeats no text of a cell.
        cells: in the user's workbook, as the user sees them; none for what was added or is to fill.
    """

    kind: Carried
    sheet: str
    heading: str
    says: str
    cells: Sequence[str] = ()


@frozen
class Conversion:
    """A workbook carried over.

    Attributes:
        template: the new one.
        rows: for ``layout.blank(template, rows=rows)``, by kind, in the new order of columns; blank rows closed up.
        remarks: what could not be carried, and what was filled or is left to fill.
    """

    template: Template
    rows: Mapping[str, Sequence[Sequence[Cell]]]
    remarks: Sequence[Remark]


def convert(verdict: Verdict, target: Template) -> Conversion:
    """Carry the rows of a checked workbook over to another template.

    Columns are the same by the name they are stored under, codes by their number; codes are written as the new template
    writes them, everything else stays as the user wrote it. What could not be read is carried as it is: the check of
    the new workbook will name it.

    Args:
        verdict: of the workbook against its own template; it need not be accepted.
        target: the template wanted.
    """
    rows: dict[str, Sequence[Sequence[Cell]]] = {}
    remarks: list[Remark] = []
    for kind, table in verdict.tables.items():
        wanted = next((sheet for sheet in target.sheets if sheet.kind == kind), None)
        if wanted:
            carrier = _Carrier(table, wanted)
            columns = [carrier.column(column) for column in wanted.columns]
            rows[kind] = list(zip(*columns, strict=True))
            remarks += [*carrier.remarks, *carrier.dropped()]
        elif table.numbers:
            says = f"新表格沒有這張工作表，{len(table.numbers)} 列資料都未帶入。"
            remarks.append(Remark(Carried.LOST, table.name, "", says))
    return Conversion(target, rows, remarks)


class _Unread:
    """Stands for a cell that is blank or could not be read."""


_UNREAD = _Unread()


@define(slots=False)
class _Carrier:
    """Carries one sheet, column by column."""

    table: SheetRows
    wanted: Sheet
    remarks: list[Remark] = attrs.Factory(list)

    @cached_property
    def cells(self) -> Mapping[str, Sequence[Cell]]:
        """The user's cells by field, of the columns the user's sheet has."""
        columns = list(zip(*self.table.cells, strict=True)) or [()] * len(self.table.sheet.columns)
        by_name = zip(self.table.sheet.columns, columns, strict=True)
        return {column.name: cells for column, cells in by_name if column.name in self.table.positions}

    @cached_property
    def values(self) -> Mapping[str, Sequence[Hashable]]:
        """What they mean."""
        return {name: _meanings(self.table.sheet.column(name).values, cells) for name, cells in self.cells.items()}

    def column(self, column: Column) -> Sequence[Cell]:
        """The cells of a new column."""
        return self._carried(column) if column.name in self.cells else self._added(column)

    def _carried(self, new: Column) -> Sequence[Cell]:
        old = self.table.sheet.column(new.name)
        done = [
            _carry(old.values, new.values, *pair)
            for pair in zip(self.cells[new.name], self.values[new.name], strict=True)
        ]
        by_reason: dict[_Reason, list[int]] = defaultdict(list)
        for index, (_, reason) in enumerate(done):
            if reason:
                by_reason[reason].append(index)
        for (kind, says), indexes in by_reason.items():
            self.remarks.append(Remark(kind, self.table.name, old.heading, says, self._places(old.name, indexes)))
        return [cell for cell, _ in done]

    def _added(self, new: Column) -> Sequence[Cell]:
        """A column the user's sheet lacks: filled with what stands for none where that is certain."""
        cells = [self._none(new, index) for index in range(len(self.table.numbers))]
        filled = sum(cell is not None for cell in cells)
        if filled:
            says = f"原檔沒有這一欄，已在 {filled} 列填入 0（無）。"
            self.remarks.append(Remark(Carried.ADDED, self.wanted.name, new.heading, says))
        if filled < len(cells):
            says = f"原檔沒有這一欄，有 {len(cells) - filled} 列請自行填寫。"
            self.remarks.append(Remark(Carried.TO_FILL, self.wanted.name, new.heading, says))
        return cells

    def _none(self, new: Column, index: int) -> Cell:
        """An explanation nobody needs, or a count of what the old form did not know: those are certainly 0."""
        kind = new.values
        if isinstance(kind, Note):
            value = self.values[kind.of][index] if kind.of in self.values else None
            return no_note(kind, {} if value is _UNREAD else {kind.of: value})
        known = attrs.fields_dict(ROW_KINDS[self.wanted.kind]).get(new.name)
        counts_nothing = isinstance(kind, WholeNumber) and known is not None and known.default == 0
        return 0 if counts_nothing and not isinstance(kind.parse(0), Fault) else None

    def dropped(self) -> Iterable[Remark]:
        """Columns the new template has no place for, where they hold something."""
        wanted = {column.name for column in self.wanted.columns}
        for old in self.table.sheet.columns:
            if old.name in self.cells and old.name not in wanted:
                holding = [index for index in range(len(self.table.numbers)) if self._holds(old, index)]
                if holding:
                    places = self._places(old.name, holding)
                    yield Remark(Carried.LOST, self.table.name, old.heading, "新表格沒有這一欄，內容未帶入。", places)
        for number, heading in enumerate(self.table.extra_headings):
            count = sum(not is_blank(cells[number]) for cells in self.table.extra_cells)
            if count:
                says = f"不是填報表格的欄位，{count} 格的內容未帶入。"
                yield Remark(Carried.LOST, self.table.name, heading, says)

    def _holds(self, old: Column, index: int) -> bool:
        """Whether a cell says more than that there is nothing."""
        value = self.values[old.name][index]
        if is_blank(self.cells[old.name][index]):
            return False
        return value is _UNREAD or (
            value not in (None, ()) and not (value == 0 and isinstance(old.values, WholeNumber))
        )

    def _places(self, name: str, indexes: Iterable[int]) -> Sequence[str]:
        return [cell_name(self.table.numbers[index], self.table.positions[name]) for index in indexes]


def _meanings(kind: ValueKind, cells: Sequence[Cell]) -> Sequence[Hashable]:
    """Each distinct cell is read once."""
    plain = [text_of(cell) if isinstance(cell, bool) else cell for cell in cells]  # True == 1 would share its meaning
    read = {cell: _UNREAD if is_blank(cell) else kind.parse(cell) for cell in set(plain)}
    return [_UNREAD if isinstance(read[cell], Fault) else read[cell] for cell in plain]


_Reason = tuple[Carried, str]


def _carry(old: ValueKind, new: ValueKind, raw: Cell, value: Hashable) -> tuple[Cell, _Reason | None]:
    """The new cell, and what must be said of it."""
    if value is _UNREAD:
        return raw, None
    if isinstance(new, OneOf | SomeOf) and isinstance(value, int | tuple):
        return _code(old, new, value)
    cell = raw if value is None or new.parse(raw) == value else new.write(value)
    if cell is None or isinstance(new.parse(cell), Fault):
        return raw, (Carried.DOUBTFUL, f"新表格的填法不同：{new.in_short()}")
    return cell, None


def _code(old: ValueKind, new: OneOf | SomeOf, value: int | tuple[int, ...]) -> tuple[Cell, _Reason | None]:
    """A code that is gone goes where the new list knows its words as an alias: two codes became one."""
    into = old.codes.gone_into(new.codes) if isinstance(old, OneOf | SomeOf) else {}
    gone = {number: code.number for number, code in into.items()}
    now = tuple(dict.fromkeys(gone.get(number, number) for number in value)) if isinstance(value, tuple) else value
    cell, lost = fitting(new, gone.get(now, now) if isinstance(now, int) else now)
    if lost:
        return cell, (Carried.LOST, f"新表格沒有{_named(old, lost)}，請改選其他代號。")
    merged = [number for number in (value if isinstance(value, tuple) else (value,)) if number in gone]
    if merged:
        now_in = _named(new, [gone[number] for number in merged])
        return cell, (Carried.DOUBTFUL, f"新表格把{_named(old, merged)}併入{now_in}，已改填。")
    return cell, None


def _named(old: ValueKind, numbers: Sequence[int]) -> str:
    """Codes as the old template calls them."""
    if isinstance(old, OneOf | SomeOf):
        return "、".join(old.codes.show(old.codes.by_number[number]) for number in numbers)
    return "、".join(map(str, numbers))
