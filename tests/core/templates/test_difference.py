"""這份表格改了什麼, in the words an officer reads."""

import pytest
from attrs import evolve

from tianbao.periods import school_years
from tianbao.templates import (
    Template,
    code_list,
    column,
    note,
    one_of,
    own_code,
    rule,
    same_teacher_same_type,
    sheet,
    some_of,
    text,
    whole_number,
)
from tianbao.templates.difference import difference, predecessor, section
from tianbao.units import Level
from tianbao_templates_111 import TEMPLATE as T111
from tianbao_templates_113 import TEMPLATE as T113

TOPICS = {1: "人際", 2: "家庭", 3: "其他"}


def form(
    name="個案", *, topics=TOPICS, only=None, topic=one_of, counts=(1, 99), remark=100, unique=(), first_row=2, **more
):
    """A small template: who, about what, how often, a remark; changed by the arguments."""
    codes = code_list("主題", topics, only=only)

    class Case:
        """一位學生一列。"""

        student_code = column("學生代號", own_code(), example="S1")
        main_issue = column("主題", topic(codes), example=1)
        main_issue_note = column("主題說明", note("main_issue", codes, 3, remark), example=0)
        sessions = column("次數", whole_number(*counts), example=1)

    for field, value in more.items():
        setattr(Case, field, value)
    made = sheet(name, kind="case", heading_row=1, first_row=first_row, unique=unique)(Case)
    return Template("t", "小表", serves=school_years(150), sheets=[made])


def says(old, new):
    return [change.says for change in difference(old, new)]


def reordered(template, *names):
    (only,) = template.sheets
    return evolve(template, sheets=[evolve(only, columns=tuple(only.column(name) for name in names))])


@pytest.mark.parametrize("template", [T111, T113, form()])
def test_a_template_does_not_differ_from_itself(template):
    assert difference(template, template) == []
    assert section(template, template).paragraphs[-1] == "兩份表格的填法沒有不同。"


def test_from_111_to_113_an_officer_reads_all_that_matters():
    case, service = (sheet.name for sheet in T113.sheets)
    assert [(change.sheet, change.says) for change in difference(T111, T113)] == [
        (case, "工作表由「表A-1-輔導教師-1.當月個案」改名為「表A-1-輔導教師-個案」。"),
        (case, "每一列的意義改為：每位教師當月實際晤談的每一位學生填一列。（原為：當月實際晤談的每一位學生填一列。）"),
        (case, "欄位標題改在第 2 列（原為第 3 列）。"),
        (case, "資料改從第 4 列開始填（原為第 6 列）。"),
        (case, "「學生性別」欄改名為「性別」。"),
        (case, "新增「性別說明」欄（F 欄）：選「其他」時請以文字說明，最多 200 個字；其餘請填 0。"),
        (case, "「當月晤談累積次數(人次)」欄改名為「當月晤談累積次數」。"),
        (case, "「輔導概況」欄移到 H 欄（在「學生身分」之後）。"),
        (case, "「性別」欄的「男」改為「生理男」。"),
        (case, "「性別」欄的「女」改為「生理女」。"),
        (case, "「性別」欄新增選項「其他」。"),
        (case, "不可重複的改為：「教師編碼」＋「學生代號」的組合（原為：「學生代號」）。"),
        (service, "工作表由「表A-2-輔導教師-2.相關服務」改名為「表A-2-輔導教師-服務」。"),
        (service, "資料改從第 4 列開始填（原為第 5 列）。"),
        (service, "新增「服務人次(其他)」欄（H 欄）：請填 0～99999 的整數。"),
        (
            service,
            (
                "檢核改為：「各性別人次都是 0。沒有服務的項目不必填列；有服務請填實際人次。」"
                "（原檢核：「男、女人次都是 0。沒有服務的項目不必填列；有服務請填實際人次。」）。"
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("changed", "sentences"),
    [
        ({"name": "個案表"}, ["工作表由「個案」改名為「個案表」。"]),
        ({"first_row": 4}, ["資料改從第 4 列開始填（原為第 2 列）。"]),
        ({"counts": (0, 50)}, ["「次數」欄可填的範圍由 1～99 改為 0～50。"]),
        ({"remark": 30}, ["「主題說明」欄的字數上限由 100 字改為 30 字。"]),
        ({"unique": ["student_code"]}, ["不可重複的改為：「學生代號」（原為：沒有限制）。"]),
        ({"topics": {**TOPICS, 4: "網路"}}, ["「主題」欄新增代號 4（網路）。"]),
        ({"topics": {1: "人際", 3: "其他"}}, ["「主題」欄不再使用代號 2（家庭）。"]),
        ({"topics": {**TOPICS, 2: "家人"}}, ["「主題」欄的代號 2 「家庭」改為「家人」。"]),
        ({"only": {2: [Level.SENIOR_HIGH]}}, ["「主題」欄的代號 2（家庭）改為僅限高中職填報。"]),
        ({"topic": some_of}, ["「主題」欄改為可複選。"]),
        ({"place": column("地點", text(20), example="校內")}, ["新增「地點」欄（E 欄）：請填文字，最多 20 個字。"]),
    ],
)
def test_each_change_is_one_sentence(changed, sentences):
    assert says(form(), form(**changed)) == sentences


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ({"none": 0}, {}, "「主題」欄不再可以填「無」。"),
        ({}, {"none": 0}, "「主題」欄沒有時改填 0。"),
        ({"at_most": 2}, {"at_most": 3}, "「主題」欄改為最多填 3 項。"),
        ({"at_most": 2}, {}, "「主題」欄不再限制項數。"),
    ],
)
def test_how_many_codes_may_stand_in_a_cell(before, after, sentence):
    def several(**how):
        return form(topic=lambda codes: some_of(codes, **how))

    assert says(several(**before), several(**after)) == [sentence]


