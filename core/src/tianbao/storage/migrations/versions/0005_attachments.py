"""Messages carry files, and are found by the unit they are about and by their address."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_attachment"),
    )
    op.add_column("outbox", sa.Column("enclosed", JSON, nullable=False, server_default="[]"))
    op.add_column("outbox", sa.Column("unit_id", NUMBER, nullable=True))
    op.create_index("ix_outbox_recipient", "outbox", ["recipient"])
    of_a_unit = sa.text("unit_id IS NOT NULL")
    op.create_index("ix_outbox_unit_id", "outbox", ["unit_id"], sqlite_where=of_a_unit, postgresql_where=of_a_unit)


def downgrade() -> None:
    op.drop_index("ix_outbox_unit_id", "outbox")
    op.drop_index("ix_outbox_recipient", "outbox")
    op.drop_column("outbox", "unit_id")
    op.drop_column("outbox", "enclosed")
    op.drop_table("attachment")
