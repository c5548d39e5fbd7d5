"""Values that are codes of a list: one of them, or several joined by a comma."""

import datetime as dt
import re
from collections.abc import Hashable, Iterable, Sequence

from attrs import frozen

from tianbao.cells import squash, text_of, whole_of
from tianbao.documents import Entry
from tianbao.templates.codes import Code, CodeList
from tianbao.templates.rules import Rule
from tianbao.templates.sentences import SAYS
from tianbao.templates.values import Fault, ValueKind, broken
from tianbao.workbooks import Cell

_CODE_AND_WORD = re.compile(r"(\d{1,3})[\s.、:：\-_)）]*(\D.*)")
_JOINT = re.compile(r"[,、;/]")
_NONE_IN_WORDS = frozenset({"無", "沒有", "否", "-", "—", "N", "n", "NA", "N/A"})


@frozen
class OneOf(ValueKind):
    """One code of a list; the number, the word, or both where they agree."""

    codes: CodeList

    def parse(self, raw: Cell) -> Hashable | Fault:
        if fault := broken(raw):
            return fault
        found = find_code(self.codes, raw)
        if isinstance(found, Code):
            return found.number
        if found.code == "not-a-code" and _several(self.codes, text_of(raw)):
            return Fault("one-code-only")
        return found

    def write(self, value: Hashable) -> Cell:
        return self.codes.written(value) if isinstance(value, int) else None

    def allowed(self) -> str:
        return f"請填{'' if self.codes.words else '代號'}：{self.codes.allowed()}。"

    def in_short(self) -> str:
        return self.allowed() if self.codes.is_short else f"請填{self.codes.span()}的代號，意義見填報說明。"

    def entry(self) -> Entry:
        return Entry(choices=[self.codes.written(code.number) for code in self.codes.codes])

    def rules(self, field_name: str) -> Iterable[Rule]:
        return _level_rules(field_name, self.codes)


@frozen
class SomeOf(ValueKind):
    """Several codes of a list, joined by a comma; a number (0) for none of them."""

    codes: CodeList
    none: int | None = None
    at_most: int | None = None
    other_than: str = ""
    """The column whose code must not be among these."""
    other_heading: str = ""
    text = True

    def parse(self, raw: Cell) -> Hashable | Fault:
        if fault := broken(raw):
            return fault
        if isinstance(raw, dt.date | dt.time | dt.timedelta):
            pair = ",".join(str(code.number) for code in self.codes.codes[2:4])
            return Fault("looks-like-a-date", {"example": pair})
        text = text_of(raw.replace("\n", ",") if isinstance(raw, str) else raw)
        numbers: list[int] = []
        for part in _parts(text):
            if self.none is not None and part == str(self.none):
                numbers.append(self.none)
                continue
            found = find_code(self.codes, part)
            if isinstance(found, Fault):
                return self._misread(found, text)
            numbers.append(found.number)
        return self._together(numbers)

    def _misread(self, fault: Fault, text: str) -> Fault:
        """The fault of a part, with what is allowed here and what the whole was probably meant to be."""
        if fault.code != "not-a-code":
            return fault
        guess = fault.facts["guess"]
        meant = [int(number) for number in re.findall(r"\d{1,3}", text)]
        if self.none is not None and text in _NONE_IN_WORDS:
            guess = f"您是否要填 {self.none}？"
        elif len(meant) > 1 and all(number in self.codes.by_number for number in meant):
            guess = f"您是否要填 {','.join(map(str, meant))}？"
        return Fault(fault.code, {"allowed": self.in_short(), "guess": guess})

    def _together(self, numbers: Sequence[int]) -> Hashable | Fault:
        if list(numbers) == [self.none]:
            return ()
        if self.none in numbers:
            return Fault("none-with-others", {"none": self.none})
        if repeated := next((number for number in numbers if numbers.count(number) > 1), None):
            return Fault("repeated-code", {"code": self.codes.show(self.codes.by_number[repeated])})
        if self.at_most and len(numbers) > self.at_most:
            return Fault("too-many-codes", {"count": len(numbers), "at_most": self.at_most})
        return tuple(numbers)

    def write(self, value: Hashable) -> Cell:
        if not isinstance(value, tuple):
            return None
        if len(value) < 2:  # noqa: PLR2004 -- one code is a number, several are text
            return self.codes.written(value[0]) if value else self.none
        return ",".join(str(self.codes.written(number)) for number in value)

    def allowed(self) -> str:
        several = f"最多 {self.at_most} 項" if self.at_most else "可複選"
        none = "" if self.none is None else f"；無則填 {self.none}"
        return f"請填代號（{several}，以半形逗號分隔{none}）：{self.codes.allowed()}。"

    def in_short(self) -> str:
        if self.codes.is_short:
            return self.allowed()
        several = f"，最多 {self.at_most} 項" if self.at_most else ""
        none = "" if self.none is None else f"；無則填 {self.none}"
        return f"請填{self.codes.span()}的代號{several}，以半形逗號分隔{none}；意義見填報說明。"

    def entry(self) -> Entry:
        none = () if self.none is None else (self.none,)
        return Entry(choices=[*none, *(self.codes.written(code.number) for code in self.codes.codes)], strict=False)

    def rules(self, field_name: str) -> Iterable[Rule]:
        yield from _level_rules(field_name, self.codes)
        if self.other_than:
            yield Rule(
                "same-as",
                SAYS["same-as"],
                (field_name, self.other_than),
                lambda these, other: other not in these,
                facts={"other": self.other_heading},
            )


