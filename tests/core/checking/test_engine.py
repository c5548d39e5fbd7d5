"""Workbooks as people send them: reordered, padded, merged, hidden, mislabelled."""

import datetime as dt

import pytest
from attrs import evolve

from tianbao.canon import Case, Service
from tianbao.checking import Context, check, choose, fold, marked
from tianbao.errors import Refusal
from tianbao.periods import Period, school_years
from tianbao.templates import Template, column, day, own_code, rule, sheet, whole_number, workbook_rule
from tianbao.templates.layout import blank
from tianbao.testing import answers, filled, valid_row, worksheet
from tianbao.workbooks import Area, Broken, Workbook, Worksheet
from tianbao_templates_111 import TEMPLATE as T111
from tianbao_templates_113 import TEMPLATE as T113

TEMPLATES = {"111": T111, "113": T113}
CASE, SERVICE = T113.sheets


def book(case_rows=None, **case):
    return Workbook([worksheet(CASE, case_rows or [{}], **case), worksheet(SERVICE, [{}])])


def codes(verdict):
    return [finding.code for finding in verdict.findings]


def test_what_is_accepted_is_stored_in_canonical_rows():
    rows = [
        {"sex": "其他", "sex_note": "雙性", "secondary_issues": "3,10", "main_issue": "5.情緒困擾", "grade": "八年級"}
    ]
    verdict = check(filled(T113, case=rows), T113)
    assert verdict.accepted
    (case,) = verdict.cases
    assert case == Case(
        teacher_code="T000", counsellor_type=1, student_code="S000", grade=8, sex=3, identity=0, status=1, sources=(3, 2),
        referral=2, main_issue=5, main_issue_note=None, secondary_issues=(3, 10), secondary_issues_note=None, sessions=4,
        extras={"sex_note": "雙性"},
    )  # fmt: skip
    assert verdict.services == [
        Service(teacher_code="T000", counsellor_type=1, item=2, audience=7, male=14, female=13, other=0)
    ]


def test_nothing_is_stored_of_a_workbook_with_a_finding():
    verdict = check(filled(T113, case=[{"grade": 99}, {}]), T113)
    assert (verdict.accepted, verdict.cases, verdict.services) == (False, [], [])
    assert verdict.counts == {"case": 2, "service": 1}


def test_a_finding_names_the_cell_as_the_user_sees_it():
    (found,) = answers(T111, case=[{}, {"identity": 99}])
    assert (found.place, found.row, found.cell, found.column, found.value) == (
        "表A-1-輔導教師-1.當月個案!F7", 7, "F7", "學生身分", "99",
    )  # fmt: skip


def test_personal_data_is_not_repeated():
    (found,) = answers(T113, case=[{"student_code": "A123456789"}])
    assert "123456789" not in found.value + found.message


def test_the_same_mistake_many_times_folds_into_one_line_with_all_its_cells():
    findings = answers(T113, case=[{"counsellor_type": 9}] * 300)
    (folded,) = fold(findings)
    assert folded.count == 300
    assert [finding.cell for finding in folded.findings][:2] == ["B4", "B5"]
    assert len(fold(answers(T113, case=[{"counsellor_type": 9}, {"counsellor_type": 8}]))) == 2


# -- where things stand ------------------------------------------------------------------------------------


def test_reordered_columns_are_found_by_their_headings():
    straight = worksheet(CASE, [{"grade": 99}])
    order = list(reversed(range(len(CASE.columns))))
    turned = evolve(straight, rows=[[row[i] for i in order] if row else [] for row in straight.rows])
    (found,) = check(Workbook([turned, worksheet(SERVICE, [{}])]), T113).findings
    assert (found.column, found.cell) == ("學生年級", "L4")


def test_extra_columns_are_left_out_and_said_so():
    wide = worksheet(CASE, [{}])
    wide = evolve(wide, rows=[[*row, "備註" if n == 1 else "x"] if row else [] for n, row in enumerate(wide.rows)])
    verdict = check(Workbook([wide, worksheet(SERVICE, [{}])]), T113)
    assert verdict.accepted
    assert [hint.code for hint in verdict.hints] == ["extra-column"]
    assert verdict.tables["case"].extra_headings == ["備註"]


