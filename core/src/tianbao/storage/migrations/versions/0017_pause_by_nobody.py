"""A pause that a restore began was begun by nobody: 0010 did not allow that in its first form."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns = {column["name"]: column for column in sa.inspect(op.get_bind()).get_columns("pause")}
    if not columns["by"]["nullable"]:
        with op.batch_alter_table("pause") as table:
            table.alter_column("by", existing_type=sa.BigInteger(), nullable=True)


def downgrade() -> None:
    """Both forms are 0016's."""
