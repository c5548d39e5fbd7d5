"""Rows as schools might file them: issues skewed as they are nationally (情緒困擾, 人際困擾 and 家庭困擾 lead)."""

import random
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from attrs import fields

from tianbao.canon import CONTINUED, NEW, OTHER_ISSUE, OTHER_ITEM, ROW_KINDS, Case, Service
from tianbao.carrying.values import cell_for
from tianbao.periods import Period
from tianbao.templates import Sheet
from tianbao.units import Level
from tianbao.workbooks import Cell

_ISSUES = (5, 5, 5, 5, 1, 1, 1, 3, 3, 3, 6, 12, 4, 8, 14, 15, 13, 16, 2, 9, 10, 11, 7, 18)
_SERVICES = ((1, None), (2, None), (3, 14), (4, 13), (5, 13), (11, None), (14, None))
"""Items, and the audience that goes with each; ``None`` is a grade."""


def cells_of(sheet: Sheet, level: Level, period: Period, chance: random.Random) -> Iterator[list[Cell]]:
    """Rows of a sheet; what the demo does not know, or the form does not take, is as in the form's own example."""
    for number in range(chance.randrange(3, 9)):
        values = _MAKE[sheet.kind](number, level, period, chance)
        cells = ((cell_for(column, values), column) for column in sheet.columns)
        yield [column.example[0] if cell is None else cell for cell, column in cells]


def rows_of(
    size: int, level: Level, period: Period, chance: random.Random
) -> Mapping[str, Sequence[tuple[int, Case | Service]]]:
    """Rows as the store keeps them, about so many of each kind, numbered as in a workbook."""
    return {
        kind: [
            (number + 4, _row(kind, make(number, level, period, chance)))
            for number in range(max(1, size + chance.randrange(-1, 2)))
        ]
        for kind, make in _MAKE.items()
    }


def _row(kind: str, values: Mapping[str, Hashable]) -> Case | Service:
    typed: dict[str, Any] = {name: values[name] for name in _TYPED[kind]}
    return ROW_KINDS[kind](**typed)


def _case(number: int, level: Level, period: Period, chance: random.Random) -> dict[str, Hashable]:
    opened = chance.random() < (0.6 if period.month in {2, 9} else 0.2)
    issue = chance.choice(_ISSUES)
    others = [other for other in (3, 1, 6, 12) if other != issue]
    return {
        "teacher_code": f"T{number % 2 + 1}",
        "counsellor_type": number % 2 + 1,
        "student_code": f"{period.school_year}S{number + 1:03}",
        "grade": level.grades[number % len(level.grades)],
        "sex": chance.choice((1, 2)),
        "sex_note": None,
        "identity": chance.choice((0, 0, 0, 0, 9, 11)),
        "status": NEW if opened else CONTINUED,
        "sources": (chance.choice((1, 2, 3, 3, 5)),) if opened else (),
        "referral": chance.choice((2, 2, 2, 2, 1, 3)),
        "main_issue": issue,
        "main_issue_note": "適應新環境" if issue == OTHER_ISSUE else None,
        "secondary_issues": tuple(chance.sample(others, chance.choice((0, 1, 2)))),
        "secondary_issues_note": None,
        "sessions": chance.randrange(1, 7),
    }


def _service(number: int, level: Level, _period: Period, chance: random.Random) -> dict[str, Hashable]:
    item, audience = chance.choice(_SERVICES)
    return {
        "teacher_code": f"T{number % 2 + 1}",
        "counsellor_type": number % 2 + 1,
        "item": item,
        "item_note": "說明" if item == OTHER_ITEM else None,
        "audience": audience or chance.choice(level.grades),
        "male": chance.randrange(1, 16),
        "female": chance.randrange(16),
        "other": 0,
    }


_MAKE = {"case": _case, "service": _service}
_TYPED = {kind: [each.name for each in fields(make) if each.name != "extras"] for kind, make in ROW_KINDS.items()}
