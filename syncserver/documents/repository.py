"""Rows of jobs, always of one organization."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Uuid, bindparam, case, delete, exists, func, select, update
from sqlalchemy.orm import Session, undefer

from syncserver.corrections.models import CorrectionRow
from syncserver.documents.models import Job
from syncserver.documents.schemas import JobFilter, Stats, StatusCounts
from syncserver.kit.columns import table_of
from syncserver.kit.database import insert_all
from syncserver.kit.paging import Place, newest_first
from syncserver.tenants.models import Organization

_AT_ONCE = 200
_JOBS, _ORGANIZATIONS, _CORRECTIONS = table_of(Job), table_of(Organization), table_of(CorrectionRow)
_SAID = exists().where(
    _CORRECTIONS.c.organization_id == _JOBS.c.organization_id, _CORRECTIONS.c.sha256 == _JOBS.c.sha256
)
_TO_OPEN = (
    select(_JOBS, _ORGANIZATIONS.c.sealed_key, _SAID.label("is_corrected"))
    .join(_ORGANIZATIONS, _ORGANIZATIONS.c.id == _JOBS.c.organization_id)
    .where(
        _JOBS.c.organization_id == bindparam("organization", type_=Uuid()), _JOBS.c.id == bindparam("job", type_=Uuid())
    )
)


def add(session: Session, job: Job) -> None:
    session.add(job)


def add_all(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Each of the rows is a new job."""
    insert_all(session, Job, rows)


def some(session: Session, organization_id: UUID, job_ids: Collection[UUID]) -> dict[UUID, Job]:
    """Those of the jobs that there are, without their readings."""
    mine = (Job.organization_id == organization_id, Job.id.in_(job_ids))
    return {job.id: job for job in session.scalars(select(Job).where(*mine))}


def contents(session: Session, organization_id: UUID, job_ids: Collection[UUID]) -> dict[UUID, str]:
    """The jobs' contents, of those that there are."""
    return _contents(session, organization_id, Job.id.in_(job_ids))


def of_contents(session: Session, organization_id: UUID, sha256s: Collection[str]) -> dict[UUID, str]:
    """The jobs of these contents, each with its own."""
    return _contents(session, organization_id, Job.sha256.in_(sha256s))


def _contents(session: Session, organization_id: UUID, wanted: ColumnElement[bool]) -> dict[UUID, str]:
    mine = (Job.organization_id == organization_id, wanted)
    return {job.id: job.sha256 for job in session.execute(select(Job.id, Job.sha256).where(*mine))}


def get(session: Session, organization_id: UUID, job_id: UUID) -> Job | None:
    """The job without its reading."""
    return session.get(Job, (organization_id, job_id))


def get_to_open(session: Session, organization_id: UUID, job_id: UUID) -> Row[Any] | None:
    """The job with its sealed reading, the organization's `sealed_key`, and whether anybody said anything of it since.

    The row itself, past the unit of work: this is what is asked for most.
    """
    found = session.execute(_TO_OPEN, {"organization": organization_id, "job": job_id})
    return found.one_or_none()


def touch(session: Session, organization_id: UUID, sha256s: Collection[str], now: datetime) -> None:
    """Jobs of these contents changed `now`."""
    of_them = (Job.organization_id == organization_id, Job.sha256.in_(sha256s))
    session.execute(update(Job).where(*of_them).values(updated_at=now))


def ended(session: Session, organization_id: UUID) -> Iterator[Job]:
    """Every job that was read or failed, with its reading, some hundred of them in memory at a time."""
    statement = (
        select(Job)
        .options(undefer(Job.sealed))
        .where(Job.organization_id == organization_id, Job.status.in_(("completed", "failed")))
        .execution_options(yield_per=_AT_ONCE)
    )
    for some in session.scalars(statement).partitions():
        yield from some
        for job in some:
            session.expunge(job)


def remove(session: Session, organization_id: UUID, job_id: UUID) -> None:
    session.execute(delete(Job).where(Job.organization_id == organization_id, Job.id == job_id))


def is_any_active(session: Session, organization_id: UUID, batch_id: UUID) -> bool:
    """Whether a job of the batch waits or is being read."""
    active = Job.status.in_(("pending", "processing"))
    of_batch = (Job.organization_id == organization_id, Job.batch_id == batch_id)
    return session.scalar(select(Job.id).where(*of_batch, active).limit(1)) is not None


def counts(session: Session, organization_id: UUID, batch_id: UUID) -> StatusCounts:
    """The jobs of a batch by state, and how many of their pages are done."""
    statement = (
        select(Job.status, func.count(), func.sum(Job.pages_done))
        .where(Job.organization_id == organization_id, Job.batch_id == batch_id)
        .group_by(Job.status)
    )
    rows = {status: (int(number), int(done)) for status, number, done in session.execute(statement)}
    number = {status: row[0] for status, row in rows.items()}
    return StatusCounts(
        active=number.get("pending", 0) + number.get("processing", 0),
        completed=number.get("completed", 0),
        failed=number.get("failed", 0),
        cancelled=number.get("cancelled", 0),
        pages_done=sum(done for _, done in rows.values()),
    )


def page(session: Session, organization_id: UUID, wanted: JobFilter, after: Place | None, limit: int) -> list[Job]:
    """The organization's jobs, the last recorded first."""
    statement = _filtered(select(Job).where(Job.organization_id == organization_id), wanted)
    return list(session.scalars(newest_first(statement, (Job.recorded_at, Job.id), after, limit)))


def stats(session: Session, organization_id: UUID) -> Stats:
    """The organization's jobs in numbers."""
    count, pages, fields, confidence, completed, failed = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Job.page_count), 0),
            func.coalesce(func.sum(Job.field_count), 0),
            func.coalesce(func.sum(Job.confidence_sum), 0.0),
            func.coalesce(func.sum(case((Job.status == "completed", 1), else_=0)), 0),
            func.coalesce(func.sum(case((Job.status == "failed", 1), else_=0)), 0),
        ).where(Job.organization_id == organization_id)
    ).one()
    average = round(float(confidence) / int(fields), 4) if fields else None
    return Stats(
        total_jobs=count, completed=int(completed), failed=int(failed), pages=int(pages), average_confidence=average
    )


def _filtered(statement: Select[Job], wanted: JobFilter) -> Select[Job]:
    if wanted.status:
        statement = statement.where(Job.status == wanted.status)
    if wanted.since:
        statement = statement.where(Job.updated_at >= wanted.since)
    if wanted.document_type:
        statement = statement.where(Job.document_type == wanted.document_type)
    if wanted.origin:
        statement = statement.where(Job.origin == wanted.origin)
    if wanted.batch_id:
        statement = statement.where(Job.batch_id == wanted.batch_id)
    return statement
