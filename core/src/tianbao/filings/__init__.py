"""Filing: from a workbook to the version in force; what may be filed, asked for and granted; its history."""

from tianbao.filings.filing import (
    Accepted,
    Filing,
    Outcome,
    Way,
    check_data,
    check_only,
    file_nil,
    file_workbook,
    template_of,
)
from tianbao.filings.receipt import receipt_code

__all__ = [
    "Accepted",
    "Filing",
    "Outcome",
    "Way",
    "check_data",
    "check_only",
    "file_nil",
    "file_workbook",
    "receipt_code",
    "template_of",
]
