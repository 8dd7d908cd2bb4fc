"""Tables of statistics."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.kit.columns import Base


class CountedReading(Base):
    """What a document's last reading adds to the roll-ups: taken away again when it is read anew.

    `event_id` is the event that told of it; 0 for one that was there before. The rest is as in `Figures`.
    """

    __tablename__ = "counted_readings"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[int]
    read_at: Mapped[datetime]
    document_type: Mapped[str]
    error: Mapped[str]
    pages: Mapped[int]
    fields: Mapped[int]
    confidence: Mapped[int]
    to_review: Mapped[int]
    ms: Mapped[int]


class CheckedDocument(Base):
    """What people's word on the document of this content adds to the roll-ups, taken away again when it changes.

    `counts` holds of each field how many values were checked and how many of those corrected. They count for the kind
    of document that it was last read as, when it was; `read_at` is None, and nothing counts, while no reading is here.
    """

    __tablename__ = "checked_documents"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    read_at: Mapped[datetime | None]
    document_type: Mapped[str]
    counts: Mapped[dict[str, list[int]]] = mapped_column(JSON)


class ReadingDay(Base):
    """One day (UTC) of one kind of counts (`rollup.Kind`) under a name; `counts` as `days` lays them out."""

    __tablename__ = "reading_days"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    counts: Mapped[bytes]


class ReadingTotal(Base):
    """An organization's documents since its beginning, by how their last reading ended."""

    __tablename__ = "reading_totals"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    completed: Mapped[int]
    failed: Mapped[int]
