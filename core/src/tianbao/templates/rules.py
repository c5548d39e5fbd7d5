"""Rules between cells: of one row, and of the whole workbook."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from attrs import Factory, frozen

from tianbao.templates.sentences import SAYS

Test = Callable[..., bool]
Sheets = Mapping[str, Mapping[str, Sequence[Any]]]


@frozen
class Rule:
    """A condition between the cells of a row.

    Attributes:
        code: of its finding; stable, never reused.
        says: the sentence of its finding, in 繁體中文; may name ``{value}``, ``{level}`` and the `facts`.
        fields: what its test looks at: fields of the row, or ``level`` and ``period`` of the filing. The first is
            the cell that is marked.
        test: called with the values of the fields; true where all is in order. It is asked only for rows in which
            every one of these cells could be read, and once for each combination of values: it must be pure.
        kind: the kind of row it looks at, for a rule that is not declared inside a sheet.
        facts: what the sentence names.
        hint: whether it is only said, and keeps nothing from being filed.
    """

    code: str
    says: str
    fields: tuple[str, ...]
    test: Test
    kind: str = ""
    facts: Mapping[str, object] = Factory(dict)
    hint: bool = False


@frozen
class WorkbookRule:
    """A condition between rows, across sheets.

    Attributes:
        code: of its finding; stable, never reused.
        test: called with the columns of each kind of row: what the cells mean by field, ``None`` where they cannot be
            read, and the rows' numbers under ``row``; yields ``(kind, row, field, sentence)`` for what is not in order.
        hint: whether it is only said, and keeps nothing from being filed.
    """

    code: str
    test: Callable[[Sheets], Iterable[tuple[str, int, str, str]]]
    hint: bool = False


def rule(*, says: str, kind: str = "", hint: bool = False) -> Callable[[Test], Rule]:
    """Make a rule of a function whose parameters name the fields it looks at; the first is the cell that is marked.

    Its code is the function's name with hyphens, so the name is part of what the plugin promises.

    Args:
        says: what its finding says, in 繁體中文.
        kind: the kind of row, for a rule outside a sheet's class (a rule pack's).
        hint: whether it is only said, and keeps nothing from being filed.

    Example:
        >>> @rule(says="舊案請填 0；新案請填來源代號")
        ... def source_only_for_new(sources, status):
        ...     return bool(sources) == (status == 1)
        >>> source_only_for_new.code, source_only_for_new.fields
        ('source-only-for-new', ('sources', 'status'))
    """

    def make(test: Test) -> Rule:
        fields = tuple(inspect.signature(test).parameters)
        return Rule(test.__name__.replace("_", "-"), says, fields, test, kind=kind, hint=hint)

    return make


def _same_type(sheets: Sheets) -> Iterable[tuple[str, int, str, str]]:
    pairs = {kind: (columns["teacher_code"], columns["counsellor_type"]) for kind, columns in sheets.items()}
    distinct = {pair for columns in pairs.values() for pair in set(zip(*columns, strict=True)) if None not in pair}
    if len({teacher for teacher, _ in distinct}) == len(distinct):
        return
    first: dict[object, object] = {}
    for kind, columns in pairs.items():
        for row, teacher, now in zip(sheets[kind]["row"], *columns, strict=True):
            if (teacher, now) in distinct and first.setdefault(teacher, now) != now:
                says = SAYS["same-teacher-differs"].format(teacher=teacher, other=first[teacher], value=now)
                yield kind, row, "counsellor_type", says


same_teacher_same_type = WorkbookRule("same-teacher-differs", _same_type, hint=True)
"""A teacher is of one type throughout a workbook, on whatever sheet: a hint."""
