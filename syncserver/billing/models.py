"""Tables of billing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.kit.columns import Base

ENTITLING = frozenset({"active", "trialing", "past_due"})
"""The states of a subscription that counts: while Stripe still tries to collect (past_due), nothing is taken away."""
_UNHANDLED = text("handled_at IS NULL")
_UNREPORTED = text("state = 'waiting'")


class BillingCustomer(Base):
    """The organization as Stripe's customer, and its subscription as it was when last looked at (`looked_at`).

    `status` is Stripe's; `started_at` is when the subscription began, from which on pages are reported.
    """

    __tablename__ = "billing_customers"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    customer_id: Mapped[str] = mapped_column(unique=True)
    subscription_id: Mapped[str | None]
    status: Mapped[str | None]
    tier: Mapped[str | None]
    started_at: Mapped[datetime | None]
    period_end: Mapped[datetime | None]
    is_ending: Mapped[bool]
    looked_at: Mapped[datetime | None]


class InboxEvent(Base):
    """An event of Stripe's, stored before anything is done about it; its id is the key: it may come again."""

    __tablename__ = "stripe_inbox"
    __table_args__ = (
        Index("ix_stripe_inbox_unhandled", "due_at", postgresql_where=_UNHANDLED, sqlite_where=_UNHANDLED),
    )

    event_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    customer_id: Mapped[str]
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    handled_at: Mapped[datetime | None]


class MeterReport(Base):
    """Pages of one attempt at a document that are to be, or were, reported to Stripe: one meter event.

    `state`: waiting (from `due_at` on), sent, or refused. `tried_at` is set before the first try: from then on Stripe
    may hold the event, whatever came back.
    """

    __tablename__ = "meter_reports"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "document_id", "attempt"],
            ["pages_read.organization_id", "pages_read.document_id", "pages_read.attempt"],
        ),
        Index("ix_meter_reports_waiting", "due_at", postgresql_where=_UNREPORTED, sqlite_where=_UNREPORTED),
        Index("ix_meter_reports_counted", "organization_id", "counted_at"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pages: Mapped[int]
    counted_at: Mapped[datetime]
    state: Mapped[str]
    due_at: Mapped[datetime]
    tries: Mapped[int]
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    refusal: Mapped[str | None]

    @property
    def identifier(self) -> str:
        """The same for these pages whoever sends them, and whenever; at most 100 characters."""
        return f"{self.organization_id.hex}:{self.document_id.hex}:{self.attempt}"
