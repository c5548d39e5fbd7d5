"""Forms change as ministries change them: codes are merged, titles move, and the next form takes over from this one."""

import pytest
from attrs import evolve

from tianbao import canon
from tianbao.carrying import Carried, convert
from tianbao.checking import Context, check
from tianbao.errors import PluginError
from tianbao.periods import Period, school_years
from tianbao.plugins import PluginInfo, Plugins, hookimpl
from tianbao.templates import WorkbookRule, column, note, one_of, own_code, rule, sheet, some_of, workbook_rule
from tianbao.templates.difference import difference, predecessor
from tianbao.templates.guide import sections
from tianbao.templates.layout import blank
from tianbao.testing import TemplateContract, answers, filled
from tianbao.units import Level
from tianbao.workbooks import Workbook, Worksheet
from tianbao_templates_113 import TEMPLATE as T113

ISSUES = canon.ISSUES.but(
    {10: "脆弱家庭與兒少保護", 21: "職場實習適應"}, merged={11: 10}, only={21: [Level.SENIOR_HIGH]}
)


@sheet("個案", kind="case", title="{period} {unit} 個案", title_row=2, heading_row=3, first_row=4)
class Case:
    """一位學生填一列。"""

    student_code = column("學生代號", own_code(), example="範例S01")
    main_issue = column("個案類別(主)", one_of(ISSUES), example=5)
    main_issue_note = column("其他說明", note("main_issue", ISSUES, canon.OTHER_ISSUE), example=0)
    secondary_issues = column("個案類別(副)", some_of(ISSUES, none=0), example=0)


@workbook_rule(says="「{value}」與第 {row} 列不同。")
def all_alike(sheets):
    case = sheets["case"]
    for row, issue in zip(case["row"], case["main_issue"], strict=True):
        if issue != case["main_issue"][0]:
            yield "case", row, "main_issue", {"row": case["row"][0]}


NEXT = evolve(
    T113, key="116", name="116學年度表格", serves=school_years(116), sheets=[Case], rules=[all_alike], tables=[]
)


class TestNextYear(TemplateContract):
    template = NEXT


def loaded(*templates):
    class Brings:
        @hookimpl
        def tianbao_templates(self):
            return templates

    return Plugins([(PluginInfo("forms", "1", "test"), Brings())]).templates


def test_this_years_form_serves_until_the_next_one_begins():
    later = evolve(NEXT, key="118", serves=school_years(118))
    templates = loaded(later, T113, NEXT)
    assert [str(each.serves.last) for each in templates.values()] == ["2027-07", "2029-07", "None"]
    assert predecessor(templates.values(), templates["116"]).key == "113"


def test_a_form_for_some_months_only_ends_no_other():
    special = evolve(NEXT, serves=school_years(116, 116))
    templates = loaded(T113, special)
    assert templates["113"].serves == T113.serves
    assert Period(2028, 9) in templates["113"].serves


def test_what_was_announced_of_a_code_list_is_all_that_is_written_down():
    assert [code.number for code in ISSUES.codes] == [*range(1, 11), *range(12, 20), 21]
    assert ISSUES.by_word["兒少保議題"].number == ISSUES.by_word["脆弱家庭"].number == 10
    assert ISSUES.by_number[5].meaning == canon.ISSUES.by_number[5].meaning
    assert ISSUES.span() == " 1～10、12～19、21 "


@pytest.mark.parametrize(
    ("labels", "merged", "named"),
    [({}, {11: 100}, "100"), ({}, {110: 10}, "110"), ({}, {11: 10, 10: 3}, "10"), ({11: "其他保護"}, {11: 10}, "11")],
)
def test_a_merged_code_whose_words_would_be_lost_is_refused(labels, merged, named):
    with pytest.raises(PluginError, match=rf"個案類別.* names {named}\."):
        canon.ISSUES.but(labels, merged=merged)


def test_the_guide_says_which_units_may_use_a_code():
    (codes,) = (section for section in sections(NEXT) if section.title == "代號：個案類別")
    assert codes.rows[-1] == ["21", "職場實習適應", "僅限高中職填報。"]


