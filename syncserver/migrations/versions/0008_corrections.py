"""What people said of what was read; jobs are found by their document's content.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

from syncserver.migrations.isolation import APPEND_ONLY, as_server, isolate

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name="fk_corrections_device_id"),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_corrections_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_corrections"),
    )
    op.create_index("ix_corrections_sha256", "corrections", ["organization_id", "sha256"])
    op.create_index("ix_jobs_sha256", "jobs", ["organization_id", "sha256"])
    isolate("corrections", rights=APPEND_ONLY)


def downgrade() -> None:
    op.drop_index("ix_jobs_sha256", "jobs")
    op.drop_table("corrections")
    as_server("DELETE FROM changes WHERE entity = 'correction'")
