"""The tables, as SQLAlchemy's typed mappings.

Rows go in and out by Core statements over these classes (several times faster than objects of a session) and never
leave this package: the repositories beside this module turn them into the domain's frozen objects.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, LargeBinary, MetaData, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from tianbao.accounts import Role, Standing
from tianbao.accounts.resets import Reason
from tianbao.accounts.tokens import Purpose
from tianbao.filings import Way
from tianbao.outbox import Fate
from tianbao.periods import Period
from tianbao.storage.types import Codes, Extras, Json, Moment, Number, Word, YearMonth
from tianbao.units import Authority, Level


class Base(DeclarativeBase):
    """What all tables share: names of constraints that are the same everywhere, and the columns' types."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dt.datetime: Moment(),
        Period: YearMonth(),
        Level: Word(Level),
        Authority: Word(Authority),
        Role: Word(Role),
        Standing: Word(Standing),
        Way: Word(Way),
        Purpose: Word(Purpose),
        Reason: Word(Reason),
        Fate: Word(Fate),
        str: Text(),
        tuple[int, ...]: Codes(),
        Mapping[str, object]: Extras(),
        dict[str, Any]: Json,
        list[dict[str, str]]: Json,
    }


def _numbered() -> Mapped[int]:
    return mapped_column(Number, primary_key=True)


def _only(condition: str) -> dict[str, Any]:
    """The condition of a partial index; SQLite has no booleans of its own, and matches conditions word for word."""
    return {"sqlite_where": text(condition.replace("in_force", "in_force = 1")), "postgresql_where": text(condition)}


class UnitRow(Base):
    """The register of units (填報單位)."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("code", "level"),
        Index(None, "county", "level"),
    )

    id: Mapped[int] = _numbered()
    code: Mapped[str]
    level: Mapped[Level]
    name: Mapped[str]
    county: Mapped[str]
    district: Mapped[str]
    answers_to: Mapped[Authority]


class RangeRow(Base):
    """The months units must file, a range for each time from being listed to being closed; an open end has none."""

    __tablename__ = "unit_range"
    __table_args__ = (UniqueConstraint("unit_id", "first_period"),)

    id: Mapped[int] = _numbered()
    unit_id: Mapped[int] = mapped_column(Number, ForeignKey("unit.id"))
    first_period: Mapped[Period | None]
    last_period: Mapped[Period | None]


class AccountRow(Base):
    """Accounts; retired ones stay, since what was done under them stays."""

    __tablename__ = "account"
    __table_args__ = (
        Index(
            "uq_account_one_active_of_unit",
            "unit_id",
            unique=True,
            **_only("standing = 'active' AND unit_id IS NOT NULL"),
        ),
        Index(
            "uq_account_one_active_of_county",
            "county",
            unique=True,
            **_only("standing = 'active' AND county IS NOT NULL"),
        ),
        Index(None, "unit_id"),
        Index(None, "email"),
    )

    id: Mapped[int] = _numbered()
    login: Mapped[str] = mapped_column(unique=True)
    handle: Mapped[str | None]
    role: Mapped[Role]
    unit_id: Mapped[int | None] = mapped_column(Number, ForeignKey("unit.id"))
    county: Mapped[str | None]
    standing: Mapped[Standing]
    name: Mapped[str]
    title: Mapped[str]
    phone: Mapped[str]
    extension: Mapped[str]
    email: Mapped[str]
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str | None]
    totp_last: Mapped[int | None] = mapped_column(Number)
    created_at: Mapped[dt.datetime]
    activated_at: Mapped[dt.datetime | None]
    retired_at: Mapped[dt.datetime | None]


class SessionRow(Base):
    """Who is signed in; the id itself is known to the visitor's browser only."""

    __tablename__ = "session"
    __table_args__ = (Index(None, "account_id"),)

    id_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(Number, ForeignKey("account.id"))
    started_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    address: Mapped[str]
    awaits_code: Mapped[bool]


class TokenRow(Base):
    """Single-use links, by the hash of what stands in them."""

    __tablename__ = "token"
    __table_args__ = (Index(None, "account_id"),)

    hash: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose]
    account_id: Mapped[int] = mapped_column(Number, ForeignKey("account.id"))
    data: Mapped[dict[str, Any]]
    issued_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    void: Mapped[bool]


class ResetRow(Base):
    """Requests for 帳號重置, and what became of them."""

    __tablename__ = "reset_request"
    __table_args__ = (Index(None, "account_id"),)

    id: Mapped[int] = _numbered()
    account_id: Mapped[int] = mapped_column(Number, ForeignKey("account.id"))
    reason: Mapped[Reason]
    caller: Mapped[str]
    note: Mapped[str]
    requested_at: Mapped[dt.datetime]
    requested_by: Mapped[int] = mapped_column(Number, ForeignKey("account.id"))
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[int | None] = mapped_column(Number, ForeignKey("account.id"))
    carried_out: Mapped[bool]
    scheduled_on: Mapped[dt.date | None]
    scheduled_by: Mapped[int | None] = mapped_column(Number, ForeignKey("account.id"))


