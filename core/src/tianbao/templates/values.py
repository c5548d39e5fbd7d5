"""What a column may hold. Each kind of value reads a cell, explains itself, and writes a cell again.

A kind's `parse` is given a cell that is not blank; it returns the value that is stored, or a `Fault`. Verdicts are
remembered by value, so `parse` must depend on the cell alone; what depends on other cells of the row is a rule.
"""

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Mapping

from attrs import Factory, field, frozen

from tianbao import personal
from tianbao.cells import date_of, squash, text_of, whole_of
from tianbao.clock import spoken_date
from tianbao.documents import Entry
from tianbao.templates.codes import Code
from tianbao.templates.rules import Rule
from tianbao.templates.sentences import SAYS
from tianbao.workbooks import Broken, Cell


@frozen
class Fault:
    """Why a cell's value cannot be taken.

    Attributes:
        code: of the finding; a key of `tianbao.templates.sentences.SAYS`, or a plugin's own.
        facts: what the sentence names.
        says: the sentence, for a code that the catalogue does not know.
        secret: whether the value is personal data and must not be repeated.
    """

    code: str
    facts: Mapping[str, object] = Factory(dict)
    says: str = ""
    secret: bool = False

    def sentence(self, value: str) -> str:
        return (self.says or SAYS[self.code]).format(**{"value": value, **self.facts})


class ValueKind(ABC):
    """What a column may hold; a plugin may bring its own."""

    text = False
    """Whether cells of the column hold text whatever is typed."""

    @abstractmethod
    def parse(self, raw: Cell) -> Hashable | Fault:
        """Read a cell that is not blank."""

    @abstractmethod
    def write(self, value: Hashable) -> Cell:
        """The cell that holds a value, the inverse of `parse`."""

    @abstractmethod
    def allowed(self) -> str:
        """What may be entered, one sentence in 繁體中文."""

    def in_short(self) -> str:
        """What may be entered, in no more words than a finding has room for."""
        return self.allowed()

    def entry(self) -> Entry:
        """What may be entered, for the program that opens the blank."""
        return Entry()

    def rules(self, field_name: str) -> Iterable[Rule]:  # noqa: ARG002 -- for those that have some
        """The rules between this column and others that follow from its declaration."""
        return ()


def broken(raw: Cell) -> Fault | None:
    """The fault of a cell without a usable value."""
    if isinstance(raw, Broken):
        return Fault("formula-without-value" if raw.formula else "error-value")
    return None


def private(text: str, *, own_code: bool = False) -> Fault | None:
    """The fault of a text that holds personal data."""
    if len(text) >= personal.SHORTEST_NUMBER:
        if personal.national_id(text):
            return Fault("national-id", secret=True)
        if personal.telephone(text):
            return Fault("telephone", secret=True)
    if own_code and not text.isascii() and personal.looks_like_name(text):
        return Fault("looks-like-name", secret=True)
    return None


def _shape(text: str, longest: int) -> Fault | None:
    if not text.isprintable():
        return Fault("control-characters")
    if len(text) > longest:
        return Fault("too-long", {"count": len(text), "longest": longest})
    return None


@frozen
class Text(ValueKind):
    """A remark; personal data in it is refused."""

    longest: int = 200
    text = True

    def parse(self, raw: Cell) -> Hashable | Fault:
        if fault := broken(raw):
            return fault
        text = text_of(raw)
        if not isinstance(raw, str) and personal.mobile_without_zero(text):
            return Fault("telephone", secret=True)
        return _shape(text, self.longest) or private(text) or text

    def write(self, value: Hashable) -> Cell:
        return str(value)

    def allowed(self) -> str:
        return f"請填文字，最多 {self.longest} 個字。"

    def entry(self) -> Entry:
        return Entry(longest=self.longest)


_TOTAL = re.compile(
    r"(\d{2,3}年)?(\d{1,2}月)?(本月|當月|本校|全校)?(合計|總計|小計|共計|總和|加總)(人次|人數|次數)?|(sub)?total"
)
"""As people write it beside a sum, without blanks and punctuation."""

_LONGEST_TOTAL = 20
"""Characters; whatever is longer says more than that."""


def names_a_total(text: str) -> bool:
    """Whether a text stands for a sum of rows, as at the foot of a table: 合計, 9月小計."""
    return len(text) <= _LONGEST_TOTAL and _TOTAL.fullmatch(squash(text)) is not None


