"""A filled workbook carried over to another year's template."""

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from tianbao.canon import ISSUES
from tianbao.carrying import Carried, convert
from tianbao.checking import check
from tianbao.periods import school_years
from tianbao.templates import Template, code_list, column, one_of, own_code, sheet, some_of, text, whole_number
from tianbao.templates.layout import blank
from tianbao.testing import filled, worksheet
from tianbao.workbooks import Broken, Workbook, Worksheet
from tianbao_templates_111 import TEMPLATE as T111
from tianbao_templates_113 import TEMPLATE as T113


def carried(old, new, **rows):
    return convert(check(filled(old, **rows), old), new)


def rows_of(conversion, kind="case"):
    """The rows as mappings of field to cell."""
    names = [column.name for column in conversion.template.sheet(kind).columns]
    return [dict(zip(names, row, strict=True)) for row in conversion.rows[kind]]


def remarks(conversion, kind):
    return [each for each in conversion.remarks if each.kind is kind]


def as_workbook(conversion):
    """What the person opens who is handed the new workbook."""
    pages = blank(conversion.template, rows=conversion.rows).pages
    return Workbook([Worksheet(page.name, [list(row) for row in page.rows]) for page in pages if not page.hidden])


def small(topics, *, several=False, most=9, remark=20):
    """A template with one sheet: who, about what, how often, a remark."""
    codes = code_list("主題", topics)

    @sheet("個案", kind="case", heading_row=1, first_row=2)
    class Case:
        student_code = column("學生代號", own_code(), example="S1")
        main_issue = column("主題", some_of(codes) if several else one_of(codes), example=min(topics))
        sessions = column("次數", whole_number(1, most), example=1)
        remark_ = column("備註", text(remark), example="無")

    return Template("small", "小表", serves=school_years(150), sheets=[Case])


def test_a_workbook_of_111_is_accepted_by_113_after_conversion():
    conversion = carried(
        T111,
        T113,
        case=[
            {"sex": "男", "main_issue": 19, "main_issue_note": "適應", "secondary_issues": "3,10"},
            {"sex": "女", "status": 2, "sources": 0},
        ],
        service=[{}, {"item": 17, "item_note": "適應活動", "male": 3}],
    )
    verdict = check(as_workbook(conversion), T113)
    assert verdict.findings == []
    assert [case.sex for case in verdict.cases] == [1, 2]
    assert verdict.cases[0].secondary_issues == (3, 10)
    assert [service.other for service in verdict.services] == [0, 0]


def test_it_means_the_same_after_conversion_as_before():
    rows = {"case": [{"sex": "女"}, {"secondary_issues": "5，6"}], "service": [{}, {"audience": 14, "item": 3}]}
    before = check(filled(T111, **rows), T111)
    after = check(as_workbook(convert(before, T113)), T113)
    assert list(after.cases) == list(before.cases)
    assert list(after.services) == list(before.services)


def test_codes_are_written_as_the_new_template_writes_them():
    conversion = carried(T111, T113, case=[{"sex": "男", "main_issue": "5.情緒困擾", "grade": "七年級"}])
    (row,) = rows_of(conversion)
    assert (row["sex"], row["main_issue"], row["grade"]) == ("生理男", 5, 7)


def test_what_a_user_wrote_stays_as_it_is_where_the_new_template_takes_it():
    (row,) = rows_of(carried(T111, T113, case=[{"student_code": "００７", "sessions": "４"}]))
    assert (row["student_code"], row["sessions"]) == ("００７", "４")


def test_columns_only_the_new_template_has_are_filled_with_none_where_that_is_certain():
    conversion = carried(T111, T113, case=[{"sex": "男"}])
    assert rows_of(conversion)[0]["sex_note"] == 0
    assert rows_of(conversion, "service")[0]["other"] == 0
    assert [(each.heading, each.says) for each in remarks(conversion, Carried.ADDED)] == [
        ("性別說明", "原檔沒有這一欄，已在 1 列填入 0（無）。"),
        ("服務人次(其他)", "原檔沒有這一欄，已在 1 列填入 0（無）。"),
    ]
    assert remarks(conversion, Carried.LOST) == []


def test_where_the_cell_it_hangs_on_is_unreadable_the_new_column_is_left_to_the_officer():
    conversion = carried(T111, T113, case=[{"sex": "男"}, {"sex": "不明"}, {"sex": None}])
    assert [row["sex_note"] for row in rows_of(conversion)] == [0, None, None]
    assert [each.says for each in remarks(conversion, Carried.TO_FILL)] == ["原檔沒有這一欄，有 2 列請自行填寫。"]


def test_a_code_the_target_lacks_is_left_blank_and_listed_with_its_cells():
    conversion = carried(
        T113, T111, case=[{}, {"sex": "其他", "sex_note": "雙性"}, {"sex": "其他", "sex_note": "不便說明"}]
    )
    assert [row["sex"] for row in rows_of(conversion)] == ["男", None, None]
    sex, its_note = remarks(conversion, Carried.LOST)
    assert (sex.sheet, sex.heading, sex.cells) == ("表A-1-輔導教師-個案", "性別", ["E5", "E6"])
    assert sex.says == "新表格沒有「其他」，請改選其他代號。"
    assert (its_note.heading, its_note.cells) == ("性別說明", ["F5", "F6"])
    assert its_note.says == "新表格沒有這一欄，內容未帶入。"


