"""The check: every cell, every row, each sheet, the workbook.

It goes by column and remembers verdicts by value: 5,000 rows hold perhaps 20 different codes, so each is judged once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product

from tianbao.cells import is_blank, text_of
from tianbao.checking.context import Context
from tianbao.checking.findings import Finding, Kind
from tianbao.checking.recognise import locate, recognise
from tianbao.checking.rows import BAD, Rows
from tianbao.checking.sheetwise import SHEET_CHECKS
from tianbao.checking.strays import strays
from tianbao.checking.verdict import Verdict
from tianbao.errors import Refusal
from tianbao.templates import Column, Fault, Rule, Template, WorkbookRule
from tianbao.templates.values import OwnCode
from tianbao.workbooks import Cell, Workbook


def choose(workbook: Workbook, templates: Mapping[str, Template], wanted: Template | None = None) -> Template:
    """Choose the template to check against; where one is wanted, the workbook must be of that one.

    Args:
        workbook: as read.
        templates: all there are, by key.
        wanted: the one the period asks for.

    Raises:
        Refusal: the workbook is of no template, or of another than is wanted.
    """
    found = recognise(workbook, templates.values())
    if wanted and found.key != wanted.key:
        raise Refusal(
            "wrong-template",
            f"這個檔案是「{found.name}」，但這次要用「{wanted.name}」（適用{wanted.serves.spoken}）。",
            f"請下載「{wanted.name}」的空白表格，填妥後再上傳。",
        )
    return found


def check(workbook: Workbook, template: Template, context: Context = Context()) -> Verdict:  # noqa: B008 -- frozen
    """Check a workbook against a template.

    Raises:
        Refusal: the workbook holds no data at all, or rows of the filled example.
    """
    located, findings = locate(workbook, template)
    sheets = [Rows.read(place) for place in located]
    _refuse_empty(sheets, complete=not findings)
    _refuse_example(sheets)
    findings = [*findings, *(finding for rows in sheets for finding in _check_sheet(rows, template, context))]
    findings += [finding for rule in template.rules for finding in _across(rule, sheets)]
    wrong = [finding for finding in findings if finding.kind is not Kind.HINT]
    hints = [finding for finding in findings if finding.kind is Kind.HINT]
    return Verdict(template, context.period, wrong, hints, sheets)


def _refuse_empty(sheets: Sequence[Rows], *, complete: bool) -> None:
    if complete and not any(rows.numbers for rows in sheets):
        raise Refusal(
            "empty-workbook",
            "表格裡沒有任何資料。",
            "當月有個案或服務時，請填妥後再上傳；當月都沒有時，請改選「無個案及服務」。",
        )


def _refuse_example(sheets: Sequence[Rows]) -> None:
    """An untouched or half-cleared example shows by the codes of its people, which nobody else has."""
    for rows in sheets:
        for column in rows.at.sheet.columns:
            if isinstance(column.values, OwnCode):
                cells = rows.raw.get(column.name, ())
                if left := set(column.example).intersection(cells):
                    row = next(row for row, cell in zip(rows.numbers, cells, strict=True) if cell in left)
                    raise Refusal(
                        "example-workbook",
                        f"檔案裡還有填報範例的內容（工作表「{rows.at.found.name}」第 {row} 列）。",
                        "請勿使用填報範例上傳；請下載空白表格填寫，或刪除所有範例列，只留貴單位的資料。",
                    )


def _check_sheet(rows: Rows, template: Template, context: Context) -> Sequence[Finding]:
    findings = [*rows.at.findings]
    judged = [finding for column in rows.at.sheet.columns for finding in _check_column(rows, column)]
    astray = strays(rows, judged)
    findings += judged
    combinations = _Combinations(rows, context)
    for rule in template.rules_of(rows.at.sheet):
        findings += _check_rule(rows, rule, context, combinations)
    for sheet_check in SHEET_CHECKS:
        findings += sheet_check(rows, context)
    findings = [finding for finding in findings if finding.row not in astray or not finding.position]
    findings += astray.values()
    return sorted(findings, key=lambda finding: (finding.row or 0, finding.position or 0))


def _check_column(rows: Rows, column: Column) -> Iterable[Finding]:
    """Judge each distinct cell of a column once, then say where the faulty ones are."""
    cells = rows.raw.get(column.name)
    if cells is None:
        rows.values[column.name] = [BAD if column.required else None] * len(rows.numbers)
        return
    verdicts = _Verdicts(column)
    judged = list(map(verdicts.__getitem__, cells))
    if not verdicts.keys().isdisjoint((0, 1)) and bool in set(map(type, cells)):  # True == 1 shared its verdict
        verdicts = _Verdicts(column)
        judged = [verdicts[text_of(cell) if isinstance(cell, bool) else cell] for cell in cells]
    rows.values[column.name] = judged
    if not verdicts.faulty:
        return
    for index, verdict in enumerate(judged):
        if isinstance(verdict, Fault):
            judged[index] = BAD
            yield rows.finding(index, column, verdict, Kind.MISSING if verdict.code == "required" else Kind.INVALID)


class _Verdicts(dict[Cell, object]):
    """What the cells of a column mean, each distinct one judged once: a value or a `Fault`."""

    def __init__(self, column: Column) -> None:
        self._column, self._parse = column, column.values.parse

    def __missing__(self, cell: Cell) -> object:
        self[cell] = verdict = self._blank() if is_blank(cell) else self._parse(cell)
        return verdict

    @property
    def faulty(self) -> bool:
        return any(issubclass(kind, Fault) for kind in set(map(type, self.values())))

    def _blank(self) -> Fault | None:
        column = self._column
        return Fault("required", {"allowed": column.values.in_short()}) if column.required else None


class _Combinations(dict[tuple[str, ...], Collection[tuple[object, ...]]]):
    """The distinct combinations of values that stand in some fields, collected once for all rules about them."""

    def __init__(self, rows: Rows, context: Context) -> None:
        self.outside = {"level": context.level, "period": context.period}
        self._rows = rows

    def __missing__(self, fields: tuple[str, ...]) -> Collection[tuple[object, ...]]:
        distinct = [set(column) for column in self._columns(fields)]
        varied = sum(len(values) > 1 for values in distinct)
        all_there = set(self.by_row(fields)) if varied > 1 else product(*distinct)
        self[fields] = found = [values for values in all_there if BAD not in values]
        return found

    def by_row(self, fields: tuple[str, ...]) -> Iterable[tuple[object, ...]]:
        return zip(*self._columns(fields), strict=True)

    def _columns(self, fields: tuple[str, ...]) -> Iterable[Sequence[object]]:
        length, outside = len(self._rows.numbers), self.outside
        return ([outside[name]] * length if name in outside else self._rows.values[name] for name in fields)


def _check_rule(rows: Rows, rule: Rule, context: Context, combinations: _Combinations) -> Iterable[Finding]:
    """Ask a rule once for each combination of values, then say in which rows it is broken."""
    outside = combinations.outside
    if rule.fields[0] not in rows.raw or any(name in outside and outside[name] is None for name in rule.fields):
        return
    broken = {values for values in combinations[rule.fields] if not rule.test(*values)}
    if not broken:
        return
    column = rows.at.sheet.column(rule.fields[0])
    fault = Fault(rule.code, {**rule.facts, **context.facts}, rule.says)
    for index, values in enumerate(combinations.by_row(rule.fields)):
        if values in broken:
            blank = is_blank(rows.raw[column.name][index])
            kind = Kind.HINT if rule.hint else Kind.MISSING if blank else Kind.INVALID
            yield rows.finding(index, column, fault, kind)


def _across(rule: WorkbookRule, sheets: Sequence[Rows]) -> Iterable[Finding]:
    by_kind = {rows.at.sheet.kind: rows for rows in sheets}
    for kind, number, name, facts in rule.test({kind: rows.columns() for kind, rows in by_kind.items()}):
        rows = by_kind[kind]
        column, index = rows.at.sheet.column(name), rows.numbers.index(number)
        yield rows.finding(
            index,
            column,
            Fault(rule.code, facts, says=rule.says),
            Kind.HINT if rule.hint else Kind.INVALID,
        )