@pytest.mark.parametrize("heading", ["學生年級\n(請填代號)", "年級", " 學 生 年 級 ", "學生年級（1～12）"])
def test_headings_with_breaks_explanations_and_other_words_are_known(heading):
    asked = worksheet(CASE, [{}])
    asked.rows[CASE.heading_row - 1][3] = heading
    assert check(Workbook([asked, worksheet(SERVICE, [{}])]), T113).accepted


def test_a_heading_of_unknown_words_is_taken_by_its_place_when_all_others_stand_in_theirs():
    asked = worksheet(CASE, [{"grade": 99}])
    asked.rows[CASE.heading_row - 1][3] = "現在念幾"
    (found,) = check(Workbook([asked, worksheet(SERVICE, [{}])]), T113).findings
    assert found.cell == "D4"


def test_headings_nobody_knows_are_read_by_position_in_a_known_sheet():
    asked = worksheet(CASE, [{"grade": 99}])
    asked.rows[CASE.heading_row - 1][:] = [f"欄{n}" for n in range(15)]
    (found,) = check(Workbook([asked, worksheet(SERVICE, [{}])]), T113).findings
    assert (found.cell, found.column) == ("D4", "學生年級")


def test_headings_in_the_row_above_the_data_do_not_swallow_the_first_row():
    asked = worksheet(CASE, [{"grade": 99}])
    asked = evolve(asked, rows=[[], [], asked.rows[CASE.heading_row - 1], *asked.rows[3:]])
    (found,) = check(Workbook([asked, worksheet(SERVICE, [{}])]), T113).findings
    assert found.cell == "D4"


def test_a_missing_column_is_one_finding():
    asked = worksheet(CASE, [{}])
    cut = evolve(asked, rows=[[cell for n, cell in enumerate(row) if n != 3] for row in asked.rows])
    (found,) = check(Workbook([cut, worksheet(SERVICE, [{}])]), T113).findings
    assert (found.code, found.column, found.kind) == ("column-missing", "學生年級", "missing")


def test_a_column_twice_is_not_chosen_silently():
    asked = worksheet(CASE, [{}])
    asked = evolve(asked, rows=[[*row, "學生年級" if n == 1 else 8] if row else [] for n, row in enumerate(asked.rows)])
    assert codes(check(Workbook([asked, worksheet(SERVICE, [{}])]), T113)) == ["column-twice"]


def test_a_missing_sheet_is_said():
    (found,) = check(Workbook([worksheet(CASE, [{}])]), T113).findings
    assert (found.code, found.kind) == ("sheet-missing", "missing")
    assert "表A-2-輔導教師-服務" in found.message


def test_a_renamed_sheet_is_known_by_its_headings():
    renamed = evolve(worksheet(CASE, [{}]), name="工作表1")
    assert check(Workbook([renamed, worksheet(SERVICE, [{}])]), T113).accepted


def test_one_empty_sheet_is_a_month_without_such_rows():
    assert check(Workbook([worksheet(CASE, [{}]), worksheet(SERVICE, [])]), T113).counts == {"case": 1, "service": 0}


# -- rows --------------------------------------------------------------------------------------------------


def test_blank_rows_between_and_behind_are_nobody():
    blank = ["", None, "  "] + [None] * 12
    rows = [valid_row(CASE, 1), blank, blank, valid_row(CASE, 2), *[blank] * 500]
    verdict = check(book(rows), T113)
    assert verdict.accepted
    assert verdict.tables["case"].numbers == [4, 7]


def test_rows_of_different_lengths_are_read():
    short = valid_row(CASE, 1)[:5]
    verdict = check(book([valid_row(CASE, 2), short]), T113)
    assert {finding.row for finding in verdict.findings} == {5}
    assert {finding.kind.value for finding in verdict.findings} == {"missing"}


def test_hidden_rows_and_sheets_are_filed_and_said_so():
    verdict = check(book([{}, {}, {}], hidden_rows=frozenset({5, 6, 99}), visible=False), T113)
    assert verdict.accepted
    assert verdict.counts["case"] == 3
    assert {hint.code for hint in verdict.hints} == {"hidden-rows", "hidden-sheet"}
    assert any("5～6" in hint.message for hint in verdict.hints)


def test_a_teacher_merged_over_several_students_stands_in_each_row():
    rows = [
        valid_row(CASE, 1, teacher_code="T1"),
        valid_row(CASE, 2, teacher_code=None),
        valid_row(CASE, 3, teacher_code="hidden"),
    ]
    verdict = check(book(rows, merges=[Area(4, 1, 6, 1)]), T113)
    assert verdict.accepted
    assert [case.teacher_code for case in verdict.cases] == ["T1", "T1", "T1"]


