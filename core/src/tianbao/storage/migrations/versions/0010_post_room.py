"""The words of each message as they went out, what is sent again, and what is held back."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TROUBLED = sa.text("state IN ('refused', 'given_up')")


def upgrade() -> None:
    op.create_table(
        "mail_model",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mail_model"),
        sa.UniqueConstraint("hash", name="uq_mail_model_hash"),
    )
    op.create_table(
        "pause",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", NUMBER, nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_pause"),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name="fk_pause_by_account"),
    )
    op.add_column("outbox", sa.Column("model_id", NUMBER, nullable=True))
    op.add_column("outbox", sa.Column("wording", sa.LargeBinary(), nullable=True))
    op.add_column("outbox", sa.Column("repeats", NUMBER, nullable=True))
    op.create_index("ix_outbox_troubled", "outbox", ["id"], sqlite_where=TROUBLED, postgresql_where=TROUBLED)
    op.create_index("ix_outbox_template_id", "outbox", ["template", "id"])
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])


def downgrade() -> None:
    for name in ("ix_outbox_created_at", "ix_outbox_template_id", "ix_outbox_troubled"):
        op.drop_index(name, "outbox")
    for name in ("repeats", "wording", "model_id"):
        op.drop_column("outbox", name)
    op.drop_table("pause")
    op.drop_table("mail_model")
