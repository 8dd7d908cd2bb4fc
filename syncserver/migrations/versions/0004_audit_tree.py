"""The tree over each audit log, its signed heads, and the one way by which entries may go: when their time is over.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

from syncserver.migrations.isolation import APPEND_ONLY, isolate

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = ("audit_leaves", "audit_nodes", "audit_tree_heads", "audit_removals")
"""Append-only, like the entries themselves."""
_MADE_HERE = ("audit_trees", *_KEPT)
_MAY_GO = """EXISTS (SELECT 1 FROM audit_removals AS removal WHERE removal.organization_id = OLD.organization_id
  AND removal.chain = OLD.chain AND removal.through >= OLD.sequence)
AND EXISTS (SELECT 1 FROM audit_leaves AS leaf WHERE leaf.organization_id = OLD.organization_id
  AND leaf.chain = OLD.chain AND leaf.sequence = OLD.sequence AND leaf.digest = OLD.digest)"""
"""That it was given up stands on record, and the tree remembers it."""
# 45 CFR 164.316(b)(2)(i): six years, by the database's own clock.
_OLD_ON_SQLITE = "OLD.recorded_at < datetime('now', '-6 years')"
_OLD_ON_POSTGRESQL = "OLD.recorded_at < now() - interval '6 years'"

_ON_POSTGRESQL = f"""
CREATE FUNCTION refuse_removal_of_audit_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {_OLD_ON_POSTGRESQL} AND {_MAY_GO} THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION refuse_change_of_audit_tree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
DROP TRIGGER audit_entries_refuse_change ON audit_entries;
CREATE TRIGGER audit_entries_refuse_change BEFORE UPDATE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_entries();
CREATE TRIGGER audit_entries_refuse_removal BEFORE DELETE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION refuse_removal_of_audit_entries();
"""
_KEEP_ON_POSTGRESQL = """
CREATE TRIGGER {table}_refuse_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_tree();
CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_tree();
"""
_BACK_ON_POSTGRESQL = """
DROP TRIGGER audit_entries_refuse_change ON audit_entries;
DROP TRIGGER audit_entries_refuse_removal ON audit_entries;
CREATE TRIGGER audit_entries_refuse_change BEFORE UPDATE OR DELETE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_entries();
DROP FUNCTION refuse_removal_of_audit_entries();
DROP FUNCTION refuse_change_of_audit_tree();
"""
_REFUSE_ON_SQLITE = """
CREATE TRIGGER {table}_refuse_{act} BEFORE {act} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{what} are append-only'); END
"""
# INSERT OR REPLACE takes a row away without asking the triggers on DELETE.
_REPLACED_ON_SQLITE = """
CREATE TRIGGER {table}_refuse_REPLACE BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} AS old WHERE {same})
BEGIN SELECT RAISE(ABORT, '{what} are append-only'); END
"""
_KEYS = {
    "audit_entries": ("organization_id", "chain", "sequence"),
    "audit_leaves": ("organization_id", "leaf_index"),
    "audit_nodes": ("organization_id", "level", "position"),
    "audit_tree_heads": ("organization_id", "size"),
}


def upgrade() -> None:
    _make_tree()
    for column in ("actor", "action"):
        columns = ["organization_id", column, "recorded_at", "chain", "sequence"]
        op.create_index(f"ix_audit_entries_{column}", "audit_entries", columns)
    isolate("audit_trees", rights="SELECT, INSERT, UPDATE")
    for table in _KEPT:
        isolate(table, rights=APPEND_ONLY)
    _make_append_only()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in reversed(_MADE_HERE):
            op.drop_table(table)
        op.execute(_BACK_ON_POSTGRESQL)
    else:
        op.execute("DROP TRIGGER audit_entries_refuse_REPLACE")
        op.execute("DROP TRIGGER audit_entries_refuse_DELETE")
        op.execute(_REFUSE_ON_SQLITE.format(table="audit_entries", act="DELETE", when="", what="audit entries"))
        for table in reversed(_MADE_HERE):
            op.drop_table(table)
    for column in ("actor", "action"):
        op.drop_index(f"ix_audit_entries_{column}", "audit_entries")


def _make_append_only() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_ON_POSTGRESQL)
        for table in _KEPT:
            op.execute(_KEEP_ON_POSTGRESQL.format(table=table))
        return
    op.execute("DROP TRIGGER audit_entries_refuse_DELETE")
    when = f"WHEN NOT ({_OLD_ON_SQLITE} AND {_MAY_GO})"
    op.execute(_REFUSE_ON_SQLITE.format(table="audit_entries", act="DELETE", when=when, what="audit entries"))
    for table in _KEPT:
        for act in ("UPDATE", "DELETE"):
            op.execute(_REFUSE_ON_SQLITE.format(table=table, act=act, when="", what=table))
    for table, key in _KEYS.items():
        same = " AND ".join(f"old.{column} = NEW.{column}" for column in key)
        op.execute(_REPLACED_ON_SQLITE.format(table=table, same=same, what=table.replace("_", " ")))


def _make_tree() -> None:
    _make_table("audit_trees", ["organization_id"], sa.Column("size", _INTEGER, nullable=False))
    _make_table(
        "audit_leaves",
        ["organization_id", "leaf_index"],
        sa.Column("leaf_index", _INTEGER, nullable=False),
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("sequence", _INTEGER, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.UniqueConstraint("organization_id", "chain", "sequence", name="uq_audit_leaves_entry"),
    )
    _make_table(
        "audit_nodes",
        ["organization_id", "level", "position"],
        sa.Column("level", _INTEGER, nullable=False),
        sa.Column("position", _INTEGER, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
    )
    _make_table(
        "audit_tree_heads",
        ["organization_id", "size"],
        sa.Column("size", _INTEGER, nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
    )
    _make_table(
        "audit_removals",
        ["organization_id", "chain", "through"],
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("through", _INTEGER, nullable=False),
        sa.Column("removed_at", _MOMENT, nullable=False),
    )


def _make_table(name: str, key: list[str], *columns: sa.Column[object] | sa.UniqueConstraint) -> None:
    op.create_table(
        name,
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=f"fk_{name}_organization_id"),
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
    )
