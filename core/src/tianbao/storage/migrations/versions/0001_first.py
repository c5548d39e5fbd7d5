"""The first schema: register, people, filings and their rows, trail, outbox."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def only(condition: str) -> dict[str, Any]:
    """The condition of a partial index."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


IN_FORCE: dict[str, Any] = {"sqlite_where": sa.text("in_force = 1"), "postgresql_where": sa.text("in_force")}


def upgrade() -> None:
    _register()
    _people()
    _filings()
    _trail()
    _append_only()
    _messages()


def downgrade() -> None:
    for table in (
        "outbox", "audit", "service", "case", "filing_file", "filing", "reset_request", "token", "sign_in_attempt",
        "session", "account", "unit",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_append_only")


def _register() -> None:
    op.create_table(
        "unit",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("first_period", sa.Integer(), nullable=True),
        sa.Column("last_period", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.UniqueConstraint("code", "level", name="uq_unit_code_level"),
    )
    op.create_index("ix_unit_county_level", "unit", ["county", "level"])


def _people() -> None:
    op.create_table(
        "account",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_id", NUMBER, nullable=True),
        sa.Column("county", sa.Text(), nullable=True),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_last", NUMBER, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("activated_at", MOMENT, nullable=True),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_account_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("login", name="uq_account_login"),
    )
    op.create_index("ix_account_email", "account", ["email"])
    op.create_index("ix_account_unit_id", "account", ["unit_id"])
    op.create_index(
        "uq_account_one_active_of_county",
        "account",
        ["county"],
        unique=True,
        **only("standing = 'active' AND county IS NOT NULL"),
    )
    op.create_index(
        "uq_account_one_active_of_unit",
        "account",
        ["unit_id"],
        unique=True,
        **only("standing = 'active' AND unit_id IS NOT NULL"),
    )
    op.create_table(
        "session",
        sa.Column("id_hash", sa.Text(), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("awaits_code", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_session_account_id_account"),
        sa.PrimaryKeyConstraint("id_hash", name="pk_session"),
    )
    op.create_index("ix_session_account_id", "session", ["account_id"])
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("login_hash", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempt"),
    )
    op.create_index("ix_sign_in_attempt_address_at", "sign_in_attempt", ["address", "at"])
    op.create_index("ix_sign_in_attempt_at", "sign_in_attempt", ["at"])
    op.create_index("ix_sign_in_attempt_login_hash_at", "sign_in_attempt", ["login_hash", "at"])
    op.create_table(
        "token",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_token_account_id_account"),
        sa.PrimaryKeyConstraint("hash", name="pk_token"),
    )
    op.create_index("ix_token_account_id", "token", ["account_id"])
    op.create_table(
        "reset_request",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("requested_by", NUMBER, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", NUMBER, nullable=True),
        sa.Column("carried_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_reset_request_account_id_account"),
        sa.ForeignKeyConstraint(["closed_by"], ["account.id"], name="fk_reset_request_closed_by_account"),
        sa.ForeignKeyConstraint(["requested_by"], ["account.id"], name="fk_reset_request_requested_by_account"),
        sa.PrimaryKeyConstraint("id", name="pk_reset_request"),
    )
    op.create_index("ix_reset_request_account_id", "reset_request", ["account_id"])


def _filings() -> None:
    op.create_table(
        "filing",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("unit_id", NUMBER, nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("nil", sa.Boolean(), nullable=False),
        sa.Column("template_key", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("file_hash", sa.Text(), nullable=True),
        sa.Column("case_count", sa.Integer(), nullable=False),
        sa.Column("service_count", sa.Integer(), nullable=False),
        sa.Column("filed_at", MOMENT, nullable=False),
        sa.Column("filed_by", NUMBER, nullable=False),
        sa.Column("filed_by_name", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["filed_by"], ["account.id"], name="fk_filing_filed_by_account"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_filing_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_filing"),
        sa.UniqueConstraint("receipt", name="uq_filing_receipt"),
        sa.UniqueConstraint("unit_id", "period", "version", name="uq_filing_unit_id_period_version"),
    )
    op.create_index("ix_filing_period", "filing", ["period"], **IN_FORCE)
    op.create_index("uq_filing_in_force", "filing", ["unit_id", "period"], unique=True, **IN_FORCE)
    op.create_table(
        "filing_file",
        sa.Column("filing_id", NUMBER, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name="fk_filing_file_filing_id_filing"),
        sa.PrimaryKeyConstraint("filing_id", name="pk_filing_file"),
    )
    op.create_table(
        "case",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("filing_id", NUMBER, nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("unit_id", NUMBER, nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("teacher_code", sa.Text(), nullable=True),
        sa.Column("counsellor_type", sa.Integer(), nullable=True),
        sa.Column("student_code", sa.Text(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("sex", sa.Integer(), nullable=True),
        sa.Column("identity", sa.Integer(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("referral", sa.Integer(), nullable=True),
        sa.Column("main_issue", sa.Integer(), nullable=True),
        sa.Column("main_issue_note", sa.Text(), nullable=True),
        sa.Column("secondary_issues", sa.Text(), nullable=False),
        sa.Column("secondary_issues_note", sa.Text(), nullable=True),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("extras", JSON, nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name="fk_case_filing_id_filing"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_case_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_case"),
    )
    op.create_index("ix_case_county_period", "case", ["county", "period"], **IN_FORCE)
    op.create_index("ix_case_filing_id", "case", ["filing_id"])
    op.create_index("ix_case_period", "case", ["period"], **IN_FORCE)
    op.create_index("ix_case_unit_period", "case", ["unit_id", "period"], **IN_FORCE)
    op.create_table(
        "service",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("filing_id", NUMBER, nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("unit_id", NUMBER, nullable=False),
        sa.Column("county", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("teacher_code", sa.Text(), nullable=True),
        sa.Column("counsellor_type", sa.Integer(), nullable=True),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("item_note", sa.Text(), nullable=True),
        sa.Column("audience", sa.Integer(), nullable=True),
        sa.Column("male", sa.Integer(), nullable=False),
        sa.Column("female", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.Column("extras", JSON, nullable=False),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name="fk_service_filing_id_filing"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_service_unit_id_unit"),
        sa.PrimaryKeyConstraint("id", name="pk_service"),
    )
    op.create_index("ix_service_county_period", "service", ["county", "period"], **IN_FORCE)
    op.create_index("ix_service_filing_id", "service", ["filing_id"])
    op.create_index("ix_service_period", "service", ["period"], **IN_FORCE)
    op.create_index("ix_service_unit_period", "service", ["unit_id", "period"], **IN_FORCE)


def _trail() -> None:
    op.create_table(
        "audit",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", NUMBER, nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_actor_id", "audit", ["actor", "id"])
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_subject_id", "audit", ["subject", "id"])


def _messages() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("secrets", JSON, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_words", sa.Text(), nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sa.UniqueConstraint("message_id", name="uq_outbox_message_id"),
    )
    op.create_index("ix_outbox_due", "outbox", ["due_at"], **only("state = 'queued'"))


def _append_only() -> None:
    """The database itself refuses to change or delete what stands in the trail."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{event.lower()} BEFORE {event} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
    )