def _parts(text: str) -> Sequence[str]:
    return [part.strip() for part in _JOINT.split(text) if part.strip()] or [text]


def _several(codes: CodeList, text: str) -> bool:
    parts = _parts(text)
    return len(parts) > 1 and all(isinstance(find_code(codes, part), Code) for part in parts)


def find_code(codes: CodeList, raw: Cell) -> Code | Fault:
    """The code a cell unambiguously means, whether it holds the number, the word, or both."""
    number = None if codes.words else whole_of(raw)
    if number is not None and number in codes.by_number:
        return codes.by_number[number]
    text = text_of(raw)
    if code := codes.by_word.get(squash(text)):
        return code
    if not codes.words and (found := _CODE_AND_WORD.fullmatch(text)):
        return _agreeing(codes, int(found[1]), found[2])
    return _unknown(codes, text)


def _agreeing(codes: CodeList, number: int, word: str) -> Code | Fault:
    """The code of a number and a word together, such as 5.情緒困擾."""
    by_number, by_word = codes.by_number.get(number), codes.by_word.get(squash(word))
    if by_number and by_word is by_number:
        return by_number
    if by_number and by_word:
        return Fault("code-and-word-differ", {"first": codes.show(by_number), "second": codes.show(by_word)})
    return _unknown(codes, word)


def _unknown(codes: CodeList, text: str) -> Fault:
    near = codes.near(text)
    if not near and (number := re.fullmatch(r"\D{0,3}0*(\d{1,3})\D{0,3}", text)):
        near = [code for code in codes.codes if code.number == int(number[1]) and not codes.words]
    guess = f"您是否要填 {'或 '.join(map(codes.show, near))}？" if near else ""
    return Fault("not-a-code", {"allowed": OneOf(codes).in_short(), "guess": guess})


def _level_rules(field_name: str, codes: CodeList) -> Iterable[Rule]:
    """A rule for each code that only units of certain levels may use."""
    for code in codes.codes:
        if code.levels:
            yield Rule(
                "level-may-not",
                SAYS["level-may-not"],
                (field_name, "level"),
                lambda value, level, code=code: (
                    level in code.levels
                    or (code.number not in value if isinstance(value, tuple) else value != code.number)
                ),
                facts={
                    "code": codes.show(code),
                    "only": code.only,
                },
            )


@frozen
class Grade(OneOf):
    """A student's grade, 1 to 12, which must be one of the unit's level."""

    def rules(self, field_name: str) -> Iterable[Rule]:
        yield Rule(
            "grade-not-of-level",
            SAYS["grade-not-of-level"],
            (field_name, "level"),
            lambda grade, level: grade not in range(1, 13) or grade in level.grades,
        )
