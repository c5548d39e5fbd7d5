"""Carrying rows over into a workbook to fill in: from another template, or from last month."""

from tianbao.carrying.continuation import Continuation, LeftOut, continued
from tianbao.carrying.conversion import Carried, Conversion, Remark, convert

__all__ = ["Carried", "Continuation", "Conversion", "LeftOut", "Remark", "continued", "convert"]