def test_a_merged_count_is_not_counted_three_times():
    rows = [valid_row(CASE, 1, sessions=9), valid_row(CASE, 2, sessions=None), valid_row(CASE, 3, sessions=None)]
    found = check(book(rows, merges=[Area(4, 15, 6, 15)]), T113).findings
    assert [(finding.code, finding.cell) for finding in found] == [
        ("merged-count", "O4"),
        ("required", "O5"),
        ("required", "O6"),
    ]


def test_cells_merged_across_columns_mean_nothing():
    assert "merged-across" in codes(check(book([{}], merges=[Area(4, 4, 4, 5)]), T113))


def test_merged_titles_and_headings_do_no_harm():
    assert check(book([{}], merges=[Area(1, 1, 1, 15), Area(1, 1, 3, 16384)]), T113).accepted


@pytest.mark.parametrize(
    ("cell", "code"),
    [(Broken("#N/A"), "error-value"), (Broken("=B4+1", formula=True), "formula-without-value"), (True, "not-a-code")],
)
def test_cells_without_a_value_of_their_own(cell, code):
    (found,) = answers(T113, case=[{"grade": cell}])
    assert (found.code, found.kind) == (code, "invalid")


def test_true_and_one_do_not_share_a_verdict():
    assert [finding.row for finding in answers(T113, case=[{"counsellor_type": 1}, {"counsellor_type": True}])] == [5]


def test_codes_as_numbers_and_as_text_are_the_same():
    as_text = {"counsellor_type": "1", "grade": "7", "identity": "0", "sessions": "4", "main_issue": "５"}
    assert check(filled(T113, case=[as_text, {}]), T113).accepted


# -- the workbook as a whole -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "period", "wrong"),
    [
        ("[113-09] 某國中 成果", Period(2024, 9), False),
        ("[113-08] 某國中", Period(2024, 9), True),
        ("[113-08]", None, False),
        ("[113-　] 某國中", Period(2024, 9), False),
        ("【113-08】某國中", Period(2024, 9), True),
        ("（113-08）某國中", Period(2024, 9), True),
        ("［１１３－０８］某國中", Period(2024, 9), True),
        ("〔113/8〕某國中", Period(2024, 9), True),
        ("【113-09】某國中", Period(2024, 9), False),
        ("某國中民國113年8月輔導教師工作成果", Period(2024, 9), True),
        ("某國中 113 年 9 月份", Period(2024, 9), False),
        ("某國中113學年度8月", Period(2024, 9), False),
        ("113年8月起適用", Period(2024, 9), False),
        ("113年8月至113年9月", Period(2024, 9), False),
        ("113年8月15日修訂", Period(2024, 9), False),
        ("(113-13)", Period(2024, 9), False),
    ],
)
def test_the_titles_month_is_the_periods(title, period, wrong):
    asked = worksheet(CASE, [{}])
    asked.rows[0].append(title)
    verdict = check(Workbook([asked, worksheet(SERVICE, [{}])]), T113, Context(period=period))
    assert codes(verdict) == (["title-period"] if wrong else [])


@pytest.mark.parametrize("key", TEMPLATES)
def test_a_workbook_is_known_by_its_form(key):
    assert choose(filled(TEMPLATES[key]), TEMPLATES).key == key


def test_a_workbook_of_another_template_is_refused_naming_both():
    with pytest.raises(Refusal) as refused:
        choose(filled(T111), TEMPLATES, wanted=T113)
    assert refused.value.code == "wrong-template"
    assert T111.name in refused.value.message
    assert T113.name in refused.value.message


def test_some_other_workbook_is_refused_naming_its_sheets():
    with pytest.raises(Refusal) as refused:
        choose(Workbook([Worksheet("成績單", [["姓名", "國文"], ["x", 90]])]), TEMPLATES)
    assert refused.value.code == "unknown-template"
    assert "成績單" in refused.value.message


def test_a_workbook_without_rows_is_refused():
    with pytest.raises(Refusal) as refused:
        check(Workbook([worksheet(CASE, []), worksheet(SERVICE, [["", None]])]), T113)
    assert refused.value.code == "empty-workbook"


