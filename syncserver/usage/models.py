"""The table of counted pages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.kit.columns import Base


class PagesRead(Base):
    """The pages of one attempt at one document, counted once; `counted_at` by the server's clock."""

    __tablename__ = "pages_read"
    __table_args__ = (Index("ix_pages_read_period", "organization_id", "counted_at"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pages: Mapped[int]
    counted_at: Mapped[datetime]
