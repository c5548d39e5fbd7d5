import pytest

from tianbao.personal import looks_like_name, mobile_without_zero, national_id, telephone


@pytest.mark.parametrize("text", ["A123456789", "a123456789", "學號A123456789。", "F131104093", "A800000014"])
def test_a_number_with_the_right_check_digit_is_found(text):
    assert national_id(text)


@pytest.mark.parametrize("text", ["A-123456789", "a 123 456 789", "身分證A1–2345–6789", "父A123456789母"])
def test_separators_hide_no_national_id(text):
    assert national_id(text)


@pytest.mark.parametrize("text", ["A123456788", "A323456789", "S001", "1130905", "AA123456789", "A1234567890"])
def test_other_codes_are_no_national_ids(text):
    assert national_id(text) is None


def test_every_number_made_by_the_rule_is_found_and_its_neighbour_is_not():
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1)
    for serial in range(0, 10_000_000, 99_991):
        digits = f"101{serial:07}"  # 10 stands for A, then 1 (male)
        check = -sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 10
        number = f"A1{serial:07}"
        assert national_id(f"{number}{check}")
        assert not national_id(f"{number}{(check + 1) % 10}")


@pytest.mark.parametrize(
    "text",
    [
        "0912345678",
        "0912-345-678",
        "+886912345678",
        "(04)7222121",
        "04-7222121",
        "02-27208889",
        "電話0912345678",
        "049-2910960",
        "09-1234-5678",
        "0912–345–678",
        "0912 - 345 - 678",
        "+886-4-722-2121",
        "+886(0)912345678",
        "04) 722-2121",
        "家長電話:0912.345.678",
    ],
)
def test_telephone_numbers_are_found(text):
    assert telephone(text)


@pytest.mark.parametrize(
    "text", ["S001", "1130905", "10912345678", "112001", "7-03", "2024-09-05", "3,10", "113-09-0512", "05.12-06.30"]
)
def test_codes_are_no_telephone_numbers(text):
    assert telephone(text) is None


def test_a_mobile_number_that_lost_its_zero_to_a_spreadsheet_is_known():
    assert mobile_without_zero("912345678")
    assert not mobile_without_zero("112345678")


@pytest.mark.parametrize(
    "text",
    [
        "王小明",
        "陳美",
        "歐陽娜娜",
        "王○明",
        "李O華",
        "林 小 美",
        "王小明1",
        "S01王小明",
        "王小明(女)",
        "個案王小明",
        "陳信忠",
    ],
)
def test_names_are_known_masked_or_not(text):
    assert looks_like_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "高一甲",
        "高二忠",
        "高三學生",
        "田徑隊",
        "高中部",
        "高一-05",
        "S001",
        "甲01",
        "學生一",
        "王",
        "輔導個案編號",
        "專輔甲",
        "黃班",
    ],
)
def test_codes_in_han_characters_are_no_names(text):
    assert not looks_like_name(text)
