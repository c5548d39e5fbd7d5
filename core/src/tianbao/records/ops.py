"""The operators of a filter: which there are, how they are called, and which make sense on what."""

from collections.abc import Mapping
from enum import StrEnum

from tianbao.records.columns import Kind


class Op(StrEnum):
    """An operator; its value is the word of addresses and of the command line."""

    HAS = "has"
    LACKS = "lacks"
    IS = "is"
    NOT = "not"
    STARTS = "starts"
    MORE = "gt"
    LESS = "lt"
    BETWEEN = "between"
    ANY = "any"
    BLANK = "blank"
    FILLED = "filled"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def arity(self) -> tuple[int, int]:
        """The least and the most values it takes."""
        return _ARITIES.get(self, (1, 1))


MOST_VALUES = 100
"""So many values of 任一."""

_LABELS = {
    Op.HAS: "包含",
    Op.LACKS: "不包含",
    Op.IS: "等於",
    Op.NOT: "不等於",
    Op.STARTS: "開頭是",
    Op.MORE: "大於",
    Op.LESS: "小於",
    Op.BETWEEN: "介於",
    Op.ANY: "任一",
    Op.BLANK: "空白",
    Op.FILLED: "不是空白",
}
_ARITIES = {
    Op.BETWEEN: (2, 2),
    Op.ANY: (1, MOST_VALUES),
    Op.BLANK: (0, 0),
    Op.FILLED: (0, 0),
}

BY_WORD: Mapping[str, Op] = {word: op for op in Op for word in (op.value, op.label)}
"""By word, and by label: the command line takes both."""

_TEXT = (Op.HAS, Op.LACKS, Op.IS, Op.NOT, Op.STARTS, Op.ANY, Op.BLANK, Op.FILLED)
_CODE = (Op.ANY, Op.HAS, Op.LACKS, Op.IS, Op.NOT, Op.BLANK, Op.FILLED)
_ORDERED = (Op.IS, Op.NOT, Op.MORE, Op.LESS, Op.BETWEEN, Op.ANY, Op.BLANK, Op.FILLED)

OPS: Mapping[Kind, tuple[Op, ...]] = {
    kind: {Kind.TEXT: _TEXT, Kind.CODE: _CODE, Kind.CODES: _CODE}.get(kind, _ORDERED) for kind in Kind
}
"""The operators of each kind of column, the likeliest first."""
