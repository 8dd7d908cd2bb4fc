"""Tables of counted pages."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.kit.columns import Base


class PagesRead(Base):
    """The pages of one attempt at one document, counted once; `counted_at` by the server's clock.

    Who had them read: a device, or the person who sent them to the API. `template` is unknown (NULL) until the
    document itself has come.
    """

    __tablename__ = "pages_read"
    __table_args__ = (Index("ix_pages_read_period", "organization_id", "counted_at"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pages: Mapped[int]
    counted_at: Mapped[datetime]
    device_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    template: Mapped[str | None]


class UsageDay(Base):
    """What was counted on one day (UTC) for one device or person and template; "" stands for none.

    A month is summed over its days, however many documents were read in them.
    """

    __tablename__ = "usage_days"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    template: Mapped[str] = mapped_column(primary_key=True)
    pages: Mapped[int]
    documents: Mapped[int]