def test_a_column_the_target_lacks_is_not_listed_where_it_holds_nothing():
    conversion = carried(T113, T111, case=[{"sex_note": 0}, {"sex_note": None}], service=[{"other": 0}])
    assert conversion.remarks == []


def test_what_cannot_be_read_in_a_column_the_target_lacks_is_listed_too():
    (lost,) = carried(T113, T111, case=[{"sex_note": Broken("#REF!")}]).remarks
    assert (lost.heading, lost.cells) == ("性別說明", ["F4"])


def test_counts_the_target_has_no_place_for_are_listed():
    (lost,) = carried(T113, T111, service=[{"other": 0}, {"other": 3}]).remarks
    assert (lost.kind, lost.heading, lost.cells) == (Carried.LOST, "服務人次(其他)", ["H5"])


def test_what_could_not_be_read_is_carried_as_it_is():
    broken = Broken("#N/A")
    conversion = carried(T111, T113, case=[{"main_issue": 99, "grade": broken, "sessions": "很多", "identity": None}])
    (row,) = rows_of(conversion)
    assert (row["main_issue"], row["grade"], row["sessions"], row["identity"]) == (99, broken, "很多", None)


def test_a_value_the_new_template_does_not_take_is_carried_and_named():
    conversion = carried(small({1: "甲"}), small({1: "甲"}, most=5), case=[{"sessions": 8}, {"sessions": 5}])
    assert [row["sessions"] for row in rows_of(conversion)] == [8, 5]
    (doubt,) = conversion.remarks
    assert (doubt.kind, doubt.heading, doubt.cells) == (Carried.DOUBTFUL, "次數", ["C2"])


def test_several_codes_go_on_as_far_as_the_target_knows_them():
    old, new = small({1: "甲", 2: "乙", 3: "丙"}, several=True), small({1: "甲", 2: "乙"}, several=True)
    conversion = carried(old, new, case=[{"main_issue": "1,3"}, {"main_issue": 3}, {"main_issue": "2,1"}])
    assert [row["main_issue"] for row in rows_of(conversion)] == [1, None, "2,1"]
    (lost,) = conversion.remarks
    assert (lost.says, lost.cells) == ("新表格沒有3（丙），請改選其他代號。", ["B2", "B3"])


def test_one_code_and_several_codes_carry_over_into_each_other():
    one, several = small({1: "甲", 2: "乙"}), small({1: "甲", 2: "乙"}, several=True)
    assert [row["main_issue"] for row in rows_of(carried(one, several, case=[{"main_issue": 2}]))] == [2]
    back = carried(several, one, case=[{"main_issue": 2}, {"main_issue": "1,2"}])
    assert [row["main_issue"] for row in rows_of(back)] == [2, None]
    assert [each.cells for each in back.remarks] == [["B3"]]


def test_columns_of_the_users_own_are_listed_and_cells_are_named_as_the_user_sees_them():
    case = worksheet(T113.sheets[0], [{"sex": "其他", "sex_note": "雙性"}])
    top, (*row,) = case.rows[:3], case.rows[3]
    top[1] = ["備註", *top[1]]
    book = Workbook([evolve(case, rows=[*top, [], ["家訪", *row]]), worksheet(T113.sheets[1], [{}])])
    lost = remarks(convert(check(book, T113), T111), Carried.LOST)
    assert [(each.heading, each.cells) for each in lost] == [("性別", ["F5"]), ("性別說明", ["G5"]), ("備註", ())]
    assert "1 格" in lost[-1].says


def test_a_sheet_the_target_lacks_is_listed():
    only_cases = evolve(T113, sheets=T113.sheets[:1])
    conversion = carried(T111, only_cases, service=[{}, {"male": 2}])
    assert set(conversion.rows) == {"case"}
    (lost,) = remarks(conversion, Carried.LOST)
    assert (lost.sheet, lost.says) == ("表A-2-輔導教師-2.相關服務", "新表格沒有這張工作表，2 列資料都未帶入。")


def test_a_sheet_without_rows_says_nothing():
    conversion = carried(T111, T113, service=[])
    assert conversion.rows["service"] == []
    assert all(each.sheet != "表A-2-輔導教師-服務" for each in conversion.remarks)


def test_no_remark_repeats_what_a_cell_says_of_a_person():
    conversion = carried(T113, T111, case=[{"sex": "其他", "sex_note": "王小明同學"}])
    assert not any("王小明" in each.says for each in conversion.remarks)


row_values = st.fixed_dictionaries(
    {
        "grade": st.integers(1, 12),
        "sex": st.sampled_from(["男", "女", "生理男", "女生"]),
        "main_issue": st.sampled_from([code.number for code in ISSUES.codes if code.number < 19]),
        "sessions": st.integers(1, 999),
        "sources": st.sampled_from([1, "2,3", "7、1"]),
        "secondary_issues": st.just(0),
    }
)


@settings(deadline=None, max_examples=30)
@given(st.lists(row_values, min_size=1, max_size=5))
def test_there_and_back_again_means_the_same(rows):
    before = check(filled(T111, case=rows), T111)
    there = check(as_workbook(convert(before, T113)), T113)
    back = check(as_workbook(convert(there, T111)), T111)
    assert before.accepted
    assert there.accepted
    assert list(back.cases) == list(before.cases)


@pytest.mark.parametrize(("old", "new"), [(T111, T113), (T113, T111)])
def test_the_rows_fit_the_new_template(old, new):
    conversion = carried(old, new)
    for kind, rows in conversion.rows.items():
        assert {len(row) for row in rows} == {len(new.sheet(kind).columns)}
