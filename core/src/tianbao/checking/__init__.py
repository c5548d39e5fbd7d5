"""Checking a workbook against a template: `choose`, `check`, and the `Verdict` with its findings."""

from tianbao.checking.context import Context
from tianbao.checking.engine import check, choose
from tianbao.checking.findings import Finding, Folded, Kind, SheetRows, fold
from tianbao.checking.marking import marked
from tianbao.checking.report import as_data, refusal_as_data
from tianbao.checking.verdict import Verdict

__all__ = [
    "Context",
    "Finding",
    "Folded",
    "Kind",
    "SheetRows",
    "Verdict",
    "as_data",
    "check",
    "choose",
    "fold",
    "marked",
    "refusal_as_data",
]
