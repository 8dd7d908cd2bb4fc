"""Webhooks: endpoints, secrets, and what is to be sent.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

from syncserver.migrations.isolation import isolate

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _make_endpoints()
    _make_secrets()
    _make_deliveries()
    for table in ("webhook_endpoints", "webhook_secrets", "webhook_deliveries"):
        isolate(table)


def downgrade() -> None:
    for table in ("webhook_deliveries", "webhook_secrets", "webhook_endpoints"):
        op.drop_table(table)


def _make_endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("parallel", _INTEGER, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("disabled_at", _MOMENT, nullable=True),
        sa.Column("disabled_because", sa.Text(), nullable=True),
        sa.Column("failing_since", _MOMENT, nullable=True),
        sa.Column("arrived_at", _MOMENT, nullable=True),
        sa.Column("next_due_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_webhook_endpoints_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_webhook_endpoints"),
        sa.UniqueConstraint("organization_id", "digest", name="uq_webhook_endpoints_digest"),
    )
    _index("ix_webhook_endpoints_due", "webhook_endpoints", ["next_due_at"], "next_due_at IS NOT NULL")


def _make_secrets() -> None:
    op.create_table(
        "webhook_secrets",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name="fk_webhook_secrets_organization_id"),
        sa.PrimaryKeyConstraint("organization_id", name="pk_webhook_secrets"),
    )


def _make_deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", _INTEGER, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sealed_url", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempt", _INTEGER, nullable=False),
        sa.Column("fence", _INTEGER, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("lease_until", _MOMENT, nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("status", _INTEGER, nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name="fk_webhook_deliveries_organization_id"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "endpoint_id"],
            ["webhook_endpoints.organization_id", "webhook_endpoints.id"],
            name="fk_webhook_deliveries_endpoint",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name="pk_webhook_deliveries"),
        sa.UniqueConstraint("organization_id", "endpoint_id", "event_id", name="uq_webhook_deliveries_event"),
    )
    _index_deliveries()


def _index_deliveries() -> None:
    table, queue = "webhook_deliveries", ["organization_id", "endpoint_id"]
    _index("ix_webhook_deliveries_waiting", table, [*queue, "due_at", "id"], "state = 'waiting'")
    _index("ix_webhook_deliveries_sending", table, [*queue, "lease_until"], "state = 'sending'")
    op.create_index("ix_webhook_deliveries_page", table, ["organization_id", "created_at", "id"])
    op.create_index("ix_webhook_deliveries_kept", table, ["created_at"])


def _index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, postgresql_where=where, sqlite_where=where)
