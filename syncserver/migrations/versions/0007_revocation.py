"""What a revoked device was told, whether its keys are to be destroyed, how far a device's outbox had come; and what
an organization lays down for its devices, above all what of documents the server may see.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

from syncserver.migrations.isolation import isolate

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # The default stays: to take it away, SQLite would make the table anew, which jobs refer to.
    op.add_column("devices", sa.Column("destroy_keys", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("devices", sa.Column("revocation_heard_at", _MOMENT, nullable=True))
    op.add_column("devices", sa.Column("last_sequence", _INTEGER, nullable=True))

    _make_policies()
    isolate("policies")
    op.add_column("applied_operations", sa.Column("withheld", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("applied_operations", "withheld")
    op.drop_table("policies")
    for column in ("last_sequence", "revocation_heard_at", "destroy_keys"):
        op.drop_column("devices", column)


def _make_policies() -> None:
    op.create_table(
        "policies",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("server_sees", sa.Text(), nullable=False),
        sa.Column("retention_years", _INTEGER, nullable=True),
        sa.Column("lock_minutes", _INTEGER, nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_policies_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", name="pk_policies"),
    )
