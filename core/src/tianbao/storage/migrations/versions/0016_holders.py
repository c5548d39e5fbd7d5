"""Messages go to whoever holds a post when they are sent; those of before learn for whom they are."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_UNITS = """
UPDATE outbox SET account_id = (SELECT max(account.id) FROM account WHERE account.unit_id = outbox.unit_id)
WHERE template IN ('remind', 'chase', 'remind-now', 'receipt')
"""
OF_OFFICES = """
UPDATE outbox SET account_id =
    (SELECT max(account.id) FROM account WHERE account.email = outbox.recipient AND account.unit_id IS NULL)
WHERE template IN ('chase-county', 'compile')
"""


def upgrade() -> None:
    op.add_column("outbox", sa.Column("account_id", NUMBER, nullable=True))
    op.execute(OF_UNITS)
    op.execute(OF_OFFICES)


def downgrade() -> None:
    op.drop_column("outbox", "account_id")
