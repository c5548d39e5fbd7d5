"""Finds what must never stand in a return: data by which a child could be recognised.

The form asks for the school's own codes, "勿以可辨識資料編碼"; national IDs, telephone numbers and names are refused
wherever a code or a remark could hide one.
"""

import re

_LETTERS = {letter: number for number, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO", start=10)}
_ID = re.compile(r"(?<![A-Za-z0-9])([A-Za-z][ -]?[1289A-Da-d](?:[ -]?\d){8})(?![0-9])")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ー－"), "-")
"""What people type for a hyphen."""
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)

_TELEPHONE = re.compile(
    r"""(?<!\d)(?:
        (?:\+?886[\s.-]?(?:\(0\)|0)?|0)9\d{2}[\s.-]{0,3}\d{3}[\s.-]{0,3}\d{3}  # mobile: 0912-345-678
      | 09[\s.-]\d{4}[\s.-]?\d{4}                                     # 09-1234-5678
      | \(?0[2-8]\d{0,2}\)\s?-?\s?[2-8]\d{2,3}[\s-]?\d{3,4}            # (04)722-2121
      | (?:\+?886[\s.-]?|0)[2-8]\d{0,2}\s?-\s?[2-8]\d{2,3}[\s-]?\d{3,4}  # 04-7222121
      | 0(?:2[2-8]\d{7}|4[2-3]\d{7}|49[2-8]\d{6}|3[2-9]\d{6,7}|[5-8][2-9]\d{6})  # without a separator
    )(?!\d)""",
    re.VERBOSE,
)
_LOST_ZERO = re.compile(r"9\d{8}")

SHORTEST_NUMBER = 9
"""No national ID and no telephone number is shorter."""

_COMPOUND = ("歐陽", "司馬", "諸葛", "上官", "司徒", "夏侯", "張簡", "范姜", "端木", "皇甫", "尉遲", "令狐")
_SURNAMES = frozenset(
    "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何蕭羅高潘簡朱鍾游彭詹胡施沈余趙盧梁顏柯翁魏孫戴范宋方鄧杜"
    "傅侯曹薛丁卓馬阮董唐温溫蔣石藍紀連尤古姚康倪涂馮歐程湯黎巫白田賈金童龔萬姜白俞伍尹柳甘鄒嚴汪阮武華康章史毛田辛"
    "官駱鐘鄔談符管刁龐鄺葛畢樊穆項祝談邵季伊全韓任陸喬關車雷夏倫"
)
_NOT_OF_NAMES = frozenset("〇一二三四五六七八九十百甲乙丙丁戊己庚辛壬癸年男女生個案")
_OF_CLASSES = _NOT_OF_NAMES | frozenset("忠孝仁愛信義和平")
_OF_SCHOOLS = re.compile("學生|學校|高中|國中|國小|高職|專輔|兼輔|全校|[隊股營部處室組班級號社團]")
_AROUND = re.compile(r"[^\u4e00-\u9fff○〇*＊]+|同學|個案|老師|先生|小姐")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff○〇*＊]{1,3}")


def national_id(text: str) -> str | None:
    """The first national ID or resident certificate number in the text whose check digit is right."""
    found = filter(_checks, _ID.finditer(text.translate(_DASHES)))
    return next((each[0].upper() for each in found), None)


def _checks(found: re.Match[str]) -> bool:
    """The check of the Ministry of the Interior: letters as numbers, weighted, divisible by ten.

    The second place is 1 or 2 on national IDs, 8 or 9 on new and A-D on old resident certificates (whose second
    letter counts by the last digit of its number).
    """
    number = re.sub("[ -]", "", found[0].upper())
    second = number[1] if number[1].isdigit() else str(_LETTERS[number[1]] % 10)
    digits = f"{_LETTERS[number[0]]}{second}{number[2:]}"
    return sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 10 == 0


def telephone(text: str) -> str | None:
    """The first telephone number of Taiwan in the text: mobile, or landline with its area code."""
    found = _TELEPHONE.search(text.translate(_DASHES))
    return found[0] if found else None


def without_numbers(text: str, sign: str) -> str:
    """The text with a sign for each national ID and each telephone number; all its dashes become hyphens."""
    plain = text.translate(_DASHES)
    return _TELEPHONE.sub(sign, _ID.sub(lambda found: sign if _checks(found) else found[0], plain))


def mobile_without_zero(text: str) -> bool:
    """Whether the text is all a mobile number whose leading zero a spreadsheet dropped: 912345678."""
    return _LOST_ZERO.fullmatch(text) is not None


def looks_like_name(text: str) -> bool:
    """Whether a code is a name in Han characters, masked or not, whatever is around it: 王○明, S01王小明.

    Words of schools are none (高一甲, 田徑隊): what follows the surname must hold something that they do not.
    """
    if _OF_SCHOOLS.search(text):
        return False
    masked = re.sub("(?<=[\u4e00-\u9fff])[OＯXＸ](?=[\u4e00-\u9fff])", "○", text)
    compact = _AROUND.sub("", masked)
    if not _HAN_NAME.fullmatch(compact):
        return False
    given = compact[2:] if compact.startswith(_COMPOUND) else compact[1:] if compact[0] in _SURNAMES else ""
    return bool(given) and not set(given) <= (_OF_CLASSES if compact[0] == "高" else _NOT_OF_NAMES)
