"""The language of the texts: a small part of Jinja, safe whoever writes in it.

The organiser edits texts, and an account can be stolen. So a text can say its values, choose between them and go
through lists of them, and nothing else: it calls nothing and reckons nothing, and so cannot run for long or grow large.
Jinja's sandbox is the second wall: it keeps a text from reaching beyond its values.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from traceback import walk_tb
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from tianbao.mails.faults import TextFault
from tianbao.mails.values import FILTERS, value

LONGEST = 10_000
"""Characters a text may have."""
LONGEST_FILLED = 200_000
"""Characters it may have once its values are in it."""
_DEEPEST = 2
"""Lists within lists that a text may go through."""
_MAY_STAND = frozenset({
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If),
    *(nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Dict, nodes.Pair, nodes.List, nodes.Tuple),
    *(nodes.Filter, nodes.Test, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
})  # fmt: skip
_NAMED = nodes.Name | nodes.Getattr
_BUILT_IN_FILTERS = ("default", "first", "join", "last", "length")
_BUILT_IN_TESTS = ("defined", "none")


def _environment() -> ImmutableSandboxedEnvironment:
    # The source is plain text; it is escaped once it is taken apart, where it becomes HTML.
    made = ImmutableSandboxedEnvironment(
        autoescape=False, undefined=StrictUndefined, finalize=value, trim_blocks=True, lstrip_blocks=True
    )
    made.globals.clear()
    made.filters = {**FILTERS, **{name: made.filters[name] for name in _BUILT_IN_FILTERS}}
    made.tests = {name: made.tests[name] for name in _BUILT_IN_TESTS}
    return made


ENVIRONMENT = _environment()


def filled(source: str, given: Mapping[str, Any]) -> str:
    """Put values into a text.

    Raises:
        TextFault: the text says what texts may not say, or names what is not given.
    """
    return _bounded(_compiled(source), given)


def straightened(source: str, given: Mapping[str, Any]) -> str:
    """Put values into all there is in a text, whatever its conditions say: so each line of it is proved.

    Raises:
        TextFault: as `filled`.
    """
    return _bounded(_template(_Straight().visit(parsed(source))), given)


def parsed(source: str) -> nodes.Template:
    """Understand a text.

    Raises:
        TextFault: it is no Jinja, or says what texts may not say.
    """
    if len(source) > LONGEST:
        raise TextFault(
            f"it has {len(source)} characters, more than {LONGEST}",
            f"內容有 {len(source):,} 個字，超過 {LONGEST:,} 個字。",
            "請縮短內容。",
        )
    try:
        tree = ENVIRONMENT.parse(source)
        _look_over(tree)
    except TemplateSyntaxError as error:
        raise TextFault(
            f"line {error.lineno}: {error}",
            f"標記寫錯了（{error.message}）。",
            "欄位請寫成 {{ 欄位 }}，條件請以 {% if … %} 開始、{% endif %} 結束。",
            error.lineno,
        ) from error
    except RecursionError as error:
        raise _too_deep() from error
    return tree


def _look_over(node: nodes.Node, depth: int = 0) -> None:
    """Refuse whatever is not known to be harmless."""
    depth += isinstance(node, nodes.For)
    if not _harmless(node) or depth > _DEEPEST:
        raise TextFault(
            f"line {node.lineno}: a text may not have {type(node).__name__} there",
            "用了信件內容不能用的寫法。",
            "只能放欄位、{% if %} 條件，以及用 {% for %} 逐一列出清單欄位，不能計算或呼叫函式。",
            node.lineno,
        )
    if isinstance(node, nodes.Filter) and node.name not in ENVIRONMENT.filters:
        raise TextFault(
            f"line {node.lineno}: there is no filter {node.name!r}",
            f"沒有「{node.name}」這種格式。",
            f"欄位後面可以加的格式有：{'、'.join(FILTERS)}。",
            node.lineno,
        )
    for child in node.iter_child_nodes():
        _look_over(child, depth)


def _harmless(node: nodes.Node) -> bool:
    match node:
        case nodes.For():
            return isinstance(node.iter, _NAMED) and not node.recursive
        case nodes.Name():
            # Python takes ｎａｍｅ for name, where Jinja and whoever looks for a name see two
            return node.name.isascii() and node.name != "self"
        case nodes.Filter(name="join"):
            # what is joined is not joined again, else ten joins make a text of any length
            return isinstance(node.node, _NAMED) and all(isinstance(each, nodes.Const) for each in node.args)
    return type(node) in _MAY_STAND


class _Straight(NodeTransformer):
    """Puts all that depends on conditions one after the other."""

    def visit_If(self, node: nodes.If) -> list[nodes.Node]:  # noqa: N802 -- Jinja's name
        every = [*node.body, *(each for branch in node.elif_ for each in branch.body), *node.else_]
        return [straight for each in every for straight in self.visit_list(each)]


@lru_cache(maxsize=64)
def _compiled(source: str) -> Template:
    """Compiling takes far longer than filling in, and a reminder goes to thousands."""
    return _template(parsed(source))


def _template(tree: nodes.Template) -> Template:
    try:
        return ENVIRONMENT.from_string(tree)
    except (RecursionError, SyntaxError) as error:  # what Python says of a hundred conditions within one another
        raise _too_deep() from error


def _too_deep() -> TextFault:
    return TextFault("it is nested too deeply", "標記一層包著一層，太深了。", "請簡化條件。")


def _bounded(template: Template, given: Mapping[str, Any]) -> str:
    pieces, size = [], 0
    try:
        for piece in template.generate(given):
            size += len(piece)
            if size > LONGEST_FILLED:
                raise TextFault(
                    f"it grows beyond {LONGEST_FILLED} characters",
                    f"放入資料後超過 {LONGEST_FILLED:,} 個字。",
                    "請縮短內容，或不要重複列出清單。",
                )
            pieces.append(piece)
    except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise _unfillable(error) from error
    return "".join(pieces)


def _unfillable(error: Exception) -> TextFault:
    lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == "<template>"]
    missing = _MISSING.search(str(error))
    return TextFault(
        f"{type(error).__name__}: {error}",
        f"這封信沒有「{missing[1] or missing[2]}」這個欄位。" if missing else "欄位和它的格式合不起來。",
        "請對照「可用的欄位」，確認名稱和格式都相同。",
        lines[-1] if lines else None,
    )


_MISSING = re.compile(r"'(\w+)' is undefined|no attribute '(\w+)'")
