"""The table of corrections."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.kit.columns import Base


class CorrectionRow(Base):
    """A correction as `device_id` pushed it. `sealed` is all that was said (JSON) under the organization's key.

    In the clear: of which document (`sha256` of its content), and when it was received, by our clock."""

    __tablename__ = "corrections"
    __table_args__ = (Index("ix_corrections_sha256", "organization_id", "sha256"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"))
    sha256: Mapped[str]
    received_at: Mapped[datetime]
    sealed: Mapped[bytes]
