"""Filters as text, the one language of addresses, the JSON API and the command line: ``main_issue any 5,1``.

    filter    = column condition [("and" | "or" | "且" | "或") condition]
    condition = operator [value {"," value}]

A value with blanks, commas or quotation marks stands in double quotation marks, which are doubled inside it.
"""

import re
from collections.abc import Iterator

from tianbao.errors import Refusal
from tianbao.records.ops import BY_WORD, MOST_VALUES, Op
from tianbao.records.query import Condition, Filter

LONGEST_VALUE = 200
"""Characters of one value; no cell of a form takes more."""

_TOKEN = re.compile(r'\s*(?:(?P<quoted>"(?:[^"]|"")*")|(?P<comma>[,，])|(?P<bare>[^\s",，]+))')
_NEEDS_QUOTES = re.compile(r'[\s",，]')
_COLUMN = re.compile(r"\w{1,100}")
_JOINS = {"and": False, "且": False, "or": True, "或": True}
_EXAMPLE = "寫法如 main_issue any 5,1 或 sessions gt 3 and lt 10；值裡有空白或逗號時，請加雙引號。"


def read_filter(text: str) -> Filter:
    """Read a filter.

    Raises:
        Refusal: it is none (``bad-filter``); names the parameter ``where`` and what of it is wrong.
    """
    words = list(_words(text))
    if len(words) < 2 or words[0] == ",":  # noqa: PLR2004 -- a column and an operator
        raise _bad(text, "要有欄位和條件")
    if not _COLUMN.fullmatch(words[0]):
        raise _bad(text, f"「{words[0]}」不是欄位名稱")
    first, rest = _condition(text, words[1:])
    if not rest:
        return Filter(words[0], (first,))
    if rest[0] not in _JOINS:
        raise _bad(text, f"「{_plain(rest[0])}」的位置應該是 and 或 or")
    second, rest_of_it = _condition(text, rest[1:])
    if rest_of_it:
        raise _bad(text, "一個欄位最多兩個條件")
    return Filter(words[0], (first, second), _JOINS[rest[0]])


def write_filter(wanted: Filter) -> str:
    """The text that `read_filter` reads as this filter."""
    join = " or " if wanted.either else " and "
    return f"{wanted.column} {join.join(map(_written, wanted.conditions))}"


def _written(condition: Condition) -> str:
    values = ",".join(map(_quoted, condition.values))
    return f"{condition.op.value} {values}" if values else condition.op.value


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if not value or _NEEDS_QUOTES.search(value) else value


def _words(text: str) -> Iterator[str]:
    """The tokens; quoted ones keep their marks, so that they are not taken for words of the language."""
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if not found:
            raise _bad(text, "雙引號沒有成對")
        at = found.end()
        yield "," if found["comma"] else found["quoted"] or found["bare"]


def _plain(word: str) -> str:
    return word[1:-1].replace('""', '"') if word.startswith('"') else word


def _condition(text: str, words: list[str]) -> tuple[Condition, list[str]]:
    """The condition at the beginning of some words, and what comes behind it."""
    op = BY_WORD.get(words[0].lower()) if words else None
    if op is None:
        known = "、".join(f"{each.value}（{each.label}）" for each in Op)
        raise _bad(text, f"「{_plain(words[0]) if words else ''}」不是條件；可用 {known}")
    values, rest = _values(words[1:]) if op.arity[1] else ([], words[1:])
    least, most = op.arity
    if not least <= len(values) <= most:
        wanted = f"{least} 個值" if least == most else f"1 到 {MOST_VALUES} 個值"
        raise _bad(text, f"「{op.label}」要 {wanted}，這裡有 {len(values)} 個")
    for value in values:
        if not value or len(value) > LONGEST_VALUE:
            raise _bad(text, f"每個值要有 1 到 {LONGEST_VALUE} 個字；要找空白的請用 blank（空白）")
    return Condition(op, tuple(values)), rest


def _values(words: list[str]) -> tuple[list[str], list[str]]:
    values: list[str] = []
    while words and words[0] != ",":
        values.append(_plain(words[0]))
        words = words[1:]
        if not words or words[0] != ",":
            break
        words = words[1:]
        if not words:
            values.append("")
    return values, words


def _bad(text: str, why: str) -> Refusal:
    shown = text if len(text) <= 80 else text[:80] + "…"  # noqa: PLR2004 -- enough to know it again
    return Refusal("bad-filter", f"參數「where」的「{shown}」看不懂：{why}。", _EXAMPLE)
