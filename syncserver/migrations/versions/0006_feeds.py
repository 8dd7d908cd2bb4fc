"""The feed of each organization; what was published before stands in it.

Revision: 0006, after 0005.
"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from syncserver.migrations.isolation import isolate, serving_all

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PUBLISHED = """
SELECT template.organization_id, template.name, version.version, version.format, version.source, template.updated_at
FROM schema_templates AS template JOIN schema_template_versions AS version
ON version.organization_id = template.organization_id AND version.name = template.name
AND version.version = template.published_version
WHERE template.deleted_at IS NULL ORDER BY template.organization_id, template.updated_at
"""


def upgrade() -> None:
    feeds, changes = _make_feeds(), _make_changes()
    isolate("feeds")
    isolate("changes")
    with serving_all():
        _fill(feeds, changes)


def downgrade() -> None:
    op.drop_table("changes")
    op.drop_table("feeds")


def _fill(feeds: sa.Table, changes: sa.Table) -> None:
    """Devices that ask for the first time get what was published before there was a feed."""
    published = sa.text(_PUBLISHED).columns(organization_id=sa.Uuid(), updated_at=_MOMENT)
    last: dict[object, int] = {}
    for row in op.get_bind().execute(published).all():
        last[row.organization_id] = last.get(row.organization_id, 0) + 1
        change = {
            "organization_id": row.organization_id,
            "entity": "template",
            "entity_id": row.name,
            "seq": last[row.organization_id],
            "revision": 1,
            "op": "put",
            "payload": {"version": row.version, "format": row.format, "source": row.source},
            "changed_at": row.updated_at,
        }
        op.bulk_insert(changes, [change])
    op.bulk_insert(feeds, [{"organization_id": one, "epoch": uuid4(), "last_seq": seq} for one, seq in last.items()])


def _make_feeds() -> sa.Table:
    return op.create_table(
        "feeds",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Uuid(), nullable=False),
        sa.Column("last_seq", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_feeds_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", name="pk_feeds"),
    )


def _make_changes() -> sa.Table:
    table = op.create_table(
        "changes",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("seq", _INTEGER, nullable=False),
        sa.Column("revision", _INTEGER, nullable=False),
        sa.Column("op", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_changes_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "entity", "entity_id", name="pk_changes"),
    )
    op.create_index("ix_changes_seq", "changes", ["organization_id", "seq"], unique=True)
    return table
