"""Rules between cells: of one row, and of the whole workbook."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from attrs import Factory, frozen

from tianbao.templates.sentences import SAYS

Test = Callable[..., bool]
Sheets = Mapping[str, Mapping[str, Sequence[Any]]]
Places = Iterable[tuple[str, int, str, Mapping[str, object]]]


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
        says: the sentence of its finding, in 繁體中文, behind the heading; may name the facts of the place.
        test: called with the columns of each kind of row: what the cells mean by field, ``None`` where they cannot be
            read, and the rows' numbers under ``row``; yields ``(kind, row, field, facts)`` for what is not in order.
        hint: whether it is only said, and keeps nothing from being filed.
    """

    code: str
    says: str
    test: Callable[[Sheets], Places]
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


def workbook_rule(*, says: str, hint: bool = False) -> Callable[[Callable[[Sheets], Places]], WorkbookRule]:
    """Make a rule across rows and sheets of a function that yields each place that is not in order.

    Its code is the function's name with hyphens, as that of a `rule`.

    Args:
        says: what its finding says behind the heading, in 繁體中文; may name the facts of the place.
        hint: whether it is only said, and keeps nothing from being filed.

    Example:
        >>> @workbook_rule(says="「{teacher}」沒有填任何服務。請在服務表補上這位教師的服務。")
        ... def cases_come_with_services(sheets):
        ...     case, service = sheets["case"], sheets["service"]
        ...     for row, teacher in zip(case["row"], case["teacher_code"]):
        ...         if teacher not in (None, *service["teacher_code"]):
        ...             yield "case", row, "teacher_code", {"teacher": teacher}
        >>> list(cases_come_with_services.test({
        ...     "case": {"row": [4, 5], "teacher_code": ["T1", "T2"]},
        ...     "service": {"row": [5], "teacher_code": ["T1"]},
        ... }))
        [('case', 5, 'teacher_code', {'teacher': 'T2'})]
    """
    return lambda test: WorkbookRule(test.__name__.replace("_", "-"), says, test, hint)


def _same_type(sheets: Sheets) -> Places:
    pairs = {kind: (columns["teacher_code"], columns["counsellor_type"]) for kind, columns in sheets.items()}
    distinct = {pair for columns in pairs.values() for pair in set(zip(*columns, strict=True)) if None not in pair}
    if len({teacher for teacher, _ in distinct}) == len(distinct):
        return
    first: dict[object, object] = {}
    for kind, columns in pairs.items():
        for row, teacher, now in zip(sheets[kind]["row"], *columns, strict=True):
            if (teacher, now) in distinct and first.setdefault(teacher, now) != now:
                yield kind, row, "counsellor_type", {"teacher": teacher, "other": first[teacher], "value": now}


same_teacher_same_type = WorkbookRule("same-teacher-differs", SAYS["same-teacher-differs"], _same_type, hint=True)
"""A teacher is of one type throughout a workbook, on whatever sheet: a hint."""
