"""The table of jobs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.kit.columns import Base


class Job(Base):
    """One document's reading. `id` is the document's id, unique within its organization.

    In the clear: what lists filter and count by. `sealed` is the whole reading (compressed JSON) under the
    organization's key; of a job that still waits, one that holds its file's name alone. `created_at` to `finished_at`
    are by the device's clock where a device read it, `recorded_at` and `updated_at` by ours.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_page", "organization_id", "recorded_at", "id"),
        Index("ix_jobs_updated", "organization_id", "updated_at"),
        Index("ix_jobs_batch", "organization_id", "batch_id", "status"),
        Index("ix_jobs_sha256", "organization_id", "sha256"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    origin: Mapped[str]
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("devices.id"))
    batch_id: Mapped[UUID | None]
    status: Mapped[str]
    attempts: Mapped[int]
    sha256: Mapped[str]
    page_count: Mapped[int]
    pages_done: Mapped[int]
    document_type: Mapped[str]
    field_count: Mapped[int]
    confidence_sum: Mapped[float]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    sealed: Mapped[bytes] = mapped_column(deferred=True)
