"""What a corrected workbook changes, in words."""

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from tianbao.canon import Case, Service
from tianbao.filings.changes import Difference, Kind, changes
from tianbao_templates_111 import TEMPLATE as T111
from tianbao_templates_113 import TEMPLATE as T113

CASE = Case(
    teacher_code="T1", counsellor_type=1, student_code="S1", grade=7, sex=2, identity=0, status=1, sources=(3,),
    referral=2, main_issue=5, secondary_issues=(3, 10), sessions=4,
)  # fmt: skip
SERVICE = Service(teacher_code="T1", counsellor_type=1, item=2, audience=7, male=10, female=12)


def compare(before, after, template=T113):
    def rows(some):
        kinds = {"case": Case, "service": Service}
        return {kind: [row for row in some if isinstance(row, make)] for kind, make in kinds.items()}

    return changes(rows(before), rows(after), template)


def test_an_altered_row_says_which_columns_from_what_to_what_with_the_codes_meaning():
    after = evolve(CASE, main_issue=19, main_issue_note="適應", secondary_issues=(), sex=3, extras={"sex_note": "雙性"})
    (change,) = compare([CASE], [after]).changes
    assert (change.kind, change.kind.label, change.rows) == (Kind.ALTERED, "修改", "case")
    assert change.called == "教師編碼 T1、學生代號 S1"
    assert change.differences == [
        Difference("性別", "生理女", "其他"),
        Difference("性別說明", "無", "雙性"),
        Difference("個案類別(主)", "5 情緒困擾", "19 其他"),
        Difference("個案類別(主)其他說明", "無", "適應"),
        Difference("個案類別(副)", "3 家庭困擾、10 脆弱家庭", "無"),
    ]


def test_added_and_removed_rows_say_all_that_they_hold():
    found = compare([CASE], [evolve(CASE, student_code="S2")])
    assert [(change.kind, change.called) for change in found.changes] == [
        (Kind.REMOVED, "教師編碼 T1、學生代號 S1"), (Kind.ADDED, "教師編碼 T1、學生代號 S2"),
    ]  # fmt: skip
    removed, added = found.changes
    assert Difference("學生年級", "7 國中七年級", "") in removed.differences
    assert Difference("當月晤談累積次數", "", "4") in added.differences
    assert not {"個案類別(主)其他說明", "性別說明"} & {each.heading for each in added.differences}, (
        "what is none is not said"
    )


def test_a_student_of_another_teacher_is_another_row_only_where_the_form_has_one_for_each():
    moved = evolve(CASE, teacher_code="T2")
    assert [change.kind for change in compare([CASE], [moved]).changes] == [Kind.REMOVED, Kind.ADDED]
    (change,) = compare([CASE], [moved], T111).changes
    assert (change.kind, change.called) == (Kind.ALTERED, "學生代號 S1")
    assert change.differences == [Difference("教師編碼", "T1", "T2")]


def test_a_service_is_the_same_by_teacher_item_and_audience():
    (change,) = compare([SERVICE], [evolve(SERVICE, male=11)]).changes
    assert change.called == "教師編碼 T1、服務項目 2 入班輔導、對象 7 國中七年級"
    assert change.differences == [Difference("服務人次(男)", "10", "11")]


def test_of_several_services_that_are_the_same_equal_ones_are_taken_for_each_other_first():
    one, two, three = SERVICE, evolve(SERVICE, male=20), evolve(SERVICE, male=30)
    found = compare([one, two], [two, three, one])
    assert ([change.kind for change in found.changes], found.unchanged) == ([Kind.ADDED], 2)
    assert Difference("服務人次(男)", "", "30") in found.changes[0].differences
    (change,) = compare([one, two], [two, three]).changes
    assert change.differences == [Difference("服務人次(男)", "10", "30")]


def test_a_code_the_template_no_longer_has_is_shown_as_its_number():
    (change,) = compare([evolve(CASE, main_issue=77)], [CASE]).changes
    assert change.differences == [Difference("個案類別(主)", "77", "5 情緒困擾")]


def test_it_is_all_said_in_a_sentence():
    found = compare([CASE, SERVICE], [evolve(CASE, sessions=9), evolve(CASE, student_code="S2"), SERVICE])
    assert found.spoken == "新增 1 列、修改 1 列，其餘 1 列不變。"
    assert len(found.of(Kind.ADDED, "case")) == 1
    assert found.of(Kind.ADDED, "service") == []
    assert compare([CASE], [CASE]).spoken == "內容與原填報資料相同（1 列）。"
    assert not compare([CASE], [CASE])


cases = st.builds(
    evolve,
    st.just(CASE),
    teacher_code=st.sampled_from(["T1", "T2"]),
    student_code=st.sampled_from(["S1", "S2", "S3"]),
    sessions=st.integers(1, 3),
    secondary_issues=st.sampled_from([(), (3,), (3, 10)]),
    extras=st.sampled_from([{}, {"sex_note": "雙性"}]),
)
unique_cases = st.lists(cases, unique_by=lambda case: (case.teacher_code, case.student_code))
services = st.lists(
    st.builds(
        evolve, st.just(SERVICE), item=st.sampled_from([2, 3]), audience=st.integers(7, 8), male=st.integers(0, 2)
    )
)
books = st.tuples(unique_cases, services).map(lambda both: [*both[0], *both[1]])
at_leisure = settings(deadline=None, max_examples=100)


def counts(found):
    return [len(found.of(kind)) for kind in Kind]


@at_leisure
@given(books, st.randoms())
def test_the_same_rows_in_any_order_change_nothing(rows, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    found = compare(rows, shuffled)
    assert (bool(found), found.unchanged) == (False, len(rows))


@at_leisure
@given(books, books)
def test_every_row_before_and_after_is_accounted_for_once(before, after):
    found = compare(before, after)
    added, removed, altered = counts(found)
    assert removed + altered + found.unchanged == len(before)
    assert added + altered + found.unchanged == len(after)


@at_leisure
@given(books, books)
def test_the_other_way_round_added_is_removed_and_before_is_after(before, after):
    there, back = compare(before, after), compare(after, before)
    added, removed, altered = counts(there)
    assert counts(back) == [removed, added, altered]
    altered_there = sorted(
        (each.called, d.heading, d.before, d.after) for each in there.of(Kind.ALTERED, "case") for d in each.differences
    )
    altered_back = sorted(
        (each.called, d.heading, d.after, d.before) for each in back.of(Kind.ALTERED, "case") for d in each.differences
    )
    assert altered_there == altered_back


@at_leisure
@given(books, books)
def test_what_is_altered_differs_and_what_differs_is_said(before, after):
    found = compare(before, after)
    assert all(each.differences for each in found.changes)
    assert all(d.before != d.after for each in found.of(Kind.ALTERED) for d in each.differences)
    by_key = {(case.teacher_code, case.student_code): case for case in before if isinstance(case, Case)}
    differing = [
        case for case in after
        if isinstance(case, Case) and by_key.get((case.teacher_code, case.student_code), case) != case
    ]  # fmt: skip
    assert len(found.of(Kind.ALTERED, "case")) == len(differing)
