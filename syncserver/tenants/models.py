"""Tables of the tenants."""

from datetime import datetime
from uuid import UUID

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
