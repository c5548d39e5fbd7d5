"""What people keep of their queries of records: named ones, and the columns they chose."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "saved_query",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_query"),
        sa.UniqueConstraint("account_id", "name", name="uq_saved_query_account_id_name"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_saved_query_account_id_account"),
    )
    op.create_table(
        "column_choice",
        sa.Column("account_id", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "kind", name="pk_column_choice"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_column_choice_account_id_account"),
    )


def downgrade() -> None:
    op.drop_table("column_choice")
    op.drop_table("saved_query")
