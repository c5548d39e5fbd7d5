"""The little language of templates: show a field, repeat a row or a paragraph, leave something out; nothing else.

It is Jinja's, in its sandbox, and of Jinja only the parts listed in `_ALLOWED`: no calls, no arithmetic, no names but
those of `tianbao.letters.FIELDS`, no loop within a loop. So a template can neither reach the program nor keep it busy.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.sandbox import SandboxedEnvironment

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


class Language(SandboxedEnvironment):
    """An environment that compiles only what the language has; ``named`` are the fields it came across."""

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
        self.named |= _looked_over(tree, frozenset())
        return tree


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
