"""續報: last month's students whose counselling goes on, as the rows a new month's workbook begins with."""

from collections.abc import Hashable, Iterable, Mapping, Sequence

import attrs
from attrs import frozen

from tianbao.canon import CONTINUED, Case
from tianbao.carrying.values import cell_for
from tianbao.periods import Period
from tianbao.templates import Sheet, Template
from tianbao.units import Level
from tianbao.workbooks import Cell

REFERRED_NOW, SERVICE_ENDED = 1, 4
"""轉介概況: 「本月轉介輔諮中心」 and 「已轉介，該中心服務至本月結案」."""


@frozen
class LeftOut:
    """A student who is not carried over.

    Attributes:
        student_code: the school's own.
        code: a stable name of the reason: ``ended``, ``left-level``, ``repeated``.
        says: the reason, a sentence in 繁體中文.
    """

    student_code: str
    code: str
    says: str


@frozen
class Continuation:
    """What a new month begins with.

    Attributes:
        rows: for ``layout.blank(template, rows={"case": rows})``, in the template's order of columns.
        left_out: who is not among them, and why.
    """

    rows: Sequence[Sequence[Cell]]
    left_out: Sequence[LeftOut]


def continued(cases: Iterable[Case], template: Template, level: Level, *, last: Period, period: Period) -> Continuation:
    """The rows of last month's cases that go on.

    Kept are codes, teacher, grade, sex, identity and issues; every case is a 舊案, so its source is 0; sessions are
    left for the officer. With a new school year everybody moves up a grade.

    A case whose centre ended its service (轉介概況 4) counts as ended: it is the only end the form knows. A case
    referred last month (1) has its referral left blank, since only the officer knows what became of it; 2 and 3 stand
    until they change. What the new template cannot hold is left blank.

    Args:
        cases: the rows in force of the last month.
        template: the one of the new month.
        level: of the unit; who outgrows its grades is left out.
        last: the month the cases are of.
        period: the new month.
    """
    sheet, years = template.sheet("case"), period.school_year - last.school_year
    rows: dict[object, Sequence[Cell]] = {}
    left_out: list[LeftOut] = []
    for number, case in enumerate(cases):
        values = _values(case, years)
        row = [cell_for(column, values) for column in sheet.columns]
        key = _key(sheet, values) or number
        reason = (
            _ended(case) or (_outgrown(case, level, years) if years else None) or (_REPEATED if key in rows else None)
        )
        if reason:
            left_out.append(LeftOut(case.student_code or "", *reason))
        else:
            rows[key] = row
    return Continuation(list(rows.values()), left_out)


def _values(case: Case, years: int) -> Mapping[str, Hashable]:
    """What the case will be in the new month, by field; what is left for the officer is not among it."""
    known: dict[str, Hashable] = {
        name: value
        for name, value in {**case.extras, **attrs.asdict(case, recurse=False)}.items()
        if name not in ("extras", "sessions") and isinstance(value, Hashable)
    }
    known |= {"status": CONTINUED, "sources": ()}
    if case.grade is not None:
        known["grade"] = case.grade + years
    if case.referral == REFERRED_NOW:
        del known["referral"]
    return known


def _key(sheet: Sheet, values: Mapping[str, Hashable]) -> object:
    """What no two rows of the sheet may share; nothing where it is not known in full."""
    key = tuple(values.get(name) for name in sheet.unique)
    return key if key and None not in key else None


def _ended(case: Case) -> tuple[str, str] | None:
    return ("ended", "輔諮中心的服務已於上月結案。") if case.referral == SERVICE_ENDED else None


def _outgrown(case: Case, level: Level, years: int) -> tuple[str, str] | None:
    if case.grade is None or case.grade + years in level.grades:
        return None
    return "left-level", f"新學年度已升學或畢業（原 {case.grade} 年級），不再是{level.label}的學生。"


_REPEATED = "repeated", "上月由多位教師填報，新表格一位學生只填一列；已保留第一列。"
