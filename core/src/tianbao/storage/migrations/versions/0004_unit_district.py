"""The register knows each unit's district (鄉鎮市區) and whom it answers to."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit", sa.Column("district", sa.Text(), nullable=False, server_default=""))
    op.add_column("unit", sa.Column("answers_to", sa.Text(), nullable=False, server_default="county"))
    op.execute("UPDATE unit SET answers_to = 'agency' WHERE level = 'senior_high'")


def downgrade() -> None:
    op.drop_column("unit", "answers_to")
    op.drop_column("unit", "district")