def test_a_half_cleared_example_is_refused_naming_the_row():
    with pytest.raises(Refusal) as refused:
        check(filled(T113, case=[{}, {"student_code": "範例S02"}]), T113)
    assert refused.value.code == "example-workbook"
    assert "第 5 列" in refused.value.message


def test_history_is_a_hint_and_blocks_nothing():
    rows = [
        {"student_code": "OLD", "status": 1},
        {"student_code": "NEW", "status": 2, "sources": 0},
        {"student_code": "OLD2", "status": 2, "sources": 0},
    ]
    verdict = check(filled(T113, case=rows), T113, Context(known_students=frozenset({"OLD", "OLD2"})))
    assert verdict.accepted
    assert [(hint.code, hint.row) for hint in verdict.hints] == [("filed-before", 4), ("not-filed-before", 5)]


def test_a_teacher_of_two_types_across_sheets_is_a_hint():
    verdict = check(
        filled(T113, case=[{"teacher_code": "T1"}], service=[{"teacher_code": "T1", "counsellor_type": 2}]), T113
    )
    assert verdict.accepted
    assert [(hint.code, hint.sheet) for hint in verdict.hints] == [("same-teacher-differs", SERVICE.name)]


def test_an_implausible_audience_is_a_hint():
    verdict = check(filled(T113, service=[{"item": 3, "audience": 7}, {"item": 3, "audience": 14}]), T113)
    assert verdict.accepted
    assert [(hint.code, hint.row) for hint in verdict.hints] == [("audience-fits-item", 4)]


def test_a_rule_pack_and_a_rule_across_sheets_can_block():
    @rule(kind="case", says="本縣規定每月晤談不超過 {most} 次".replace("{most}", "3"))
    def at_most_three(sessions):
        return sessions <= 3

    @workbook_rule(says="服務列數多於個案列數")
    def more_services(sheets):
        if len(sheets["service"]["row"]) > len(sheets["case"]["row"]):
            yield "service", sheets["service"]["row"][0], "item", {}

    packed = evolve(T113.with_rules([at_most_three]), rules=[more_services])
    found = check(filled(packed, case=[{"sessions": 4}], service=[{}, {}]), packed).findings
    assert [(finding.code, finding.sheet) for finding in found] == [
        ("at-most-three", CASE.name),
        ("more-services", SERVICE.name),
    ]


def test_a_template_with_dates_takes_them_in_every_dress():
    @sheet("個案", kind="case", heading_row=1, first_row=2)
    class Dated:
        """A case with its day."""

        student_code = column("學生代號", own_code(), example="範例01")
        opened = column("開案日期", day(), example="113/9/5")
        sessions = column("次數", whole_number(1, 9), example=1)

    template = Template("150", "150學年度", serves=school_years(150), sheets=[Dated])
    written = [dt.datetime(2024, 9, 5), "2024-09-05", "113/9/5", "1130905", 1130905.0]
    verdict = check(filled(template, case=[{"opened": cell} for cell in written]), template)
    assert [case.extras["opened"] for case in verdict.cases] == [dt.date(2024, 9, 5)] * 5


# -- nothing is lost, made up or left unsaid -----------------------------------------------------------------


@pytest.mark.parametrize("template", [T111, T113], ids=["111", "113"])
@pytest.mark.parametrize("gone", [1, 2, 3])
def test_data_that_moved_up_with_deleted_rows_are_all_counted(template, gone):
    sheets = [worksheet(sheet, [{}, {}, {}]) for sheet in template.sheets]
    cut = []
    for form, made in zip(template.sheets, sheets, strict=True):
        spare = [n for n in range(form.first_row - 1) if n != form.heading_row - 1][-gone:]
        cut.append(evolve(made, rows=[row for n, row in enumerate(made.rows) if n not in spare]))
    assert check(Workbook(cut), template).counts == {"case": 3, "service": 3}


def test_a_copy_of_a_sheet_is_not_left_out_silently():
    copy = evolve(worksheet(CASE, [{}, {}]), name=f"{CASE.name} (2)")
    assert codes(check(Workbook([worksheet(CASE, [{}]), copy, worksheet(SERVICE, [{}])]), T113)) == ["sheet-twice"]


def test_a_code_that_became_a_date_is_said_so():
    (found,) = answers(T113, case=[{"student_code": dt.datetime(2026, 7, 3)}])
    assert found.code == "code-became-a-date"


