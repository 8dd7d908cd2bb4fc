"""What a revoked device was told, whether its keys are to be destroyed, and how far a device's outbox had come.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("devices", sa.Column("destroy_keys", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("devices") as devices:
        devices.alter_column("destroy_keys", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    op.add_column("devices", sa.Column("revocation_heard_at", _MOMENT, nullable=True))
    op.add_column("devices", sa.Column("last_sequence", _INTEGER, nullable=True))


def downgrade() -> None:
    for column in ("last_sequence", "revocation_heard_at", "destroy_keys"):
        op.drop_column("devices", column)
