"""Tables of the tenants."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.kit.columns import Base


class Organization(Base):
    """A clinic, a practice, an agency. `sealed_key` is its key under the master key."""

    __tablename__ = "organizations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    tier: Mapped[str]
    sealed_key: Mapped[bytes]
    created_at: Mapped[datetime]


class Policy(Base):
    """What an organization lays down for its devices, and what of documents this server may see."""

    __tablename__ = "policies"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    server_sees: Mapped[str]
    retention_years: Mapped[int | None]
    lock_minutes: Mapped[int | None]