def test_what_stands_under_no_heading_is_said_and_kept():
    wide = worksheet(CASE, [{}])
    wide = evolve(wide, rows=[[*row, None, "筆記"] if n == 3 else row for n, row in enumerate(wide.rows)])
    verdict = check(Workbook([wide, worksheet(SERVICE, [{}])]), T113)
    assert [hint.code for hint in verdict.hints] == ["extra-column"]
    assert "Q" in verdict.hints[0].message
    assert verdict.tables["case"].extra_cells == [["筆記"]]


def test_an_unreadable_type_is_no_other_type():
    rows = [{"teacher_code": "T1", "counsellor_type": 5}, {"teacher_code": "T1"}, {"teacher_code": "T1"}]
    assert check(filled(T113, case=rows), T113).hints == []


@pytest.mark.parametrize(("cell", "guess"), [("無", "0"), ("1 2", "1,2"), ("3.10", "3,10"), ("T05", "5")])
def test_near_misses_of_several_codes_come_with_what_was_meant(cell, guess):
    (found,) = answers(T113, case=[{"secondary_issues": cell}])
    assert f"您是否要填 {guess}" in found.message


def test_a_mark_makes_no_value_of_what_has_none():
    bad = filled(T113, case=[{"student_code": Broken("#REF!")}, {"student_code": Broken("=A1", formula=True)}])
    pages = {page.name: page for page in marked(check(bad, T113)).pages}
    assert [row[2] for row in list(pages[CASE.name].rows)[3:5]] == [None, None]


# -- rows that are none ----------------------------------------------------------------------------------------


def with_row(row):
    """A form with one good row and, below it, one of these cells by field."""
    made = worksheet(CASE, [{}])
    return evolve(made, rows=[*made.rows, [row.get(column.name) for column in CASE.columns]])


@pytest.mark.parametrize("word", ["合計", "合 計：", "總計", "９月小計", "本月合計人次", "Total"])
@pytest.mark.parametrize("where", ["teacher_code", "student_code", "grade"])
def test_a_row_of_totals_is_one_finding_that_says_to_delete_it(word, where):
    book = Workbook([with_row({where: word, "sessions": 40.0}), worksheet(SERVICE, [{}])])
    (found,) = check(book, T113).findings
    assert (found.code, found.row, found.column) == ("total-row", CASE.first_row + 1, CASE.column(where).heading)
    assert "刪除" in found.message


def test_a_total_is_not_counted_however_well_its_row_is_filled_in():
    verdict = check(filled(T113, service=[{}, {"teacher_code": "合計"}]), T113)
    assert codes(verdict) == ["total-row"]


def test_a_formula_nobody_calculated_in_a_row_of_totals_is_no_second_finding():
    row = {"teacher_code": "總計", "sessions": Broken("=SUM(O4:O9)", formula=True)}
    assert codes(check(Workbook([with_row(row), worksheet(SERVICE, [{}])]), T113)) == ["total-row"]


def test_a_remark_may_speak_of_totals():
    assert answers(T113, case=[{"main_issue": 19, "main_issue_note": "合計"}]) == []
    wrong = answers(T113, case=[{"main_issue": 19, "main_issue_note": "合計", "grade": 99}])
    assert [found.column for found in wrong] == [CASE.column("grade").heading]


@pytest.mark.parametrize("template", [T111, T113], ids=["111", "113"])
def test_headings_and_instructions_left_among_the_data_are_one_finding_each(template):
    sheets = []
    for page, place in zip(blank(template).pages, template.sheets, strict=False):
        above = list(page.rows)[: place.first_row - 1]
        form = worksheet(place, [{}])
        sheets.append(evolve(form, rows=[*form.rows, above[place.heading_row - 1], above[-1]]))
    assert codes(check(Workbook(sheets), template)) == ["not-a-row"] * 4


def test_a_row_in_which_anything_can_be_read_keeps_its_findings():
    words = {column.name: "不知道" for column in CASE.columns if column.name not in {"teacher_code", "grade"}}
    verdict = check(Workbook([with_row(words | {"teacher_code": "T1", "grade": 7.0}), worksheet(SERVICE, [{}])]), T113)
    assert "not-a-row" not in codes(verdict)
    assert len(verdict.findings) > 5