def test_merged_and_new_codes_are_told_as_such():
    told = "".join(change.says for change in difference(T113, NEXT))
    assert "代號 11（兒少保護議題）併入 10（脆弱家庭與兒少保護）" in told
    assert "新增代號 21（職場實習適應），僅限高中職" in told
    assert "新增跨列的檢核：「「…」與第 … 列不同。」" in told


def test_a_merged_code_is_carried_over_and_the_officer_told():
    verdict = check(
        filled(T113, case=[{"main_issue": 11, "secondary_issues": "10,3"}, {"secondary_issues": "10,11"}]), T113
    )
    carried = convert(verdict, NEXT)
    assert [row[1:] for row in carried.rows["case"]] == [(10, 0, "10,3"), (5, 0, 10)]
    merged = [remark for remark in carried.remarks if "併入" in remark.says]
    assert {remark.kind for remark in merged} == {Carried.DOUBTFUL}
    assert [remark.cells for remark in merged] == [["K4"], ["M5"]]


def test_a_title_that_moved_down_is_written_and_checked_where_it_stands():
    page = blank(NEXT, unit_name="彰化國中", period=Period(2027, 9)).pages[0]
    assert [row[:1] for row in page.rows[:2]] == [[], ["[116-09] 彰化國中 個案"]]
    rows = [*page.rows, ["S1", 5, 0, 0]]
    verdict = check(Workbook([Worksheet(page.name, rows)]), NEXT, Context(period=Period(2027, 10)))
    assert [(finding.code, finding.row) for finding in verdict.findings] == [("title-period", 2)]
    assert verdict.tables["case"].title == "[116-09] 彰化國中 個案"


def test_a_rule_across_rows_says_its_sentence_of_each_place():
    found = answers(NEXT, case=[{}, {"main_issue": 3}])
    assert [(each.code, each.row, each.message) for each in found] == [("all-alike", 5, "「3」與第 4 列不同。")]


@pytest.mark.parametrize(
    ("changed", "proof"),
    [
        ({"sheets": [evolve(Case, title_row=3)]}, TemplateContract.test_rows_are_in_order),
        (
            {"rules": [WorkbookRule("silent", "", all_alike.test)]},
            TemplateContract.test_rules_across_rows_say_what_is_wrong,
        ),
    ],
)
def test_the_contract_names_what_would_go_wrong(changed, proof):
    proved = type("Proved", (TemplateContract,), {"template": evolve(NEXT, **changed)})()
    with pytest.raises(AssertionError):
        proof(proved)


def test_a_number_that_means_something_else_than_in_other_years_is_refused():
    renumbered = canon.code_list("個案類別", {5: "情緒困擾", 11: "學習困擾"})
    issue = column("個案類別(主)", one_of(renumbered), example=5)
    changed = evolve(Case, columns=(Case.columns[0], evolve(issue, name="main_issue")))
    proved = type("Proved", (TemplateContract,), {"template": evolve(NEXT, sheets=[changed])})()
    with pytest.raises(AssertionError, match="學習困擾 is 12 in"):
        proved.test_a_code_means_what_it_means_in_every_form()


@pytest.mark.parametrize(
    ("unique", "misspelt"),
    [
        (["studnt_code"], {}),
        ([], {"item_note": column("說明", note("isue", ISSUES, canon.OTHER_ISSUE))}),
        ([], {"secondary": column("副", some_of(ISSUES, other_than="isue"))}),
        ([], {"seldom": rule(says="太多。")(lambda sesions: sesions < 9)}),
    ],
)
def test_a_misspelt_column_is_named_with_those_there_are(unique, misspelt):
    form = type("Case", (), {"student_code": column("學生代號", own_code()), **misspelt})
    with pytest.raises(
        PluginError, match=r"sheet '個案': .* names the column .* Case does not have\. It has: student_code"
    ):
        sheet("個案", kind="case", heading_row=1, first_row=2, unique=unique)(form)
