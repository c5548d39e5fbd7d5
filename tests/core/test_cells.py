import datetime as dt

import pytest

from tianbao.cells import date_of, is_blank, squash, text_of, whole_of
from tianbao.workbooks import Broken


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("　５ ", "5"), ("Ａ０１", "A01"), (5.0, "5"), (5.5, "5.5"), (True, "TRUE"), (None, ""),
        ("a\u200bb", "ab"), ("多  個\n空白", "多 個 空白"), (dt.datetime(2024, 9, 5), "2024-09-05"), (Broken("#N/A"), "#N/A"),
    ],
)  # fmt: skip
def test_text_is_what_a_person_would_read_aloud(raw, text):
    assert text_of(raw) == text


@pytest.mark.parametrize("raw", [None, "", " ", "\u3000", "\u200b", "\n"])
def test_what_nobody_sees_is_blank(raw):
    assert is_blank(raw)


@pytest.mark.parametrize("raw", [0, 0.0, "0", False, Broken("#N/A")])
def test_zero_false_and_errors_are_not_blank(raw):
    assert not is_blank(raw)


@pytest.mark.parametrize(("raw", "whole"), [(5, 5), (5.0, 5), ("5", 5), ("５", 5), (" 05 ", 5), ("5.0", 5), ("-3", -3)])
def test_whole_numbers_in_any_dress(raw, whole):
    assert whole_of(raw) == whole


@pytest.mark.parametrize(
    "raw", [None, "", "5次", 5.5, True, "五", "1e3", Broken("#N/A"), dt.date(2024, 1, 1), float("inf")]
)
def test_what_is_no_whole_number(raw):
    assert whole_of(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        dt.date(2024, 9, 5), dt.datetime(2024, 9, 5, 13), "2024-09-05", "2024/9/5", "2024年9月5日", "113/9/5", "113-09-05",
        "113年9月5日", "民國113年9月5日", "1130905", "１１３／９／５", "20240905", 1130905.0, 20240905,
    ],
)  # fmt: skip
def test_the_same_day_in_every_way_people_write_it(raw):
    assert date_of(raw) == dt.date(2024, 9, 5)


@pytest.mark.parametrize("raw", ["2024-13-05", "113/2/30", "9/5", "昨天", "", None, 12.5])
def test_what_is_no_day(raw):
    assert date_of(raw) is None


def test_headings_compare_without_blanks_breaks_and_width():
    assert squash("個案類別（主）\n其他說明") == squash("個案類別(主)其他說明")
