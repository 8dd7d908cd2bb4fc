"""Tables of the feeds. Payloads say what devices work by, nothing about a patient, and are held in the clear."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.kit.columns import Base

Payload = dict[str, str | int | bool]


class Feed(Base):
    """How far an organization's feed has come. Whoever writes a change holds this row until the commit."""

    __tablename__ = "feeds"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    epoch: Mapped[UUID]
    last_seq: Mapped[int]


class Change(Base):
    """The newest change of an entity; the next one takes its place, under the next `seq`."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_seq", "organization_id", "seq", unique=True),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    entity: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    revision: Mapped[int]
    op: Mapped[str]
    payload: Mapped[Payload | None] = mapped_column(JSON(none_as_null=True))
    changed_at: Mapped[datetime]