def test_back_again_is_told_the_other_way_round():
    assert says(form(only={2: [Level.CENTRE]}), form()) == ["「主題」欄的代號 2（家庭）不再限定學制。"]
    assert says(form(place=column("地點", text(), example="校內")), form()) == ["刪除「地點」欄。"]
    assert says(form(topic=some_of), form()) == ["「主題」欄改為只能填一項。"]


def test_the_same_change_of_several_columns_is_said_once():
    def optional(required):
        return form(
            a=column("甲", text(), example="1", required=required),
            b=column("乙", text(), example="1", required=required),
        )

    assert says(optional(required=False), optional(required=True)) == ["「甲」、「乙」欄改為必填。"]


def test_of_columns_in_another_order_only_the_moved_ones_are_named():
    moved = reordered(form(), "sessions", "student_code", "main_issue", "main_issue_note")
    assert says(form(), moved) == ["「次數」欄移到 A 欄（最前面）。"]


def test_a_column_of_another_kind_says_how_it_is_filled_in_now():
    changed = form(counts=(1, 9), extra=column("備註", text(5), example="無"))
    as_number = form(counts=(1, 9), extra=column("備註", whole_number(1, 5), example=1))
    assert says(changed, as_number) == ["「備註」欄的填法改為：請填 1～5 的整數。"]


def test_rules_of_the_form_are_told_and_those_of_columns_are_not_told_twice():
    @rule(says="填了「{value}」，次數太多。")
    def seldom(sessions):
        return sessions < 9

    @rule(says="次數有點多，請確認。", hint=True)
    def rather_seldom(sessions):
        return sessions < 5

    assert says(form(), form(seldom=seldom)) == ["新增檢核：「填了「…」，次數太多。」。"]
    assert says(form(rather_seldom=rather_seldom), form()) == ["不再提醒：「次數有點多，請確認。」。"]
    (across,) = says(form(), evolve(form(), rules=[same_teacher_same_type]))
    assert across.startswith("新增跨列的提醒：「教師編碼「…」在這一列填 …")


def test_sheets_that_came_and_went_are_told_of_the_workbook():
    only_cases = evolve(T113, sheets=T113.sheets[:1])
    assert [str(change) for change in difference(T113, only_cases)] == ["不再使用工作表「表A-2-輔導教師-服務」。"]
    assert [str(change) for change in difference(only_cases, T113)] == [
        "新增工作表「表A-2-輔導教師-服務」：每位教師的每一種服務項目、每一種對象填一列。"
    ]


def test_the_part_of_the_guide_names_both_templates_and_their_months():
    part = section(T111, T113)
    assert part.paragraphs == ["「113學年度表格」適用113年8月起的月份，「111學年度表格」適用111年8月至113年7月的月份。"]
    assert len(part.rows) == len(difference(T111, T113))


def test_a_template_is_compared_with_the_one_that_served_before_it():
    assert predecessor([T111, T113], T113) is T111
    assert predecessor([T111, T113], T111) is None
    later = evolve(T113, key="115", serves=school_years(115))
    assert predecessor([later, T111, evolve(T113, serves=school_years(113, 114))], later).key == "113"
