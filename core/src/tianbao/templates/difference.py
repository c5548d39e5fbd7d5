"""這份表格改了什麼: what changed between two templates, in words an officer understands.

Columns are the same where they are stored under the same name, codes where they have the same number, rules where they
have the same code; sheets where they hold the same kind of row. What only changed its wording of help is left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from attrs import frozen

from tianbao.templates.coded import OneOf, SomeOf
from tianbao.templates.codes import Code, CodeList
from tianbao.templates.guide import Section
from tianbao.templates.rules import Rule, WorkbookRule
from tianbao.templates.sentences import SAYS
from tianbao.templates.sheets import Column, Sheet
from tianbao.templates.template import Template
from tianbao.templates.values import Note, Text, ValueKind, WholeNumber
from tianbao.workbooks import column_letters


@frozen
class Change:
    """One thing that changed.

    Attributes:
        sheet: the sheet it is about, by its name in the new template; empty for the workbook.
        says: what changed, a sentence in 繁體中文.
    """

    sheet: str
    says: str

    def __str__(self) -> str:
        return f"{self.sheet}：{self.says}" if self.sheet else self.says


def difference(old: Template, new: Template) -> Sequence[Change]:
    """What somebody used to the old template must know of the new one; nothing where both are filled in alike."""
    before, after = ({sheet.kind: sheet for sheet in template.sheets} for template in (old, new))
    return [
        *(Change("", f"不再使用工作表「{sheet.name}」。") for kind, sheet in before.items() if kind not in after),
        *(
            Change("", f"新增工作表「{sheet.name}」：{sheet.about}")
            for kind, sheet in after.items()
            if kind not in before
        ),
        *(Change("", says) for says in _workbook_rules(old, new)),
        *(
            Change(sheet.name, says)
            for kind, sheet in after.items()
            if kind in before
            for says in _sheet(before[kind], sheet, old.rules_of(before[kind]), new.rules_of(sheet))
        ),
    ]


def section(old: Template, new: Template) -> Section:
    """The changes as a part of the guide (填報說明)."""
    changes = difference(old, new)
    serves = f"「{new.name}」適用{new.serves.spoken}的月份，「{old.name}」適用{old.serves.spoken}的月份。"
    if not changes:
        return Section("這份表格改了什麼", [serves, "兩份表格的填法沒有不同。"])
    rows = [[change.sheet or "整份表格", change.says] for change in changes]
    return Section("這份表格改了什麼", [serves], ["工作表", "改了什麼"], rows)


def predecessor(templates: Iterable[Template], new: Template) -> Template | None:
    """The template that served until this one did, to compare it with."""
    begins = new.serves.first
    earlier = [each for each in templates if begins and each.serves.last and each.serves.last < begins]
    return max(earlier, key=lambda each: (str(each.serves.last), each.key), default=None)


def _sheet(old: Sheet, new: Sheet, old_rules: Sequence[Rule], new_rules: Sequence[Rule]) -> Iterable[str]:
    if old.name != new.name:
        yield f"工作表由「{old.name}」改名為「{new.name}」。"
    if old.about != new.about:
        yield f"每一列的意義改為：{new.about}（原為：{old.about}）"
    if old.heading_row != new.heading_row:
        yield f"欄位標題改在第 {new.heading_row} 列（原為第 {old.heading_row} 列）。"
    if old.first_row != new.first_row:
        yield f"資料改從第 {new.first_row} 列開始填（原為第 {old.first_row} 列）。"
    yield from _columns(old, new)
    yield from _contents(old, new)
    if old.unique != new.unique:
        yield _unique(old, new)
    yield from _rules(old_rules, new_rules)


def _columns(old: Sheet, new: Sheet) -> Iterable[str]:
    """Columns that came, went, have another heading or another place."""
    before, after = ({column.name: column for column in sheet.columns} for sheet in (old, new))
    letters = {column.name: column_letters(number) for number, column in enumerate(new.columns, 1)}
    for name in [name for name in before if name not in after]:
        yield f"刪除「{before[name].heading}」欄。"
    for name, column in after.items():
        if name not in before:
            yield f"新增「{column.heading}」欄（{letters[name]} 欄）：{column.values.in_short()}"
        elif before[name].heading != column.heading:
            yield f"「{before[name].heading}」欄改名為「{column.heading}」。"
    for name in _moved([name for name in before if name in after], [name for name in after if name in before]):
        yield f"「{after[name].heading}」欄移到 {letters[name]} 欄（{_beside(new, name)}）。"


def _moved(before: Sequence[str], after: Sequence[str]) -> Iterable[str]:
    """As few names as explain the new order."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    stayed = {name for block in blocks for name in after[block.b : block.b + block.size]}
    return [name for name in after if name not in stayed]


def _beside(sheet: Sheet, name: str) -> str:
    place = [column.name for column in sheet.columns].index(name)
    return f"在「{sheet.columns[place - 1].heading}」之後" if place else "最前面"


