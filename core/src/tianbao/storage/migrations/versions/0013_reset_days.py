"""For which day a reset is arranged (安排)."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("reset_request") as table:
        table.add_column(sa.Column("scheduled_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("scheduled_by", NUMBER, nullable=True))
        table.create_foreign_key("fk_reset_request_scheduled_by_account", "account", ["scheduled_by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("reset_request") as table:
        table.drop_constraint("fk_reset_request_scheduled_by_account", type_="foreignkey")
        table.drop_column("scheduled_by")
        table.drop_column("scheduled_on")
