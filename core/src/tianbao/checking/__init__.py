"""Checking a workbook against a template: `choose`, `check`, and the `Verdict` with its findings."""

from tianbao.checking.context import Context
from tianbao.checking.engine import check, choose
from tianbao.checking.findings import Finding, Folded, Kind, SheetRows, Verdict, fold
from tianbao.checking.marking import marked

__all__ = [
    "Context",
    "Finding",
    "Folded",
    "Kind",
    "SheetRows",
    "Verdict",
    "check",
    "choose",
    "fold",
    "marked",
]
