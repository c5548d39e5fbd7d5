"""The rules of the forms, each broken on its own."""

import pytest

from tianbao.checking import Context
from tianbao.testing import answers
from tianbao.units import Level
from tianbao_templates_111 import TEMPLATE as T111
from tianbao_templates_113 import TEMPLATE as T113

BOTH = pytest.mark.parametrize("template", [T111, T113], ids=["111", "113"])


def codes(findings):
    return [(finding.code, finding.column) for finding in findings]


@BOTH
@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"status": 2, "sources": "3"}, "source-only-for-new", "個案來源"),
        ({"status": 1, "sources": 0}, "source-only-for-new", "個案來源"),
        ({"main_issue": 19}, "note-expected", "個案類別(主)其他說明"),
        ({"main_issue_note": "說明"}, "note-unexpected", "個案類別(主)其他說明"),
        ({"secondary_issues": "3,19"}, "note-expected", "個案類別(副)其他說明"),
        ({"secondary_issues": "3,10", "secondary_issues_note": "說明"}, "note-unexpected", "個案類別(副)其他說明"),
        ({"secondary_issues": "3,5"}, "same-as", "個案類別(副)"),
        ({"secondary_issues": "3,3"}, "repeated-code", "個案類別(副)"),
        ({"secondary_issues": "3,4,6"}, "too-many-codes", "個案類別(副)"),
        ({"counsellor_type": 5}, "not-a-code", "身分"),
        ({"identity": 14}, "not-a-code", "學生身分"),
        ({"referral": 0}, "not-a-code", "轉介概況"),
        ({"grade": 13}, "not-a-code", "學生年級"),
        ({"student_code": "王小明"}, "looks-like-name", "學生代號"),
        ({"teacher_code": "A123456789"}, "national-id", "教師編碼"),
    ],
)
def test_a_case_row_with_one_fault_has_one_finding(template, cells, code, column):
    assert codes(answers(template, case=[cells])) == [(code, column)]


@BOTH
@pytest.mark.parametrize("sessions", [0, -1, 1000, 1.5, "三"])
def test_a_case_has_at_least_one_session(template, sessions):
    (found,) = answers(template, case=[{"sessions": sessions}])
    assert found.column.startswith("當月晤談累積次數")


@BOTH
@pytest.mark.parametrize(
    ("level", "grade", "fits"),
    [
        (Level.ELEMENTARY, 6, True), (Level.ELEMENTARY, 7, False), (Level.JUNIOR_HIGH, 7, True), (Level.JUNIOR_HIGH, 6, False),
        (Level.JUNIOR_HIGH, 10, False), (Level.SENIOR_HIGH, 10, True), (Level.SENIOR_HIGH, 9, False), (Level.CENTRE, 1, True),
        (Level.CENTRE, 12, True), (None, 12, True),
    ],
)  # fmt: skip
def test_the_grade_fits_the_units_level(template, level, grade, fits):
    found = answers(template, Context(level=level), case=[{"grade": grade}])
    assert codes(found) == ([] if fits else [("grade-not-of-level", "學生年級")])


@BOTH
@pytest.mark.parametrize(("level", "may"), [(Level.SENIOR_HIGH, True), (Level.JUNIOR_HIGH, False), (None, True)])
def test_only_senior_high_schools_book_online(template, level, may):
    grade = 10 if level is Level.SENIOR_HIGH else 7
    found = answers(template, Context(level=level), case=[{"sources": "1,6", "grade": grade}])
    assert codes(found) == ([] if may else [("level-may-not", "個案來源")])


@BOTH
@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"item": 18}, "not-a-code"),
        ({"item": 17}, "note-expected"),
        ({"item_note": "說明"}, "note-unexpected"),
        ({"audience": 16}, "not-a-code"),
        ({"audience": "7,8"}, "one-code-only"),
        ({"male": 0, "female": 0}, "somebody-was-served"),
        ({"male": -1}, "out-of-range"),
    ],
)
def test_a_service_row_with_one_fault_has_one_finding(template, cells, code):
    assert [finding.code for finding in answers(template, service=[cells])] == [code]


def test_a_student_stands_once_in_111_and_once_per_teacher_in_113():
    twice = [{"student_code": "S1", "teacher_code": "T1"}, {"student_code": "S1", "teacher_code": "T2"}]
    assert [finding.code for finding in answers(T111, case=twice)] == ["duplicate-row"]
    assert answers(T113, case=twice) == []
    same = [twice[0], twice[0]]
    (found,) = answers(T113, case=same)
    assert (found.code, found.row) == ("duplicate-row", 5)
    assert "第 4 列" in found.message


def test_the_other_sex_wants_words_and_only_it():
    assert answers(T113, case=[{"sex": "其他", "sex_note": "雙性"}]) == []
    assert answers(T113, case=[{"sex": "生理男", "sex_note": None}]) == []
    (found,) = answers(T113, case=[{"sex": "其他", "sex_note": None}])
    assert (found.kind, found.code) == ("missing", "note-expected")
    (found,) = answers(T113, case=[{"sex": "生理女", "sex_note": "x"}])
    assert (found.kind, found.code) == ("invalid", "note-unexpected")


def test_a_third_count_alone_is_a_service_too():
    assert answers(T113, service=[{"male": 0, "female": 0, "other": 1}]) == []
