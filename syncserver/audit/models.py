"""Tables of the audit log. Triggers on both databases refuse UPDATE and DELETE of entries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.events.transaction import Detail
from syncserver.kit.columns import Base


class AuditEntryRow(Base):
    """One entry. `chain` is the organization's id or a device's; `at` is its writer's clock, `recorded_at` ours."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_page", "organization_id", "recorded_at", "chain", "sequence"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    chain: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, Detail]] = mapped_column(JSON)
    previous: Mapped[str]
    digest: Mapped[str]
    signature: Mapped[str]
    recorded_at: Mapped[datetime]


class AuditHead(Base):
    """How long a chain is, and its last digest: a chain whose tail is missing is found out by it."""

    __tablename__ = "audit_heads"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    chain: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    digest: Mapped[str]
