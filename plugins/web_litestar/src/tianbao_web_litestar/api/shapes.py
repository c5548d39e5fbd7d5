"""What goes over the wire, for the OpenAPI document and for whoever reads it."""

from collections.abc import Mapping
from typing import TypedDict

from attrs import frozen
from litestar.datastructures import UploadFile


@frozen
class SignIn:
    """Somebody who wants in."""

    login: str
    password: str


@frozen
class SentFile:
    """A workbook: .xlsx, .xlsm, .xls or .ods."""

    file: UploadFile


class SignedIn(TypedDict):
    """Who is signed in, and the token for the header ``X-CSRF-Token``."""

    login: str
    role: str
    name: str
    csrf_token: str


class TemplateData(TypedDict):
    """A template: its key, and the months it serves (``None`` for an open end)."""

    key: str
    name: str
    fingerprint: str
    first_period: str | None
    last_period: str | None


class FindingData(TypedDict):
    """One thing a check says; ``row`` is the program's row number, ``column`` the heading."""

    kind: str
    code: str
    sheet: str
    row: int | None
    column: str
    cell: str
    value: str
    message: str


class CheckData(TypedDict):
    """A check, in the shape of ``tianbao check --json``."""

    template: str
    period: str | None
    accepted: bool
    counts: Mapping[str, int]
    findings: list[FindingData]
    hints: list[FindingData]


class FilingData(TypedDict):
    """What was filed."""

    id: int
    unit: str
    level: str
    period: str
    version: int
    way: str
    nil: bool
    template: str | None
    fingerprint: str | None
    file_name: str | None
    file_hash: str | None
    counts: Mapping[str, int]
    filed_at: str
    filed_by_name: str
    receipt: str
    in_force: bool


class FiledData(CheckData):
    """A check and, where it was clean, the filing that followed; ``repeated`` where the file had been filed already."""

    filing: FilingData | None
    repeated: bool


class DueData(TypedDict):
    """The period that is being filed, until when, and what is in force for it."""

    period: str
    due: str
    days_left: int
    template: str | None
    filing: FilingData | None


@frozen
class Reason:
    """Why a month is to be amended."""

    reason: str


class AmendmentData(TypedDict):
    """A request to amend a month that waits for the corrected workbook."""

    period: str
    opened_at: str
    opened_by_name: str
    reason: str


class ObligationData(TypedDict):
    """A month the unit must file; ``way`` is where: ``current`` or ``late``."""

    period: str
    state: str
    timing: str | None
    way: str
    due: str
    days_left: int
    amendment: AmendmentData | None


class AgendaData(TypedDict):
    """What a unit owes; ``pending`` is the sentence its officer reads, or empty."""

    current: str
    pending: str
    obligations: list[ObligationData]
