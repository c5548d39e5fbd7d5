import datetime as dt

import pytest

from tianbao.canon import AUDIENCES, COUNSELLOR_TYPES, GRADES, ISSUES, REFERRALS, SOURCES
from tianbao.templates import Fault, code_list, day, grade, note, one_of, own_code, some_of, text, whole_number
from tianbao.workbooks import Broken

SEXES = code_list("性別", {1: "生理男", 2: "生理女"}, aliases={"男": 1}, words=True)


def fault(kind, raw):
    found = kind.parse(raw)
    assert isinstance(found, Fault), found
    return found


@pytest.mark.parametrize(
    "raw",
    [
        5,
        5.0,
        "5",
        "５",
        " 5 ",
        "05",
        "5.情緒困擾",
        "5、情緒困擾",
        "5 情緒困擾",
        "5情緒困擾",
        "情緒困擾",
        "５．情緒困擾",
    ],
)
def test_a_code_is_understood_as_number_as_word_and_as_both(raw):
    assert one_of(ISSUES).parse(raw) == 5


@pytest.mark.parametrize(
    ("codes", "raw", "number"),
    [
        (ISSUES, "高風險家庭", 10),
        (ISSUES, "網路成癮", 15),
        (ISSUES, "心理疾病", 18),
        (ISSUES, "兒少保議題", 11),
        (ISSUES, "中離（輟）拒學", 16),
        (GRADES, "高一", 10),
        (GRADES, "七年級", 7),
        (AUDIENCES, "家長", 14),
        (REFERRALS, "4 已轉介, 該中心服務至本月結案", 4),
        (COUNSELLOR_TYPES, "3.合聘專任輔導教師-主聘學校", 3),
        (SEXES, "男", 1),
        (SEXES, "生理男 ", 1),
    ],
)
def test_older_and_everyday_words_are_understood(codes, raw, number):
    assert one_of(codes).parse(raw) == number


@pytest.mark.parametrize("raw", [0, 20, -1, 5.5, "5x9", "不知道", True, "1e1", dt.date(2024, 3, 10)])
def test_what_is_no_code_is_said_so(raw):
    assert fault(one_of(ISSUES), raw).code == "not-a-code"


def test_numbers_do_not_stand_for_words():
    assert fault(one_of(SEXES), 1).code == "not-a-code"


def test_a_near_miss_comes_with_what_was_probably_meant():
    assert "5（情緒困擾）" in fault(one_of(ISSUES), "情緒困饒").sentence("情緒困饒")


def test_number_and_word_that_differ_are_not_guessed():
    assert fault(one_of(ISSUES), "5.人際困擾").code == "code-and-word-differ"


def test_two_codes_where_one_is_asked():
    assert fault(one_of(ISSUES), "3,10").code == "one-code-only"


SECONDARY = some_of(ISSUES, none=0, at_most=2)


@pytest.mark.parametrize(
    ("raw", "numbers"),
    [
        ("3,10", (3, 10)), ("3，10", (3, 10)), ("3、10", (3, 10)), (" 3 , 10 ", (3, 10)), ("3;10", (3, 10)), ("３，１０", (3, 10)),
        ("3", (3,)), (3, (3,)), (3.0, (3,)), (0, ()), ("0", ()), (0.0, ()), ("家庭困擾,脆弱家庭", (3, 10)),
        ("3.家庭困擾,10.脆弱家庭", (3, 10)), ("10,3", (10, 3)), ("3,10,", (3, 10)),
    ],
)  # fmt: skip
def test_several_codes_with_any_comma(raw, numbers):
    assert SECONDARY.parse(raw) == numbers


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("3,3", "repeated-code"),
        ("3,10,5", "too-many-codes"),
        ("0,3", "none-with-others"),
        ("3,99", "not-a-code"),
        (3.1, "not-a-code"),
        (dt.datetime(2024, 3, 10), "looks-like-a-date"),
        (Broken("#REF!"), "error-value"),
        (Broken("=A1", formula=True), "formula-without-value"),
    ],
)
def test_faults_of_several_codes(raw, code):
    assert fault(SECONDARY, raw).code == code


def test_none_is_no_code_where_there_is_no_none():
    assert fault(some_of(SOURCES), 0).code == "not-a-code"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("0", "zero-is-no-code"),
        (0, "zero-is-no-code"),
        ("A123456789", "national-id"),
        ("0912345678", "telephone"),
        (912345678.0, "telephone"),
        ("王小明", "looks-like-name"),
        ("x" * 21, "too-long"),
        (Broken("#N/A"), "error-value"),
    ],
)
def test_an_own_code_hides_nobody(raw, code):
    assert fault(own_code(), raw).code == code


@pytest.mark.parametrize(("raw", "value"), [("0012", "0012"), (12.0, "12"), ("Ｓ００１", "S001"), ("甲-01", "甲-01")])
def test_an_own_code_keeps_its_zeros(raw, value):
    assert own_code().parse(raw) == value


def test_personal_data_in_a_remark_is_refused():
    assert fault(text(), "家長電話0912345678").code == "telephone"
    assert fault(note("main_issue", ISSUES, 19), "身分證 A123456789").code == "national-id"
    assert fault(text(), "A123456789").secret


def test_a_remark_longer_than_allowed_says_by_how_much():
    assert "12 個字" in fault(text(10), "字" * 12).sentence("")


@pytest.mark.parametrize(("raw", "value"), [(0, None), ("0", None), ("適應", "適應")])
def test_a_note_or_zero(raw, value):
    assert note("main_issue", ISSUES, 19).parse(raw) == value


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (0, "out-of-range"),
        (1000, "out-of-range"),
        (-1, "out-of-range"),
        (1.5, "not-whole"),
        ("三", "not-whole"),
        (True, "not-whole"),
    ],
)
def test_whole_numbers_within_bounds(raw, code):
    assert fault(whole_number(1, 999), raw).code == code


def test_a_number_with_its_unit_is_proposed_not_taken():
    assert "您是否要填 3？" in fault(whole_number(1, 999), "3次").sentence("3次")


@pytest.mark.parametrize("raw", ["113/9/5", "1130905", "2024-09-05", dt.datetime(2024, 9, 5)])
def test_dates_however_written(raw):
    assert day().parse(raw) == dt.date(2024, 9, 5)


def test_a_date_that_is_none_and_one_of_another_century():
    assert fault(day(), "明天").code == "not-a-date"
    assert fault(day(), dt.date(1899, 12, 31)).code == "date-out-of-range"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (one_of(ISSUES), 5), (one_of(SEXES), 2), (SECONDARY, ()), (SECONDARY, (3,)), (SECONDARY, (3, 10)), (own_code(), "0012"),
        (note("x", ISSUES, 19), None), (note("x", ISSUES, 19), "適應"), (whole_number(0, 9), 0), (day(), dt.date(2024, 2, 29)),
        (grade(GRADES), 12), (text(), "說明"),
    ],
)  # fmt: skip
def test_writing_is_the_inverse_of_reading(kind, value):
    assert kind.parse(kind.write(value)) == value
