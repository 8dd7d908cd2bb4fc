"""The table of applied operations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.kit.columns import Base


class AppliedOperation(Base):
    """A row of a device's outbox that was applied; `digest` is the SHA-256 of its canonical JSON.

    `withheld` says of a document's row that it came without what stood on the document."""

    __tablename__ = "applied_operations"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    operation_id: Mapped[UUID]
    digest: Mapped[str]
    applied_at: Mapped[datetime]
    withheld: Mapped[bool | None]
