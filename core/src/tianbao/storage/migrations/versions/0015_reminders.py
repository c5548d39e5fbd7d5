"""Who owes what is asked for without reading all that was ever filed and sent."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

FIRST, OF_A_UNIT = sa.text("version = 1"), sa.text("unit_id IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_filing_first_filed_at", "filing", ["filed_at"], sqlite_where=FIRST, postgresql_where=FIRST)
    _index_units("unit_id", "id")


def downgrade() -> None:
    _index_units("unit_id")
    op.drop_index("ix_filing_first_filed_at", "filing")


def _index_units(*columns: str) -> None:
    """The messages about a unit, of which the last is asked for."""
    op.drop_index("ix_outbox_unit_id", "outbox")
    op.create_index("ix_outbox_unit_id", "outbox", list(columns), sqlite_where=OF_A_UNIT, postgresql_where=OF_A_UNIT)
