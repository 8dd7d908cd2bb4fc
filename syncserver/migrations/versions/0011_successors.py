"""A device may go on under another identity, and its audit chain with it.

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("devices", sa.Column("ancestors", sa.JSON(), nullable=True))
    op.add_column("audit_entries", sa.Column("writer", sa.Uuid(), nullable=True))
    begins_after = sa.Column(
        "begins_after", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, server_default="0"
    )
    op.add_column("audit_heads", begins_after)


def downgrade() -> None:
    op.drop_column("audit_heads", "begins_after")
    op.drop_column("audit_entries", "writer")
    op.drop_column("devices", "ancestors")
