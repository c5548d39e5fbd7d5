"""The verdict on a workbook."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from attrs import define

from tianbao.canon import Case, Service
from tianbao.checking.findings import Finding, SheetRows
from tianbao.checking.rows import Rows
from tianbao.periods import Period
from tianbao.templates import Template


@define(slots=False, frozen=True)
class Verdict:
    """What the check says of a workbook.

    Attributes:
        template: it was checked against.
        period: the month it is for, where that is known.
        findings: everything wrong; the workbook is accepted where there is nothing.
        hints: what is worth a look, and blocks nothing.
        sheets: the rows that were checked.
    """

    template: Template
    period: Period | None
    findings: Sequence[Finding]
    hints: Sequence[Finding]
    sheets: Sequence[Rows]

    @property
    def accepted(self) -> bool:
        return not self.findings

    @cached_property
    def tables(self) -> Mapping[str, SheetRows]:
        """The rows as the user wrote them, by kind."""
        return {rows.at.sheet.kind: rows.table() for rows in self.sheets}

    @property
    def counts(self) -> Mapping[str, int]:
        """Rows begun, by kind; 0 for a sheet that was not found."""
        return {"case": 0, "service": 0} | {rows.at.sheet.kind: len(rows.numbers) for rows in self.sheets}

    @cached_property
    def cases(self) -> Sequence[Case]:
        """The rows to be stored; none unless all of the workbook is accepted."""
        return [row for row in self._canonical if isinstance(row, Case)]

    @cached_property
    def services(self) -> Sequence[Service]:
        """The rows to be stored; none unless all of the workbook is accepted."""
        return [row for row in self._canonical if isinstance(row, Service)]

    @cached_property
    def _canonical(self) -> Sequence[Case | Service]:
        return [row for rows in self.sheets for row in rows.canonical()] if self.accepted else []
