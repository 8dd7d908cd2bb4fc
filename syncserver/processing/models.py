"""Tables of what is to be read, and of batches."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.kit.columns import Base


def _index(name: str, *columns: str, state: str) -> Index:
    return Index(name, *columns, postgresql_where=text(state), sqlite_where=text(state))


class Submission(Base):
    """What workers need to know of a job that came through the API. This table is the queue.

    `state`: waiting (from `due_at` on), reading (by whoever holds `fence`, alive until `lease_until`), ended.
    `attempt` counts since it was last submitted or retried; `fence` rises with each claim and never falls, so that a
    worker that comes back late is told from the one that works now. The lowest `rank` is read first.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "job_id"], ["jobs.organization_id", "jobs.id"], ondelete="CASCADE"),
        _index("ix_submissions_waiting", "rank", "due_at", "job_id", state="state = 'waiting'"),
        _index("ix_submissions_reading", "lease_until", state="state = 'reading'"),
        _index("ix_submissions_active", "organization_id", state="state <> 'ended'"),
        _index("ix_submissions_kept", "ended_at", state="state = 'ended' AND has_original"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    job_id: Mapped[UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    template: Mapped[str]
    rank: Mapped[int]
    sealed_webhook_url: Mapped[bytes | None]
    state: Mapped[str]
    attempt: Mapped[int]
    fence: Mapped[int]
    due_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    has_original: Mapped[bool]


class Batch(Base):
    """Jobs that were sent together. `sealed` holds its name and webhook; `completed_at` is set once and stays."""

    __tablename__ = "batches"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    created_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
