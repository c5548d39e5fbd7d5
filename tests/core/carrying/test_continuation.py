"""續報: a blank that already holds last month's students whose counselling goes on."""

import pytest
from attrs import evolve

from tianbao.canon import Case
from tianbao.carrying import continued
from tianbao.checking import Context, check
from tianbao.periods import Period
from tianbao.templates.layout import blank
from tianbao.units import Level
from tianbao.workbooks import Workbook, Worksheet
from tianbao_templates_111 import TEMPLATE as T111
from tianbao_templates_113 import TEMPLATE as T113

SEPTEMBER, OCTOBER = Period(2024, 9), Period(2024, 10)
JULY, AUGUST = Period(2025, 7), Period(2025, 8)

CASE = Case(
    teacher_code="T1", counsellor_type=1, student_code="S1", grade=7, sex=2, identity=3, status=1, sources=(3, 2),
    referral=2, main_issue=19, main_issue_note="適應", secondary_issues=(3, 10), sessions=4,
)  # fmt: skip


def goes_on(*cases, template=T113, level=Level.JUNIOR_HIGH, last=SEPTEMBER, period=OCTOBER):
    return continued(cases, template, level, last=last, period=period)


def rows_of(continuation, template=T113):
    names = [column.name for column in template.sheet("case").columns]
    return [dict(zip(names, row, strict=True)) for row in continuation.rows]


def test_a_student_goes_on_as_an_old_case_with_the_sessions_left_to_fill():
    (row,) = rows_of(goes_on(CASE))
    assert row == {
        "teacher_code": "T1", "counsellor_type": 1, "student_code": "S1", "grade": 7, "sex": "生理女", "sex_note": 0,
        "identity": 3, "status": 2, "sources": 0, "referral": 2, "main_issue": 19, "main_issue_note": "適應",
        "secondary_issues": "3,10", "secondary_issues_note": 0, "sessions": None,
    }  # fmt: skip


@pytest.mark.parametrize("template", [T111, T113])
def test_with_the_sessions_filled_in_the_rows_are_accepted(template):
    cases = [CASE, evolve(CASE, student_code="S2", main_issue=5, main_issue_note=None, secondary_issues=())]
    rows = [[*row[:-1], 3] for row in goes_on(*cases, template=template).rows]
    pages = blank(template, rows={"case": rows}).pages
    book = Workbook([Worksheet(page.name, [list(row) for row in page.rows]) for page in pages if not page.hidden])
    verdict = check(book, template, Context(OCTOBER, Level.JUNIOR_HIGH, frozenset({"S1", "S2"})))
    assert (verdict.findings, verdict.hints) == ([], [])
    assert [case.student_code for case in verdict.cases] == ["S1", "S2"]


def test_whose_service_ended_is_left_out_and_listed():
    on = goes_on(CASE, evolve(CASE, student_code="S2", referral=4))
    assert [row["student_code"] for row in rows_of(on)] == ["S1"]
    assert [(each.student_code, each.code) for each in on.left_out] == [("S2", "ended")]
    assert on.left_out[0].says == "輔諮中心的服務已於上月結案。"


@pytest.mark.parametrize(("referral", "cell"), [(1, None), (2, 2), (3, 3), (None, None)])
def test_a_referral_stands_unless_it_was_made_last_month(referral, cell):
    (row,) = rows_of(goes_on(evolve(CASE, referral=referral)))
    assert row["referral"] == cell


@pytest.mark.parametrize(
    ("level", "grade", "stays"),
    [
        (Level.ELEMENTARY, 5, True),
        (Level.ELEMENTARY, 6, False),
        (Level.JUNIOR_HIGH, 8, True),
        (Level.JUNIOR_HIGH, 9, False),
        (Level.SENIOR_HIGH, 12, False),
        (Level.CENTRE, 6, True),
        (Level.CENTRE, 12, False),
    ],
)
def test_with_a_new_school_year_everybody_moves_up_or_leaves(level, grade, stays):
    on = goes_on(evolve(CASE, grade=grade), level=level, last=JULY, period=AUGUST)
    assert [row["grade"] for row in rows_of(on)] == ([grade + 1] if stays else [])
    assert [each.code for each in on.left_out] == ([] if stays else ["left-level"])


def test_who_leaves_is_told_from_where():
    (left,) = goes_on(evolve(CASE, grade=6), level=Level.ELEMENTARY, last=JULY, period=AUGUST).left_out
    assert left.says == "新學年度已升學或畢業（原 6 年級），不再是國小的學生。"


@pytest.mark.parametrize("last", [Period(2024, 12), Period(2025, 1), Period(2025, 6)])
def test_neither_new_year_nor_a_new_semester_moves_anybody_up(last):
    (row,) = rows_of(goes_on(evolve(CASE, grade=9), last=last, period=last.next))
    assert row["grade"] == 9


def test_within_a_school_year_nobody_leaves_for_a_grade_that_looks_wrong():
    assert [row["grade"] for row in rows_of(goes_on(evolve(CASE, grade=6)))] == [6]


def test_an_unknown_grade_is_left_to_fill():
    (row,) = rows_of(goes_on(evolve(CASE, grade=None), last=JULY, period=AUGUST))
    assert row["grade"] is None


def test_a_template_may_change_with_the_school_year():
    (row,) = rows_of(goes_on(CASE, template=T111), T111)
    assert row["sex"] == "女"
    other = evolve(CASE, sex=3, extras={"sex_note": "雙性"})
    assert rows_of(goes_on(other))[0]["sex_note"] == "雙性"
    (back,) = rows_of(goes_on(other, template=T111), T111)
    assert back["sex"] is None


def test_an_explanation_the_old_template_did_not_ask_for_is_left_to_fill():
    (row,) = rows_of(goes_on(evolve(CASE, sex=3)))
    assert (row["sex"], row["sex_note"]) == ("其他", None)


def test_a_student_of_two_teachers_has_as_many_rows_as_the_template_allows():
    cases = [CASE, evolve(CASE, teacher_code="T2")]
    assert [row["teacher_code"] for row in rows_of(goes_on(*cases))] == ["T1", "T2"]
    once = goes_on(*cases, template=T111)
    assert [row["teacher_code"] for row in rows_of(once, T111)] == ["T1"]
    assert [(each.student_code, each.code) for each in once.left_out] == [("S1", "repeated")]


def test_nobody_goes_on_where_there_was_nobody():
    on = goes_on()
    assert (on.rows, on.left_out) == ([], [])
