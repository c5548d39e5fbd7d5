"""The little language of templates: show a field, repeat a row or a paragraph, leave something out; nothing else.

It is Jinja's, in its sandbox, and of Jinja only the parts listed in `_ALLOWED`: no calls, no arithmetic, no names but
those of `tianbao.letters.FIELDS`, no loop within a loop. So a template can neither reach the program nor keep it busy.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from tianbao.errors import Refusal
from tianbao.letters import FIELDS, ROW_FIELDS
from tianbao.letters.letter import INFORMED, LIST

PROBE: Mapping[str, object] = {
    **dict.fromkeys(FIELDS, "字"),
    "說明": ["一、字", "二、字"],
    **dict.fromkeys((LIST, INFORMED), [dict.fromkeys(ROW_FIELDS, "字")] * 2),
}
"""Fields to try a template with."""

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const,
    nodes.For, nodes.If, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand,
)  # fmt: skip
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOP = {"loop"}
_HELP = "可用的欄位列在「函文範本」頁面；也可下載系統範本，從系統範本開始修改。"


_MARK = re.compile(r"\{[{%#]|[}%#]\}")
_OPENS = re.compile(r"\{[{%#]")
_MOST_TAGS = 300
_LONGEST_TAG = 300
_DEEPEST = 10
"""Conditions and repetitions within one another."""
_MOST_FILLED = 16 * 2**20
"""Signs of a part once it is filled; a letter about a thousand units has some two millions."""


def demand_tidy(tree: etree._Element) -> None:
    """Refuse a part whose tags nobody typed: who puts them together again, or reads them, would not come to an end.

    Raises:
        Refusal: a tag begins within another or has no end, is very long, stands in an attribute, or they are too many.
    """
    if any(_OPENS.search(value) for each in tree.iter(etree.Element) for value in map(str, each.attrib.values())):
        raise _refused("範本的標記只能寫在文字裡。")
    text = "".join(map(str, tree.itertext()))
    begun, tags = -1, 0
    for mark in _MARK.finditer(text):
        opens = mark[0][0] == "{"
        if begun >= 0 and (opens or mark.start() - begun > _LONGEST_TAG):
            break
        begun, tags = (mark.start() if opens else -1), tags + opens
    if begun >= 0 or tags > _MOST_TAGS:
        raise _refused("範本的標記太多、太長，或 {{ }} 與 {% %} 沒有成對。")


class _Bounded(Template):
    """A template that does not grow without end, however often it repeats what."""

    def render(self, *args: object, **kwargs: object) -> str:
        pieces, size = [], 0
        for piece in self.generate(*args, **kwargs):
            size += len(piece)
            if size > _MOST_FILLED:
                raise _refused("範本填入名單後太大。")
            pieces.append(piece)
        return "".join(pieces)


class Language(SandboxedEnvironment):
    """An environment that compiles only what the language has; ``named`` are the fields it came across."""

    template_class = _Bounded

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.named: set[str] = set()
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse as Jinja does, and look the outcome over before anything is compiled.

        Raises:
            Refusal: there is something in it that the language does not have.
        """
        tree = super()._parse(source, name, filename)
        if _depth(tree) > _DEEPEST:
            raise _refused("範本的條件一層包著一層，太深了。")
        self.named |= _looked_over(tree, frozenset())
        return tree


def _depth(node: nodes.Node) -> int:
    return max(map(_depth, node.iter_child_nodes()), default=0) + isinstance(node, nodes.For | nodes.If)


def _looked_over(node: nodes.Node, own: AbstractSet[str]) -> set[str]:
    """The fields a piece of a template names; ``own`` are the names of the loops it stands in."""
    if not isinstance(node, _ALLOWED):
        raise _refused(f"範本用了不支援的語法（{type(node).__name__}）。")
    if isinstance(node, nodes.Name):
        return set() if node.name in own else {_known(node.name)}
    if isinstance(node, nodes.Getattr) and node.attr not in ROW_FIELDS and node.attr not in _OF_LOOP:
        raise _refused(f"範本裡的「{node.attr}」不是名單的欄位{_nearest(node.attr, ROW_FIELDS)}。")
    if isinstance(node, nodes.For):
        return _loop(node, own)
    return _all(node.iter_child_nodes(), own)


_OF_LOOP = {"first", "last", "index"}


def _loop(node: nodes.For, own: AbstractSet[str]) -> set[str]:
    if own:
        raise _refused("範本在重複的列裡面又重複一次。")
    if not isinstance(node.target, nodes.Name) or node.recursive or node.test or node.else_:
        raise _refused("範本的 for 寫法不支援。")
    inside = {node.target.name, *_LOOP}
    return _looked_over(node.iter, own) | _all(iter(node.body), inside)


def _all(pieces: Iterator[nodes.Node], own: AbstractSet[str]) -> set[str]:
    return {name for piece in pieces for name in _looked_over(piece, own)}


def _known(name: str) -> str:
    if name not in FIELDS:
        raise _refused(f"範本裡的「{name}」不是函文的欄位{_nearest(name, FIELDS)}。")
    return name


def _nearest(name: str, known: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.5)
    return f"，是不是「{near[0]}」" if near else ""


def _refused(what: str) -> Refusal:
    return Refusal("template-language", what, _HELP)


def clean(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields without the signs that XML cannot hold."""
    return {name: _cleaned(value) for name, value in fields.items()}


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return _UNWRITABLE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return clean(value)
    return [_cleaned(each) for each in value] if isinstance(value, list | tuple) else value


def said(error: TemplateError) -> Refusal:
    """What Jinja found wrong, in words."""
    if isinstance(error, TemplateSyntaxError):
        return _refused(
            f"範本的標記寫法有誤（{error.message}）：請檢查每個 {{{{ }}}} 與 {{% %}} 是否成對、for 是否有 endfor。"
        )
    if isinstance(error, UndefinedError):
        return _refused(f"範本要了沒有的內容（{error.message}）。")
    return _refused(f"範本無法套用（{error}）。")
