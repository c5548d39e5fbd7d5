"""One sheet under check: what stands in the rows that were begun, column by column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress

from attrs import Factory, define, evolve, fields

from tianbao import personal
from tianbao.canon import ROW_KINDS, Case, Service
from tianbao.cells import is_blank, text_of
from tianbao.checking.findings import Finding, Kind, SheetRows
from tianbao.checking.recognise import Located
from tianbao.templates import Column, Fault
from tianbao.workbooks import Area, Cell, Worksheet


class _Bad:
    """Stands for the value of a cell that could not be read, so that rules leave it alone."""


BAD = _Bad()


@define
class Rows:
    """The begun rows of a sheet.

    Attributes:
        at: where the sheet was found.
        numbers: Excel's row numbers.
        raw: by field, the cells as the user wrote them.
        values: by field, what they mean; `BAD` where they cannot be read. Filled by the check of the columns.
        merged: by (row, column), the merged area a cell of the data lies in.
        extra_cells: by row, the cells under headings the template does not know.
    """

    at: Located
    numbers: Sequence[int]
    raw: Mapping[str, Sequence[Cell]]
    merged: Mapping[tuple[int, int], Area]
    extra_cells: Sequence[Sequence[Cell]] = ()
    values: dict[str, list[object]] = Factory(dict)

    @classmethod
    def read(cls, at: Located) -> "Rows":
        rows = at.found.rows[at.first_row - 1 :]
        merged = _merged(at)
        columns = _columns(rows)
        columns += [[None] * len(rows) for _ in range(max(at.positions.values()) - len(columns))]
        measured = {
            at.positions[column.name] for column in at.sheet.columns if column.measure and column.name in at.positions
        }
        for (row, column), area in merged.items():
            if (row, column) != (area.first_row, area.first_column):
                shared = area.first_column == area.last_column and column not in measured
                columns[column - 1][row - at.first_row] = _corner(at.found, area) if shared else None
        raw = {name: columns[position - 1] for name, position in at.positions.items()}
        begun = _begun(raw.values(), len(rows))
        if not all(begun):
            raw = {name: list(compress(cells, begun)) for name, cells in raw.items()}
        numbers = list(compress(range(at.first_row, at.first_row + len(rows)), begun))
        at = evolve(at, extra=at.extra | _loose(at, columns))
        extended = numbers if at.extra else ()
        extra = [[_at(at.found.rows[number - 1], column) for column in at.extra] for number in extended]
        return cls(at, numbers, raw, merged, extra)

    def finding(self, index: int, column: Column, fault: Fault, kind: Kind = Kind.INVALID) -> Finding:
        """What is wrong with a cell of the ``index``-th row."""
        value = text_of(self.raw[column.name][index])
        if fault.secret or personal.national_id(value) or personal.telephone(value):
            value = _masked(value)
        return Finding(
            kind,
            fault.code,
            fault.sentence(_short(value)),
            self.at.found.name,
            self.numbers[index],
            column.heading,
            self.at.positions[column.name],
            value,
        )

    def table(self) -> SheetRows:
        """The rows as the user wrote them, in the template's order of columns."""
        blank: Sequence[Cell] = [None] * len(self.numbers)
        columns = [self.raw.get(column.name, blank) for column in self.at.sheet.columns]
        return SheetRows(
            self.at.sheet,
            self.at.found.name,
            self.numbers,
            list(zip(*columns, strict=True)),
            self.at.positions,
            self.at.first_row,
            _title(self.at),
            list(self.at.extra.values()),
            list(self.at.extra),
            self.extra_cells,
        )

    def columns(self) -> "Columns":
        return Columns(self)

    def canonical(self) -> Iterable[Case | Service]:
        """The rows as the store keeps them; a template's own columns go with the extras."""
        make = ROW_KINDS[self.at.sheet.kind]
        own = {field.name for field in fields(make)}
        typed = [name for name in self.values if name in own]
        extra = [name for name in self.values if name not in own]
        for index in range(len(self.numbers)):
            extras = {name: self.values[name][index] for name in extra if self.values[name][index] is not None}
            yield make(**{name: self.values[name][index] for name in typed}, extras=extras)  # type: ignore[arg-type]


class Columns(Mapping[str, Sequence[object]]):
    """What the cells mean, by field, ``None`` where they cannot be read; the rows' numbers stand under ``row``."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def __getitem__(self, name: str) -> Sequence[object]:
        if name == "row":
            return self._rows.numbers
        values = self._rows.values[name]
        return [None if value is BAD else value for value in values] if BAD in values else values

    def __iter__(self) -> Iterator[str]:
        yield "row"
        yield from self._rows.values

    def __len__(self) -> int:
        return 1 + len(self._rows.values)


def _columns(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Turn rows into columns, short rows filled up: all cells in one line, of which a column is every ``width``-th."""
    width = max(map(len, rows), default=0)
    if min(map(len, rows), default=0) < width:
        rows = [[*cells, *[None] * (width - len(cells))] for cells in rows]
    line = list(chain.from_iterable(rows))
    return [line[column::width] for column in range(width)]


def _title(at: Located) -> str:
    above = at.found.rows[: at.heading_row - 1]
    return next((text_of(cell) for cells in above[: at.sheet.title_row] for cell in cells if not is_blank(cell)), "")


def _at(cells: Sequence[Cell], position: int) -> Cell:
    return cells[position - 1] if position <= len(cells) else None


def _loose(at: Located, columns: Sequence[Sequence[Cell]]) -> dict[int, str]:
    """Columns that hold something under no heading at all."""
    known = {*at.positions.values(), *at.extra}
    others = (number for number in range(1, len(columns) + 1) if number not in known)
    return {number: "" for number in others if any(not is_blank(cell) for cell in set(columns[number - 1]))}


def _begun(columns: Iterable[Sequence[Cell]], length: int) -> list[bool]:
    """Which rows hold anything in the template's columns; trailing formats and blank rows between hold nothing."""
    begun = [False] * length
    for cells in columns:
        blank = {cell for cell in set(cells) if is_blank(cell)}
        if not blank:
            return [True] * length
        begun = [so_far or cell not in blank for so_far, cell in zip(begun, cells, strict=True)]
        if all(begun):
            break
    return begun


def _merged(at: Located) -> dict[tuple[int, int], Area]:
    """The merged areas that touch the data, by each of their cells within the template's columns."""
    last, columns = len(at.found.rows), sorted(at.positions.values())
    return {
        (row, column): area
        for area in at.found.merges
        if area.last_row >= at.first_row
        for row in range(max(area.first_row, at.first_row), min(area.last_row, last) + 1)
        for column in columns
        if area.first_column <= column <= area.last_column
    }


def _corner(found: Worksheet, area: Area) -> Cell:
    return _at(found.rows[area.first_row - 1], area.first_column)


def _short(value: str, longest: int = 40) -> str:
    return value if len(value) <= longest else f"{value[:longest]}…"


def _masked(value: str) -> str:
    return value[:1] + "＊" * (len(value) - 1)
