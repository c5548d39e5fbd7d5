"""What a template plugin is written with: `sheet`, `column`, kinds of values, `rule`, `Table` and `Template`."""

from tianbao.templates.codes import Code, CodeList, code_list
from tianbao.templates.rules import Rule, WorkbookRule, rule, same_teacher_same_type, workbook_rule
from tianbao.templates.sheets import (
    Column,
    Sheet,
    column,
    day,
    grade,
    note,
    one_of,
    own_code,
    sheet,
    some_of,
    text,
    whole_number,
)
from tianbao.templates.tables import Reading, Table
from tianbao.templates.template import Template
from tianbao.templates.values import Fault, ValueKind

__all__ = [
    "Code", "CodeList", "Column", "Fault", "Reading", "Rule", "Sheet", "Table", "Template", "ValueKind", "WorkbookRule",
    "code_list", "column", "day", "grade", "note", "one_of", "own_code", "rule",
    "same_teacher_same_type", "sheet", "some_of", "text",
    "whole_number", "workbook_rule",
]  # fmt: skip
