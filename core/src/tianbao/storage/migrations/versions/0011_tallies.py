"""Tallies for statistics; all that is there is marked, to be counted by and by."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = ("place", "kind", "dimension", "period", "level", "code", "sex")


def upgrade() -> None:
    texts = {"place", "kind", "dimension", "level"}
    op.create_table(
        "tally",
        *(sa.Column(name, sa.Text() if name in texts else sa.Integer(), nullable=False) for name in KEY),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name="pk_tally"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stale_tally",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stale_tally"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stale_tally_period_place", "stale_tally", ["period", "place"])
    for found in (
        "SELECT DISTINCT county, period FROM filing JOIN unit ON unit.id = filing.unit_id WHERE in_force",
        'SELECT DISTINCT county, period FROM "case" WHERE in_force',
        "SELECT DISTINCT county, period FROM service WHERE in_force",
        "SELECT DISTINCT '', period FROM filing WHERE in_force",
    ):
        op.execute(f"INSERT INTO stale_tally (place, period) {found}")


def downgrade() -> None:
    op.drop_table("stale_tally")
    op.drop_table("tally")
