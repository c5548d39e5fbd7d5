"""What a column can hold of a value known by its canonical meaning."""

from collections.abc import Hashable, Mapping

from tianbao.templates import Column, Fault
from tianbao.templates.coded import OneOf, SomeOf
from tianbao.templates.values import Note
from tianbao.workbooks import Cell


def fitting(kind: OneOf | SomeOf, value: Hashable) -> tuple[Cell, tuple[int, ...]]:
    """The cell for a code, or for several, and the codes the column cannot hold.

    Codes mean the same in every template by their number, whatever the words for them are.
    """
    wanted = tuple(value) if isinstance(value, tuple) else (value,)
    numbers = [number for number in wanted if isinstance(number, int)]
    kept = tuple(number for number in numbers if number in kind.codes.by_number)
    lost = tuple(number for number in numbers if number not in kept)
    if isinstance(kind, SomeOf):
        return (None if lost and not kept else kind.write(kept)), lost
    return (kind.write(kept[0]), lost) if len(kept) == 1 else (None, lost or kept)


def cell_for(column: Column, values: Mapping[str, Hashable]) -> Cell:
    """The cell of a column for a row of canonical values by field; blank where that is not known or does not fit."""
    kind, value = column.values, values.get(column.name)
    if isinstance(kind, Note):
        return kind.write(value) if value is not None else no_note(kind, values)
    if value is None:
        return None
    cell = fitting(kind, value)[0] if isinstance(kind, OneOf | SomeOf) else kind.write(value)
    return None if cell is None or isinstance(kind.parse(cell), Fault) else cell


def no_note(kind: Note, values: Mapping[str, Hashable]) -> Cell:
    """0 where the code that wants an explanation is certainly not chosen, else blank."""
    chosen = values.get(kind.of)
    if chosen is None:
        return None
    wanted = kind.when.number in chosen if isinstance(chosen, tuple) else chosen == kind.when.number
    return None if wanted else kind.write(None)
