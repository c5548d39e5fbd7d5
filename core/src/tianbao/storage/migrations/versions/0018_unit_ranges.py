"""The months a unit must file are ranges, several where it was closed and is listed again.

Until now such a unit's one range was moved, and with it went the months before; the trail tells which those were.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNIT = sa.table("unit", sa.column("id"), sa.column("first_period"), sa.column("last_period"))
RANGE = sa.table("unit_range", sa.column("unit_id"), sa.column("first_period"), sa.column("last_period"))
AUDIT = sa.table("audit", sa.column("id"), sa.column("action"), sa.column("subject"), sa.column("detail", sa.JSON()))
END_OF_TIME = 999_999


def upgrade() -> None:
    op.create_table(
        "unit_range",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("unit_id", NUMBER, nullable=False),
        sa.Column("first_period", sa.Integer(), nullable=True),
        sa.Column("last_period", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_unit_range"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_unit_range_unit_id_unit"),
        sa.UniqueConstraint("unit_id", "first_period", name="uq_unit_range_unit_id_first_period"),
    )
    op.execute(
        "INSERT INTO unit_range (unit_id, first_period, last_period) SELECT id, first_period, last_period FROM unit"
        " WHERE first_period IS NULL OR last_period IS NULL OR first_period <= last_period ORDER BY id"
    )
    bring_back()
    op.drop_column("unit", "first_period")
    op.drop_column("unit", "last_period")


def bring_back() -> None:
    """Enter the months that a unit's reopening has taken from it, as its entries in the trail tell, latest first."""
    bind = op.get_bind()
    begins = dict.fromkeys(bind.execute(sa.select(UNIT.c.id)).scalars(), END_OF_TIME)
    begins |= {unit: first or 0 for unit, first in bind.execute(sa.select(RANGE.c.unit_id, RANGE.c.first_period))}
    reopened = sa.select(AUDIT.c.subject, AUDIT.c.detail).where(AUDIT.c.action == "unit.reopened")
    for subject, detail in bind.execute(reopened.order_by(AUDIT.c.id.desc())).all():
        unit = int(subject.removeprefix("unit/"))
        if "first" in detail and "last" in detail:
            first, last = month(detail["first"]), month(detail["last"])
            if last and (first or 0) <= last < begins.get(unit, 0):
                bind.execute(sa.insert(RANGE).values(unit_id=unit, first_period=first, last_period=last))
                begins[unit] = first or 0


def month(change: list[str]) -> int | None:
    """The one before, of what an entry says of a month that changed; as the store counts months."""
    return int(change[0].replace("-", "")) if change[0] else None


def downgrade() -> None:
    """The latest range of each is what the program before this one would have; of what has none, one without months."""
    op.add_column("unit", sa.Column("first_period", sa.Integer(), nullable=True))
    op.add_column("unit", sa.Column("last_period", sa.Integer(), nullable=True))
    op.execute(sa.update(UNIT).values(first_period=191202, last_period=191201))
    ours = sa.select(RANGE).where(RANGE.c.unit_id == UNIT.c.id)
    latest = ours.order_by(sa.func.coalesce(RANGE.c.first_period, 0).desc()).limit(1)
    ends = {name: latest.with_only_columns(RANGE.c[name]).scalar_subquery() for name in ("first_period", "last_period")}
    op.execute(sa.update(UNIT).values(ends).where(UNIT.c.id.in_(sa.select(RANGE.c.unit_id))))
    op.drop_table("unit_range")
