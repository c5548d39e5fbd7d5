"""The columns that records have: those of the templates that served the chosen months, and those of the filing.

One heading where several templates mean the same thing: a template's column belongs to the canonical field it is
stored under, and has the heading and the codes' labels of the newest template. What only one template asks for is blank
in the rows of the others.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from attrs import evolve, field, fields, frozen

from tianbao.canon import ROW_KINDS
from tianbao.cells import squash, text_of
from tianbao.periods import Period, PeriodRange
from tianbao.templates import CodeList, Template
from tianbao.templates.coded import OneOf, SomeOf
from tianbao.templates.sheets import Column as TemplateColumn
from tianbao.templates.values import Day, WholeNumber
from tianbao.units import COUNTIES, Level


class Kind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    NUMBER = "number"
    CODE = "code"
    """One of a closed list: a code, a level, a county."""
    CODES = "codes"
    """Several codes of a list."""
    DAY = "day"
    MONTH = "month"
    SCHOOL_YEAR = "school_year"
    MOMENT = "moment"


@frozen
class Choice:
    """One entry of a closed list.

    Attributes:
        key: what is stored, and what an address says.
        label: what it is shown as: ``5 情緒困擾``, ``生理男``, ``國中``.
        words: whatever else it is known by, squashed (see `tianbao.cells.squash`).
    """

    key: int | str
    label: str
    words: frozenset[str]

    def is_called(self, text: str) -> bool:
        """Whether a text is its key, its label or another name of it."""
        return text_of(text) == str(self.key) or squash(text) in self.words

    def sounds_like(self, text: str) -> bool:
        """Whether one of its names holds the text."""
        return bool(squash(text)) and any(squash(text) in word for word in self.words)


@frozen
class Column:
    """A column of the records.

    Attributes:
        name: of the canonical field, of the template's own column, or of the filing's; stands in addresses.
        heading: as the newest template has it.
        kind: what stands in it.
        choices: of a closed list, in its order.
        extra: whether it is a template's own, kept with the row's extras.
        blanks: whether it can be blank.
        also: headings that other templates have for it.
        measure: what its numbers count, see `tianbao.templates.Column`.
    """

    name: str
    heading: str
    kind: Kind
    choices: tuple[Choice, ...] = ()
    extra: bool = False
    blanks: bool = True
    also: tuple[str, ...] = ()
    measure: str = ""
    labels: Mapping[Hashable, str] = field(init=False, eq=False, repr=False)
    """Of the choices, by key."""

    @labels.default
    def _labels(self) -> Mapping[Hashable, str]:
        return {choice.key: choice.label for choice in self.choices}

    def called(self, text: str) -> Choice | None:
        """The choice a text unambiguously means."""
        return next((choice for choice in self.choices if choice.is_called(text)), None)


Columns = Mapping[str, Column]
"""By name, in the order in which they are offered."""


def _choice(key: str, label: str) -> Choice:
    return Choice(key, label, frozenset({squash(label), squash(label.replace("臺", "台")), squash(key)}))


PERIOD = Column("period", "月份", Kind.MONTH, blanks=False)
SCHOOL_YEAR = Column("school_year", "學年度", Kind.SCHOOL_YEAR, blanks=False)
COUNTY = Column("county", "縣市", Kind.CODE, tuple(_choice(name, name) for name in COUNTIES), blanks=False)
LEVEL = Column("level", "學制", Kind.CODE, tuple(_choice(each.value, each.label) for each in Level), blanks=False)
UNIT = Column("unit", "單位", Kind.TEXT, blanks=False)
UNIT_CODE = Column("unit_code", "單位代碼", Kind.TEXT, blanks=False)
FILED_AT = Column("filed_at", "填報時間", Kind.MOMENT, blanks=False)
UNIT_ID = Column("unit_id", "", Kind.NUMBER, blanks=False)
"""Never offered: what a unit is restricted by."""

ISSUES = Column("issues", "個案類別(主、副)", Kind.CODES)
"""The main and the secondary issues of a case together: what statistics count as 主+副類別."""

_BEFORE = (PERIOD, SCHOOL_YEAR, COUNTY, LEVEL, UNIT_CODE, UNIT)
OF_THE_FILING = frozenset(column.name for column in (*_BEFORE, FILED_AT))


def offered(templates: Iterable[Template], kind: str, months: Sequence[PeriodRange] = ()) -> Columns:
    """The columns of one kind of rows.

    Args:
        templates: all there are.
        kind: ``case`` or ``service``.
        months: the chosen ones; all where empty. Templates that served none of them are left out.
    """
    served = [each for each in templates if not months or any(each.serves.overlaps(part) for part in months)]
    found: dict[str, Column] = {}
    for template in sorted(served, key=lambda each: (each.serves.first or Period(1912, 1), each.key), reverse=True):
        for sheet in template.sheets:
            for each in sheet.columns if sheet.kind == kind else ():
                column = _column(each, kind)
                found[each.name] = _merged(found[each.name], column) if each.name in found else column
    if found.keys() >= {"main_issue", "secondary_issues"}:
        found[ISSUES.name] = evolve(ISSUES, choices=found["main_issue"].choices)
    own = [column for name, column in found.items() if name not in OF_THE_FILING]
    return {column.name: column for column in (*_BEFORE, *own, FILED_AT)}


def known_beside(columns: Columns, all_there_are: Columns) -> Columns:
    """Some months' columns as these months have them, and behind them whatever other months know, codes too.

    Who filters by what those months do not have finds nothing there, which is true, and is not refused.
    """
    known = {
        name: evolve(each, choices=_merged_choices(each.choices, all_there_are[name].choices))
        for name, each in columns.items()
    }
    return {**all_there_are, **known}


def _column(column: TemplateColumn, kind: str) -> Column:
    canonical = {each.name for each in fields(ROW_KINDS[kind])} - {"extras"}
    values = column.values
    choices: tuple[Choice, ...] = ()
    match values:
        case OneOf():
            shape, choices = Kind.CODE, _choices(values.codes)
        case SomeOf():
            shape, choices = Kind.CODES, _choices(values.codes)
        case WholeNumber():
            shape = Kind.NUMBER
        case Day():
            shape = Kind.DAY
        case _:
            shape = Kind.TEXT
    return Column(column.name, column.heading, shape, choices, column.name not in canonical, measure=column.measure)


@lru_cache
def _choices(codes: CodeList) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            code.number,
            code.label if codes.words else str(code),
            frozenset(map(squash, (code.label, *code.aliases, f"{code.number}{code.label}"))),
        )
        for code in codes.codes
    )


def _merged(newer: Column, older: Column) -> Column:
    """One column for both; where they hold different things, it is text."""
    also = newer.also if older.heading in {newer.heading, *newer.also} else (*newer.also, older.heading)
    if newer.kind is not older.kind:
        return Column(newer.name, newer.heading, Kind.TEXT, extra=newer.extra, also=also)
    return evolve(newer, also=also, choices=_merged_choices(newer.choices, older.choices))


@lru_cache
def _merged_choices(newer: tuple[Choice, ...], older: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """The newer labels; the older names still find them, and codes that are gone stay."""
    old = {choice.key: choice for choice in older}
    kept = [evolve(each, words=each.words | old.pop(each.key, each).words) for each in newer]
    return (*kept, *old.values())
