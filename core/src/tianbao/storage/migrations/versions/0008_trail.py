"""The trail can be shortened from its beginning, up to an anchor, and is searched by what was done."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = "coalesce((SELECT max(id) FROM audit_anchor), 0)"
_SAYS = "the audit trail is append-only"


def upgrade() -> None:
    op.create_table(
        "audit_anchor",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_anchor"),
    )
    op.create_index("ix_audit_action_id", "audit", ["action", "id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_no_delete")
        op.execute(
            f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit WHEN OLD.id > {_KEPT} "
            f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
        )
        return
    op.execute("DROP TRIGGER audit_append_only ON audit")
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
    )
    op.execute(
        "CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF OLD.id > {_KEPT} THEN RAISE EXCEPTION '{_SAYS}'; END IF; RETURN OLD; END $$"
    )
    op.execute("CREATE TRIGGER audit_kept BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_kept()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_no_delete")
        op.execute(f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END")
    else:
        op.execute("DROP TRIGGER audit_kept ON audit")
        op.execute("DROP FUNCTION audit_is_kept")
        op.execute("DROP TRIGGER audit_append_only ON audit")
        op.execute(
            "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
        )
    op.drop_index("ix_audit_action_id", "audit")
    op.drop_table("audit_anchor")
