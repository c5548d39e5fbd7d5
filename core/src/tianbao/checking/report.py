"""A verdict as plain data, the same for the command line and the JSON API."""

from typing import Any

from tianbao.checking.findings import Finding
from tianbao.checking.verdict import Verdict
from tianbao.errors import Refusal
from tianbao.periods import Period


def as_data(verdict: Verdict) -> dict[str, Any]:
    """The verdict as JSON takes it; findings are not folded."""
    return {
        "template": verdict.template.key,
        "period": str(verdict.period) if verdict.period else None,
        "accepted": verdict.accepted,
        "counts": dict(verdict.counts),
        "findings": [_finding(finding) for finding in verdict.findings],
        "hints": [_finding(finding) for finding in verdict.hints],
    }


def refusal_as_data(refusal: Refusal, period: Period | None = None) -> dict[str, Any]:
    """What is said of a file that cannot be checked, in the same shape."""
    return {
        "template": None,
        "period": str(period) if period else None,
        "accepted": False,
        "counts": {"case": 0, "service": 0},
        "findings": [],
        "hints": [],
        "refusal": {"code": refusal.code, "message": refusal.message, "remedy": refusal.remedy},
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "code": finding.code,
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "cell": finding.cell,
        "value": finding.value,
        "message": finding.message,
    }
