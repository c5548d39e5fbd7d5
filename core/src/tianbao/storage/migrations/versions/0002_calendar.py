"""The calendar's: grants of the organiser, months open to be amended."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def only(condition: str) -> dict[str, Any]:
    """The condition of a partial index."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    _grants()
    _amendments()


def downgrade() -> None:
    op.drop_table("amendment")
    op.drop_table("grant")


def _grants() -> None:
    op.create_table(
        "grant",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("unit_id", NUMBER, nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("granted_by", NUMBER, nullable=False),
        sa.Column("granted_by_name", sa.Text(), nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_by", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_grant_unit_id_unit"),
        sa.ForeignKeyConstraint(["granted_by"], ["account.id"], name="fk_grant_granted_by_account"),
        sa.ForeignKeyConstraint(["revoked_by"], ["account.id"], name="fk_grant_revoked_by_account"),
        sa.PrimaryKeyConstraint("id", name="pk_grant"),
    )
    op.create_index("ix_grant_unit_id_period", "grant", ["unit_id", "period"])
    op.create_index(
        "uq_grant_in_force", "grant", ["unit_id", "period", "kind"], unique=True, **only("revoked_at IS NULL")
    )


def _amendments() -> None:
    op.create_table(
        "amendment",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("unit_id", NUMBER, nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", NUMBER, nullable=False),
        sa.Column("opened_by_name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by", NUMBER, nullable=True),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("filing_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_amendment_unit_id_unit"),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name="fk_amendment_opened_by_account"),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name="fk_amendment_withdrawn_by_account"),
        sa.ForeignKeyConstraint(["filing_id"], ["filing.id"], name="fk_amendment_filing_id_filing"),
        sa.PrimaryKeyConstraint("id", name="pk_amendment"),
    )
    op.create_index("ix_amendment_unit_id_period", "amendment", ["unit_id", "period"])
    op.create_index(
        "uq_amendment_open",
        "amendment",
        ["unit_id", "period"],
        unique=True,
        **only("withdrawn_at IS NULL AND accepted_at IS NULL"),
    )
