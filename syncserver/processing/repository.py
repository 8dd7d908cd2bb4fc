"""Rows of what is to be read. Only the claim and the sweep look across organizations."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from syncserver.processing.models import Batch, Submission


def add(session: Session, row: Submission | Batch) -> None:
    session.add(row)


def flush(session: Session) -> None:
    """Everything stands in the database, in the order in which it was added."""
    session.flush()


def locked(session: Session, organization_id: UUID, job_id: UUID) -> Submission | None:
    """The submission, which nobody else changes until the transaction ends."""
    return session.get(Submission, (organization_id, job_id), with_for_update=True)


def submission(session: Session, organization_id: UUID, job_id: UUID) -> Submission | None:
    return session.get(Submission, (organization_id, job_id))


def with_original(session: Session, jobs: Sequence[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Those of the jobs (organization and job) whose original is to be there."""
    row = Submission
    ours = select(row.organization_id, row.job_id).where(
        tuple_(row.organization_id, row.job_id).in_(jobs), row.has_original
    )
    return {(one[0], one[1]) for one in session.execute(ours)}


def count_active(session: Session, organization_id: UUID) -> int:
    active = (Submission.organization_id == organization_id, Submission.state != "ended")
    return session.scalar(select(func.count()).select_from(Submission).where(*active)) or 0


def is_any_waiting(session: Session, now: datetime) -> bool:
    waiting = select(Submission.job_id).where(Submission.state == "waiting", Submission.due_at <= now).limit(1)
    return session.scalar(waiting) is not None


def next_waiting(session: Session, now: datetime) -> Submission | None:
    """The most urgent that is due, locked; those that others are claiming are passed over."""
    return session.scalar(
        select(Submission)
        .where(Submission.state == "waiting", Submission.due_at <= now)
        .order_by(Submission.rank, Submission.due_at, Submission.job_id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def due(session: Session, now: datetime, limit: int) -> list[UUID]:
    """Jobs that wait and are due, the most urgent first."""
    statement = (
        select(Submission.job_id)
        .where(Submission.state == "waiting", Submission.due_at <= now)
        .order_by(Submission.rank, Submission.due_at, Submission.job_id)
    )
    return list(session.scalars(statement.limit(limit)))


def abandoned(session: Session, now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Jobs whose worker has not been heard of: organization and job."""
    statement = select(Submission.organization_id, Submission.job_id).where(
        Submission.state == "reading", Submission.lease_until < now
    )
    return [(row.organization_id, row.job_id) for row in session.execute(statement.limit(limit))]


def kept_too_long(session: Session, before: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Ended jobs that still have an original: organization and job, the oldest first."""
    statement = (
        select(Submission.organization_id, Submission.job_id)
        .where(Submission.state == "ended", Submission.has_original, Submission.ended_at < before)
        .order_by(Submission.ended_at)
    )
    return [(row.organization_id, row.job_id) for row in session.execute(statement.limit(limit))]


def batch(session: Session, organization_id: UUID, batch_id: UUID, *, lock: bool = False) -> Batch | None:
    """The batch; locked, jobs of it that end at the same moment come one after the other."""
    return session.get(Batch, (organization_id, batch_id), with_for_update=lock or None)