def _contents(old: Sheet, new: Sheet) -> Iterable[str]:
    """What may be entered, the same change of several columns said once."""
    before = {column.name: column for column in old.columns}
    said: dict[str, list[str]] = defaultdict(list)
    for column in new.columns:
        if column.name in before:
            for says in _content(before[column.name], column):
                said[says].append(f"「{column.heading}」")
    for says, headings in said.items():
        yield f"{'、'.join(headings)}欄{says}。"


def _content(old: Column, new: Column) -> Iterable[str]:
    if old.required != new.required:
        yield "改為必填" if new.required else "改為可以留白"
    changes = list(_values(old.values, new.values))
    if not changes and old.values.allowed() != new.values.allowed():
        changes = [f"的填法改為：{new.values.allowed().rstrip('。')}"]
    yield from changes


def _values(old: ValueKind, new: ValueKind) -> Iterable[str]:
    match old, new:
        case (OneOf() | SomeOf(), OneOf() | SomeOf()):
            yield from _choice(old, new)
            yield from _codes(old.codes, new.codes)
        case WholeNumber(), WholeNumber() if old != new:
            yield f"可填的範圍由 {old.least}～{old.most} 改為 {new.least}～{new.most}"
        case (Note(), Note()) if old.when.number != new.when.number:
            return
        case Text(), Text() if type(old) is type(new) and old.longest != new.longest:
            yield f"的字數上限由 {old.longest} 字改為 {new.longest} 字"


def _choice(old: OneOf | SomeOf, new: OneOf | SomeOf) -> Iterable[str]:
    """One code or several, how many, and what stands for none."""
    if isinstance(old, SomeOf) and isinstance(new, SomeOf):
        if old.at_most != new.at_most:
            yield f"改為最多填 {new.at_most} 項" if new.at_most else "不再限制項數"
        if old.none != new.none:
            yield "不再可以填「無」" if new.none is None else f"沒有時改填 {new.none}"
    elif isinstance(old, SomeOf) != isinstance(new, SomeOf):
        yield "改為可複選" if isinstance(new, SomeOf) else "改為只能填一項"


def _codes(old: CodeList, new: CodeList) -> Iterable[str]:
    if old.words != new.words:
        yield f"改填{'文字' if new.words else '代號數字'}：{new.allowed()}"
        return
    what = "選項" if new.words else "代號"
    for number, code in old.by_number.items():
        if into := old.gone_into(new).get(number):
            yield f"的{what}{_shown(old, code)}併入{_shown(new, into)}"
        elif number not in new.by_number:
            yield f"不再使用{what}{_shown(old, code)}"
    for number, code in new.by_number.items():
        before = old.by_number.get(number)
        if before is None:
            yield f"新增{what}{_shown(new, code)}{code.only and f'，{code.only}'}"
        elif before.label != code.label:
            yield f"的{'' if new.words else f'代號 {number} '}「{before.label}」改為「{code.label}」"
        if before and before.levels != code.levels:
            yield f"的{what}{_shown(new, code)}{f'改為{code.only}填報' if code.only else '不再限定學制'}"


def _shown(codes: CodeList, code: Code) -> str:
    return codes.show(code) if codes.words else f" {codes.show(code)}"


def _unique(old: Sheet, new: Sheet) -> str:
    return f"不可重複的改為：{_together(new)}（原為：{_together(old)}）。"


def _together(sheet: Sheet) -> str:
    headings = [f"「{sheet.column(name).heading}」" for name in sheet.unique]
    if not headings:
        return "沒有限制"
    return f"{'＋'.join(headings)}的組合" if len(headings) > 1 else headings[0]


def _rules(old: Sequence[Rule], new: Sequence[Rule]) -> Iterable[str]:
    """Rules of the form's own; those of the catalogue follow from the columns, which are told already."""
    before, after = ({rule.code: rule for rule in rules if rule.code not in SAYS} for rules in (old, new))
    for code, rule in before.items():
        if code not in after:
            yield f"不再{_name(rule)}：「{_words(rule)}」。"
    for code, rule in after.items():
        if code not in before:
            yield f"新增{_name(rule)}：「{_words(rule)}」。"
        elif (before[code].says, before[code].hint) != (rule.says, rule.hint):
            yield f"{_name(rule)}改為：「{_words(rule)}」（原{_name(before[code])}：「{_words(before[code])}」）。"


def _workbook_rules(old: Template, new: Template) -> Iterable[str]:
    before, after = ({rule.code: rule for rule in template.rules} for template in (old, new))
    for code, rule in before.items():
        if code not in after:
            yield f"不再有跨列的{_name(rule)}：「{_phrase(rule.says, {})}」。"
    for code, rule in after.items():
        if code not in before:
            yield f"新增跨列的{_name(rule)}：「{_phrase(rule.says, {})}」。"


def _name(rule: Rule | WorkbookRule) -> str:
    return "提醒" if rule.hint else "檢核"


def _words(rule: Rule) -> str:
    return _phrase(rule.says, rule.facts)


def _phrase(says: str, facts: Mapping[str, object]) -> str:
    """A finding's sentence where nothing was found yet: an ellipsis stands for what the user will have written."""
    return says.format_map(defaultdict(lambda: "…", facts))
