"""The contracts of forms: of templates, and of rules added to one."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

import pytest

from tianbao.canon import CODE_LISTS, ROW_KINDS
from tianbao.cells import squash
from tianbao.checking import check
from tianbao.documents import Document
from tianbao.errors import Refusal
from tianbao.plugins import PluginInfo, Plugins
from tianbao.templates import CodeList, Rule, Sheet, Template
from tianbao.templates.coded import OneOf, SomeOf
from tianbao.templates.layout import blank, example
from tianbao.testing.builders import filled
from tianbao.testing.wanted import wanted
from tianbao.workbooks import Workbook, Worksheet


class TemplateContract:
    """For `tianbao_templates`: set ``template``."""

    template: ClassVar[Template]

    @property
    def _template(self) -> Template:
        return cast("Template", wanted(self, "template"))

    def test_kinds_of_rows_are_known_and_distinct(self) -> None:
        kinds = [sheet.kind for sheet in self._template.sheets]
        assert set(kinds) <= set(ROW_KINDS)
        assert len(set(kinds)) == len(kinds)

    def test_names_fit_a_workbook(self) -> None:
        for name in [*(sheet.name for sheet in self._template.sheets), self._template.guide_name]:
            assert 0 < len(name) <= 31, name
            assert not set(name) & set(r"[]:*?/\\"), name

    def test_headings_of_a_sheet_are_distinct_with_their_aliases(self) -> None:
        for sheet in self._template.sheets:
            headings = [heading for column in sheet.columns for heading in column.headings]
            assert len(set(headings)) == len(headings), sheet.name

    def test_groups_span_every_column(self) -> None:
        for sheet in self._template.sheets:
            assert sheet.groups is None or sum(sheet.groups.values()) == len(sheet.columns)

    def test_rows_are_in_order(self) -> None:
        for sheet in self._template.sheets:
            assert 1 <= sheet.heading_row < sheet.first_row
            above = sheet.heading_row - (1 if sheet.groups else 0)
            assert not sheet.title or 1 <= sheet.title_row < above, f"{sheet.name}: no room for the title"

    def test_every_column_has_an_example_and_says_what_it_takes(self) -> None:
        for sheet in self._template.sheets:
            for column in sheet.columns:
                assert column.example
                assert column.values.allowed()

    def test_every_example_value_is_accepted_and_can_be_written_again(self) -> None:
        for sheet in self._template.sheets:
            for column in sheet.columns:
                for cell in column.example:
                    value = column.values.parse(cell)
                    assert column.values.parse(column.values.write(cast("Any", value))) == value, (column.heading, cell)

    def test_a_workbook_filled_like_the_example_is_accepted(self) -> None:
        verdict = check(filled(self._template), self._template)
        assert [finding.message for finding in verdict.findings] == []
        assert all(verdict.counts[sheet.kind] == 1 for sheet in self._template.sheets)

    def test_the_example_itself_is_refused(self) -> None:
        with pytest.raises(Refusal) as refused:
            check(_as_read(example(self._template)), self._template)
        assert refused.value.code == "example-workbook"

    def test_the_blank_is_refused_as_empty(self) -> None:
        with pytest.raises(Refusal) as refused:
            check(_as_read(blank(self._template)), self._template)
        assert refused.value.code == "empty-workbook"

    def test_an_empty_required_cell_is_missing(self) -> None:
        for sheet in self._template.sheets:
            for column in sheet.columns:
                verdict = check(filled(self._template, **{sheet.kind: [{column.name: None}, {}]}), self._template)
                found = [finding.column for finding in verdict.findings if finding.kind.value == "missing"]
                assert not column.required or column.heading in found, column.heading

    def test_a_code_means_what_it_means_in_every_form(self) -> None:
        """Figures of all school years are added up by number: a number that is given to something else miscounts."""
        for sheet in self._template.sheets:
            for column in sheet.columns:
                nation, values = CODE_LISTS.get(column.name), column.values
                for code in values.codes.codes if nation and isinstance(values, OneOf | SomeOf) else ():
                    known = cast("CodeList", nation).by_word.get(squash(code.label), code)
                    assert known.number == code.number, (
                        f"{column.heading}: {code.label} is {known.number} in tianbao.canon and {code.number} here. "
                        "Keep its number, as `CodeList.but` does; a new code takes a number that never was another's."
                    )

    def test_rules_across_rows_say_what_is_wrong(self) -> None:
        for rule in self._template.rules:
            assert rule.code, rule
            assert rule.says, rule.code

    def test_rules_look_at_columns_there_are(self) -> None:
        for sheet in self._template.sheets:
            for rule in sheet.rules:
                assert _fields(sheet).issuperset(rule.fields), rule.code


def _as_read(document: Document) -> Workbook:
    return Workbook([Worksheet(page.name, [list(row) for row in page.rows]) for page in document.pages])


class RulesContract:
    """For `tianbao_rules`: set ``plugin`` (the module or object) and ``template`` (one the rules are for)."""

    plugin: ClassVar[object]
    template: ClassVar[Template]

    def test_rules_join_the_template_without_an_error(self) -> None:
        template = cast("Template", wanted(self, "template"))
        plugins = Plugins([(PluginInfo("rules", "1", "test"), wanted(self, "plugin"))])
        rules: Sequence[Rule] = [rule for _, added in plugins.ask("tianbao_rules", template=template) for rule in added]
        assert not [info.error for info in plugins.infos if info.error]
        assert rules
        for rule in rules:
            assert _fields(template.sheet(rule.kind)).issuperset(rule.fields), rule.code
            assert rule.says


def _fields(sheet: Sheet) -> set[str]:
    """What a rule may look at."""
    return {column.name for column in sheet.columns} | {"level", "period"}
