"""A template: one school year's workbook, and the periods it serves."""

import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property

from attrs import define, evolve, field

from tianbao.periods import PeriodRange
from tianbao.templates.coded import OneOf, SomeOf
from tianbao.templates.codes import CodeList
from tianbao.templates.rules import Rule, WorkbookRule
from tianbao.templates.sheets import Sheet
from tianbao.templates.tables import Table


def _sheets(sheets: "Iterable[Sheet | type]") -> tuple[Sheet, ...]:
    """A type checker takes what ``@sheet`` made of a class for the class still."""
    return tuple(sheet for sheet in sheets if isinstance(sheet, Sheet))


@define(slots=False, frozen=True)
class Template:
    """The workbook of one or several school years.

    From this one definition come the blank, the example, the guide (填報說明), the checks, the stored columns and the
    headings of exports: they cannot contradict each other.

    Attributes:
        key: short and unique, such as ``113``.
        name: as people call it.
        serves: the periods that are filed with it; without an end, until the next form begins, see `in_turn`.
        sheets: in tab order.
        rules: across rows and sheets.
        guide_name: the name of the sheet that explains how to fill it in.
        notes: general remarks of the guide, in 繁體中文.
        row_rules: rules that rule packs added.
        tables: tables of statistics over its columns, beside those every template feeds.
    """

    key: str
    name: str
    serves: PeriodRange
    sheets: tuple[Sheet, ...] = field(converter=_sheets)
    rules: Sequence[WorkbookRule] = ()
    guide_name: str = "填報說明"
    notes: Sequence[str] = ()
    row_rules: tuple[Rule, ...] = ()
    tables: Sequence[Table] = ()

    def sheet(self, kind: str) -> Sheet:
        """The sheet that holds rows of a kind."""
        return next(sheet for sheet in self.sheets if sheet.kind == kind)

    def with_rules(self, rules: Iterable[Rule]) -> "Template":
        """The same template with the rules of rule packs added."""
        added = tuple(rules)
        return evolve(self, row_rules=self.row_rules + added) if added else self

    def rules_of(self, sheet: Sheet) -> Sequence[Rule]:
        """All rules that look at the rows of a sheet."""
        fields = {column.name for column in sheet.columns} | {"level", "period"}
        added = [rule for rule in self.row_rules if rule.kind == sheet.kind and fields.issuperset(rule.fields)]
        return [*sheet.rules, *added]

    @property
    def code_lists(self) -> Sequence[CodeList]:
        """The code lists its columns draw on, each once, in order of first use."""
        lists = (
            column.values.codes
            for sheet in self.sheets
            for column in sheet.columns
            if isinstance(column.values, OneOf | SomeOf)
        )
        return list({codes.name: codes for codes in lists}.values())

    @cached_property
    def fingerprint(self) -> str:
        """Twelve hex digits that change when the form changes: sheets, headings, columns, codes."""
        form = [
            (
                sheet.name,
                sheet.heading_row,
                sheet.first_row,
                [(column.name, column.heading, column.values.allowed(), column.required) for column in sheet.columns],
                [rule.code for rule in self.rules_of(sheet)],
            )
            for sheet in self.sheets
        ]
        return hashlib.sha256(repr((self.key, form)).encode()).hexdigest()[:12]


def in_turn(templates: Iterable[Template]) -> Sequence[Template]:
    """Each with the months it really serves: one without an end serves until the next one without an end begins.

    So next year's form takes over without a word about it in this year's, which somebody else may have written.
    """
    found = tuple(templates)
    begins = [each.serves.first for each in found if each.serves.first and not each.serves.last]
    return [each if each.serves.last else evolve(each, serves=each.serves.until(begins)) for each in found]
