"""The columns there are: of the templates that served the months, one heading for what means the same."""

import pytest

from tianbao.errors import Refusal
from tianbao.periods import Period, PeriodRange, school_years
from tianbao.records import Condition, Kind, Op
from tianbao.records.columns import offered
from tianbao.records.conditions import test_of as make_test
from tianbao.records.predicates import Among, Has, Not
from tianbao.templates import Template, column, one_of, sheet, text
from tianbao_templates_111 import TEMPLATE as T111
from tianbao_templates_113 import SEXES
from tianbao_templates_113 import TEMPLATE as T113

BOTH = (T111, T113)


def test_several_templates_have_one_heading_the_newest():
    columns = offered(BOTH, "case")
    assert [columns[name].heading for name in ("sex", "sessions", "main_issue")] == [
        "性別",
        "當月晤談累積次數",
        "個案類別(主)",
    ]
    assert columns["sex"].also == ("學生性別",)
    assert [choice.label for choice in columns["sex"].choices] == ["生理男", "生理女", "其他"]
    assert columns["sex"].called("男").key == 1


def test_only_templates_that_served_the_months_count():
    old = offered(BOTH, "case", [school_years(112, 112)])
    assert (old["sex"].heading, [choice.label for choice in old["sex"].choices]) == ("學生性別", ["男", "女"])
    assert "sex_note" not in old
    assert offered(BOTH, "case", [PeriodRange(Period(2024, 7), Period(2024, 8))])["sex_note"].extra
    assert list(offered(BOTH, "case", [school_years(90, 91)])) == [
        "period",
        "school_year",
        "county",
        "level",
        "unit_code",
        "unit",
        "filed_at",
    ]


def test_kinds_come_from_what_the_template_takes():
    columns = offered(BOTH, "service") | offered(BOTH, "case")
    kinds = {
        name: columns[name].kind for name in ("item", "male", "item_note", "sources", "period", "filed_at", "grade")
    }
    assert kinds == {
        "item": Kind.CODE, "male": Kind.NUMBER, "item_note": Kind.TEXT, "sources": Kind.CODES, "period": Kind.MONTH,
        "filed_at": Kind.MOMENT, "grade": Kind.CODE,
    }  # fmt: skip
    assert columns["male"].measure == "person_times"


def test_where_templates_disagree_it_is_text():
    @sheet("個案", kind="case", heading_row=1, first_row=2)
    class Words:
        sex_note = column("說明", one_of(SEXES))

    @sheet("個案", kind="case", heading_row=1, first_row=2)
    class Texts:
        sex_note = column("備註", text())

    forms = [Template("a", "甲", school_years(100, 101), [Words]), Template("b", "乙", school_years(102), [Texts])]
    merged = offered(forms, "case")["sex_note"]
    assert (merged.heading, merged.kind, merged.also, merged.choices) == ("備註", Kind.TEXT, ("說明",), ())


def meant(name, op, *values):
    return make_test(offered(BOTH, "case")[name], Condition(op, values))


def test_codes_are_found_by_number_by_name_and_by_a_part_of_a_name():
    def keys(op, *values):
        test = meant("main_issue", op, *values)
        assert isinstance(test, Among)
        return test.values

    assert keys(Op.ANY, "5", "人際困擾", "5 情緒困擾", "５") == (5, 1)
    assert keys(Op.HAS, "困擾") == (1, 3, 5, 12)
    assert keys(Op.HAS, "5") == (5,)
    assert keys(Op.HAS, "沒有的") == ()
    assert keys(Op.IS, "高風險家庭") == (10,)
    assert isinstance(meant("main_issue", Op.LACKS, "困擾"), Not)


def test_texts_are_compared_as_typed_and_as_normalised():
    test = meant("student_code", Op.HAS, "Ａ台")
    assert isinstance(test, Has)
    assert set(test.needles) == {"Ａ台", "Ａ臺", "a台", "a臺"}


@pytest.mark.parametrize(
    ("name", "op", "values", "told"),
    [
        ("main_issue", Op.ANY, ("77",), "情緒困擾"),
        ("main_issue", Op.HAS, ("77",), "情緒困擾"),
        ("main_issue", Op.MORE, ("3",), "任一"),
        ("sessions", Op.MORE, ("many",), "整數"),
        ("sessions", Op.MORE, ("9" * 30,), "整數"),
        ("sessions", Op.HAS, ("3",), "大於"),
        ("student_code", Op.BETWEEN, ("a", "b"), "包含"),
        ("period", Op.IS, ("2024-13",), "2024-09"),
        ("school_year", Op.IS, ("9999",), "113"),
        ("filed_at", Op.MORE, ("9999-12-31",), "113/9/5"),
    ],
)
def test_what_makes_no_sense_on_a_column_is_refused_with_what_does(name, op, values, told):
    with pytest.raises(Refusal) as caught:
        meant(name, op, *values)
    assert offered(BOTH, "case")[name].heading in caught.value.message
    assert told in caught.value.remedy
