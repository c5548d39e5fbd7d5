"""Templates of letters, and zips of letters."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "letter_template",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by", NUMBER, nullable=False),
        sa.Column("set_by_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_letter_template"),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name="fk_letter_template_set_by_account"),
    )
    op.create_index("ix_letter_template_suffix", "letter_template", ["suffix"])
    op.create_table(
        "letter_pack",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("begun_by", NUMBER, nullable=False),
        sa.Column("begun_by_name", sa.Text(), nullable=False),
        sa.Column("heard_at", MOMENT, nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_letter_pack"),
        sa.ForeignKeyConstraint(["begun_by"], ["account.id"], name="fk_letter_pack_begun_by_account"),
    )


def downgrade() -> None:
    op.drop_table("letter_pack")
    op.drop_index("ix_letter_template_suffix", "letter_template")
    op.drop_table("letter_template")
