"""Schema templates of organizations, and who sees the public ones.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

from syncserver.migrations.isolation import isolate, show

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _make_templates()
    _make_versions()
    isolate("schema_templates")
    isolate("schema_template_versions")
    show("schema_templates", "is_public")
    show(
        "schema_template_versions",
        "EXISTS (SELECT 1 FROM schema_templates AS template WHERE template.is_public AND template.organization_id = "
        "schema_template_versions.organization_id AND template.name = schema_template_versions.name)",
    )


def downgrade() -> None:
    op.drop_table("schema_template_versions")
    op.drop_table("schema_templates")


def _make_templates() -> None:
    op.create_table(
        "schema_templates",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("latest_version", _INTEGER, nullable=False),
        sa.Column("published_version", _INTEGER, nullable=True),
        sa.Column("uses", _INTEGER, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("deleted_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_schema_templates_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "name", name="pk_schema_templates"),
    )
    where = sa.text("is_public")
    op.create_index(
        "ix_schema_templates_public", "schema_templates", ["name"], postgresql_where=where, sqlite_where=where
    )


def _make_versions() -> None:
    op.create_table(
        "schema_template_versions",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", _INTEGER, nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_schema_template_versions_organization_id"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "name"],
            ["schema_templates.organization_id", "schema_templates.name"],
            name="fk_schema_template_versions_organization_id_name",
        ),
        sa.PrimaryKeyConstraint("organization_id", "name", "version", name="pk_schema_template_versions"),
    )