_PLAIN_CODE = re.compile(r"[A-Za-z]{1,4}[0-9_-][0-9A-Za-z_-]{0,6}")
"""Too few digits for anybody's number, and no word: what most codes look like, and every one of them is another."""


@frozen
class OwnCode(Text):
    """The school's own code of a student or teacher; never personal data, never 0."""

    longest: int = 20

    def parse(self, raw: Cell) -> Hashable | Fault:
        if isinstance(raw, str) and _PLAIN_CODE.fullmatch(raw) and len(raw) <= self.longest:
            return raw
        if fault := broken(raw):
            return fault
        text = text_of(raw)
        return self._spoilt(raw) or _shape(text, self.longest) or private(text, own_code=True) or text

    def _spoilt(self, raw: Cell) -> Fault | None:
        """What a spreadsheet, or a slip of the hand, makes of a code."""
        if isinstance(raw, dt.date | dt.time | dt.timedelta):
            return Fault("code-became-a-date")
        if isinstance(raw, str) and not raw.strip().isprintable():
            return Fault("control-characters")
        if text_of(raw) == "0":
            return Fault("zero-is-no-code")
        if names_a_total(text_of(raw)):
            return Fault("total-row")
        if not isinstance(raw, str) and personal.mobile_without_zero(text_of(raw)):
            return Fault("telephone", secret=True)
        return None

    def allowed(self) -> str:
        return f"請填學校自編的代號，最多 {self.longest} 個字，不可使用姓名、身分證字號或電話。"


@frozen
class Note(Text):
    """The explanation of one code of another column: text exactly where that column holds it, else 0."""

    of: str = ""
    when: Code = field(factory=lambda: Code(0, ""))
    shown: str = ""
    """The code as sentences name it."""
    heading: str = ""

    def parse(self, raw: Cell) -> Hashable | Fault:
        value = Text.parse(self, raw)
        return None if value == "0" else value

    def write(self, value: Hashable) -> Cell:
        return 0 if value is None else str(value)

    def allowed(self) -> str:
        return f"選{self.shown}時請以文字說明，最多 {self.longest} 個字；其餘請填 0。"

    def _chosen(self, other: object) -> bool:
        return self.when.number in other if isinstance(other, tuple) else other == self.when.number

    def rules(self, field_name: str) -> Iterable[Rule]:
        facts = {"of": self.heading, "code": self.shown}
        for code, wrong in (("note-expected", False), ("note-unexpected", True)):
            yield Rule(
                code,
                SAYS[code],
                (field_name, self.of),
                lambda note, other, wrong=wrong: bool(note) is not wrong or self._chosen(other) is wrong,
                facts=facts,
            )


@frozen
class WholeNumber(ValueKind):
    """A whole number between two bounds, both included."""

    least: int
    most: int

    def parse(self, raw: Cell) -> Hashable | Fault:
        if fault := broken(raw):
            return fault
        number = whole_of(raw)
        if number is None:
            guesses = re.findall(r"\d+", text_of(raw)) if isinstance(raw, str) else []
            meant = int(guesses[0]) if len(guesses) == 1 else self.least - 1
            guess = f"您是否要填 {meant}？" if self.least <= meant <= self.most else ""
            return Fault("not-whole", {"allowed": self.in_short(), "guess": guess})
        return number if self.least <= number <= self.most else Fault("out-of-range", {"allowed": self.in_short()})

    def write(self, value: Hashable) -> Cell:
        return value if isinstance(value, int) else None

    def allowed(self) -> str:
        return f"請填 {self.least}～{self.most} 的整數。"

    def entry(self) -> Entry:
        return Entry(whole_from=self.least, whole_to=self.most)


@frozen
class Day(ValueKind):
    """A date: of the file, ISO, or ROC (113/9/5, 1130905)."""

    first: dt.date = dt.date(1912, 1, 1)
    last: dt.date = dt.date(2100, 12, 31)

    def parse(self, raw: Cell) -> Hashable | Fault:
        if fault := broken(raw):
            return fault
        day = date_of(raw)
        if day is None:
            return Fault("not-a-date")
        if not self.first <= day <= self.last:
            return Fault("date-out-of-range", {"first": spoken_date(self.first), "last": spoken_date(self.last)})
        return day

    def write(self, value: Hashable) -> Cell:
        return value if isinstance(value, dt.date) else None

    def allowed(self) -> str:
        return "請填日期，如 113/9/5 或 2024-09-05。"
