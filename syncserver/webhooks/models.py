"""Tables of where webhooks go, what they are signed with, and what is to be sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.kit.columns import Base


class WebhookEndpoint(Base):
    """A queue of deliveries: of an endpoint that an organization set up, or of a server that its jobs named.

    `sealed` holds the URL and the secrets; of a job's server (`digest` tells it) the deliveries hold the URL, and
    `events` is empty. `next_due_at` is when something of it is to be done at the earliest, null while nothing is, or
    while it is disabled; `failing_since` is set by what failed and unset by what arrived. Whoever changes a delivery
    holds the lock of its endpoint's row.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        UniqueConstraint("organization_id", "digest", name="uq_webhook_endpoints_digest"),
        Index(
            "ix_webhook_endpoints_due",
            "next_due_at",
            postgresql_where=text("next_due_at IS NOT NULL"),
            sqlite_where=text("next_due_at IS NOT NULL"),
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str | None]
    sealed: Mapped[bytes]
    events: Mapped[str]
    parallel: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    disabled_because: Mapped[str | None]
    failing_since: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]


class WebhookSecret(Base):
    """What messages to the URLs of an organization's jobs and batches are signed with, sealed."""

    __tablename__ = "webhook_secrets"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]


class WebhookDelivery(Base):
    """One message to one endpoint. `body` holds identifiers and states alone.

    `state`: waiting (from `due_at` on), sending (by whoever holds `fence`, until `lease_until`), delivered, failed.
    `sealed_url` is that of the job or batch which named one.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "endpoint_id"],
            ["webhook_endpoints.organization_id", "webhook_endpoints.id"],
            name="fk_webhook_deliveries_endpoint",
            ondelete="CASCADE",
        ),
        UniqueConstraint("organization_id", "endpoint_id", "event_id", name="uq_webhook_deliveries_event"),
        Index(
            "ix_webhook_deliveries_waiting",
            "organization_id",
            "endpoint_id",
            "due_at",
            "id",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_webhook_deliveries_sending",
            "organization_id",
            "endpoint_id",
            "lease_until",
            postgresql_where=text("state = 'sending'"),
            sqlite_where=text("state = 'sending'"),
        ),
        Index("ix_webhook_deliveries_page", "organization_id", "created_at", "id"),
        Index("ix_webhook_deliveries_kept", "created_at"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    endpoint_id: Mapped[UUID]
    event_id: Mapped[int | None]
    kind: Mapped[str]
    message_id: Mapped[str]
    body: Mapped[str]
    sealed_url: Mapped[bytes | None]
    state: Mapped[str]
    attempt: Mapped[int]
    fence: Mapped[int]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    status: Mapped[int | None]
    fault: Mapped[str | None]
