"""Which steps of the reminders are done; single days of the official calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "reminder_run",
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("step", "period", name="pk_reminder_run"),
    )
    op.create_table(
        "official_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by", NUMBER, nullable=True),
        sa.Column("set_by_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "source", name="pk_official_day"),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name="fk_official_day_set_by_account"),
    )


def downgrade() -> None:
    op.drop_table("official_day")
    op.drop_table("reminder_run")