class FilingRow(Base):
    """Every version of every filing; one of a unit and period is in force."""

    __tablename__ = "filing"
    __table_args__ = (
        UniqueConstraint("unit_id", "period", "version"),
        Index("uq_filing_in_force", "unit_id", "period", unique=True, **_only("in_force")),
        Index("ix_filing_period", "period", **_only("in_force")),
        Index("ix_filing_first_filed_at", "filed_at", **_only("version = 1")),
    )

    id: Mapped[int] = _numbered()
    unit_id: Mapped[int] = mapped_column(Number, ForeignKey("unit.id"))
    period: Mapped[Period]
    version: Mapped[int]
    way: Mapped[Way]
    nil: Mapped[bool]
    template_key: Mapped[str | None]
    fingerprint: Mapped[str | None]
    file_name: Mapped[str | None]
    file_hash: Mapped[str | None]
    case_count: Mapped[int]
    service_count: Mapped[int]
    filed_at: Mapped[dt.datetime]
    filed_by: Mapped[int] = mapped_column(Number, ForeignKey("account.id"))
    filed_by_name: Mapped[str]
    receipt: Mapped[str] = mapped_column(unique=True)
    in_force: Mapped[bool]


class FileRow(Base):
    """The workbook as it came."""

    __tablename__ = "filing_file"

    filing_id: Mapped[int] = mapped_column(Number, ForeignKey("filing.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class RecordRow:
    """What the rows of cases and services share.

    Unit, county, level, period and whether it is in force are the filing's (and the unit's at that time): records and
    statistics over millions of rows must not join for them.
    """

    id: Mapped[int] = mapped_column(Number, primary_key=True, sort_order=-20)
    filing_id: Mapped[int] = mapped_column(Number, ForeignKey("filing.id"), sort_order=-19)
    row_number: Mapped[int] = mapped_column(sort_order=-18)
    unit_id: Mapped[int] = mapped_column(Number, ForeignKey("unit.id"), sort_order=-17)
    county: Mapped[str] = mapped_column(sort_order=-16)
    level: Mapped[Level] = mapped_column(sort_order=-15)
    period: Mapped[Period] = mapped_column(sort_order=-14)
    in_force: Mapped[bool] = mapped_column(sort_order=-13)
    teacher_code: Mapped[str | None] = mapped_column(sort_order=-12)
    counsellor_type: Mapped[int | None] = mapped_column(sort_order=-11)
    extras: Mapped[Mapping[str, object]] = mapped_column(sort_order=20)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805 -- SQLAlchemy's name and way
        name = cls.__tablename__  # type: ignore[attr-defined]
        return (
            Index(f"ix_{name}_filing_id", "filing_id"),
            Index(f"ix_{name}_unit_period", "unit_id", "period", **_only("in_force")),
            Index(f"ix_{name}_county_period", "county", "period", **_only("in_force")),
            Index(f"ix_{name}_period", "period", **_only("in_force")),
        )


class CaseRow(RecordRow, Base):
    """`tianbao.canon.Case`, column by column."""

    __tablename__ = "case"

    student_code: Mapped[str | None]
    grade: Mapped[int | None]
    sex: Mapped[int | None]
    identity: Mapped[int | None]
    status: Mapped[int | None]
    sources: Mapped[tuple[int, ...]]
    referral: Mapped[int | None]
    main_issue: Mapped[int | None]
    main_issue_note: Mapped[str | None]
    secondary_issues: Mapped[tuple[int, ...]]
    secondary_issues_note: Mapped[str | None]
    sessions: Mapped[int]


class ServiceRow(RecordRow, Base):
    """`tianbao.canon.Service`, column by column."""

    __tablename__ = "service"

    item: Mapped[int | None]
    item_note: Mapped[str | None]
    audience: Mapped[int | None]
    male: Mapped[int]
    female: Mapped[int]
    other: Mapped[int]


class OutboxRow(Base):
    """Messages to people, queued in the transaction that causes them."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "due_at",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index("ix_outbox_troubled", "id", **_only("state IN ('refused', 'given_up')")),
        Index(None, "recipient"),
        Index(None, "template", "id"),
        Index(None, "created_at"),
        Index("ix_outbox_unit_id", "unit_id", "id", **_only("unit_id IS NOT NULL")),
    )

    id: Mapped[int] = _numbered()
    key: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    recipient: Mapped[str]
    template: Mapped[str]
    data: Mapped[dict[str, Any]]
    secrets: Mapped[dict[str, Any]]
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[Fate]
    created_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    leased_until: Mapped[dt.datetime | None]
    lease_owner: Mapped[str | None]
    attempts: Mapped[int]
    last_words: Mapped[str | None]
    sent_at: Mapped[dt.datetime | None]
    enclosed: Mapped[list[dict[str, str]]]
    """Names and media types of what goes with it, and the hashes by which `AttachmentRow` has the contents."""
    unit_id: Mapped[int | None] = mapped_column(Number)
    """No foreign key: checking 4,000 reminders' would wait for everybody who is filing, and they for the reminders."""

    model_id: Mapped[int | None] = mapped_column(Number)
    wording: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Its words as they went out (`tianbao.post.wording`), packed against that `ModelRow`."""
    repeats: Mapped[int | None] = mapped_column(Number)
    """The message that it sends again."""
    account_id: Mapped[int | None] = mapped_column(Number)
    """For whom it is, where it goes to whoever holds that post; no foreign key, as with the unit."""


class ModelRow(Base):
    """What the words of messages are packed against."""

    __tablename__ = "mail_model"

    id: Mapped[int] = _numbered()
    hash: Mapped[str] = mapped_column(unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class AttachmentRow(Base):
    """Files that go with messages, by the hash of their content: what many messages carry is kept once."""

    __tablename__ = "attachment"

    hash: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
