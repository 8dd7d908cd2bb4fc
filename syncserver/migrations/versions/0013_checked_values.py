"""Statistics of what people corrected and confirmed.

What was said before takes opening it, which `chartdrop-server rebuild-analytics` does.

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

from syncserver.migrations.isolation import as_server, isolate

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checked_documents",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document_type", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_checked_documents_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "sha256", name="pk_checked_documents"),
    )
    isolate("checked_documents")


def downgrade() -> None:
    op.drop_table("checked_documents")
    as_server("DELETE FROM reading_days WHERE kind IN ('check', 'field')")
