"""The organiser edits the texts of mails; every edition stays."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "message_text",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", NUMBER, nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_text"),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name="fk_message_text_by_account"),
    )
    op.create_index("ix_message_text_name_id", "message_text", ["name", "id"])


def downgrade() -> None:
    op.drop_table("message_text")
