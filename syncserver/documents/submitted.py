"""The life of a job whose file came through the API: it waits, is read, ends; told by the domain that has it read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.documents import Reading
from syncserver.documents import repository
from syncserver.documents.errors import JobOfDesktop
from syncserver.documents.models import Job
from syncserver.documents.schemas import Status, StatusCounts
from syncserver.documents.sealing import unseal_reading
from syncserver.documents.service import take_reading
from syncserver.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class NewJob:
    """A file that came, before anything is known of it but its bytes."""

    job_id: UUID
    batch_id: UUID | None
    file_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job is kept: in whose rows, under whose key."""

    session: Session
    organization_id: UUID
    key: bytes
    now: datetime


def submit(place: Place, new: NewJob) -> None:
    """The file is a job that waits."""
    job = Job(
        organization_id=place.organization_id,
        id=new.job_id,
        origin="api",
        batch_id=new.batch_id,
        status="pending",
        attempts=0,
        sha256=new.sha256,
        created_at=place.now,
        recorded_at=place.now,
    )
    take_reading(job, Reading(new.file_name, new.sha256, page_count=0), place.key, place.now)
    repository.add(place.session, job)


def begin(place: Place, job_id: UUID) -> str:
    """The job is being read for another time; its file's name. Raises NotFound."""
    job = _job(place, job_id)
    job.status = "processing"
    job.attempts += 1
    job.started_at, job.finished_at, job.updated_at = place.now, None, place.now  # blank: it waited
    return _reading(job, place).file_name


def note_page(session: Session, organization_id: UUID, job_id: UUID, pages: tuple[int, int], now: datetime) -> None:
    """So many of so many pages are done. Raises NotFound."""
    job = _found(session, organization_id, job_id)
    done, job.page_count = pages
    job.pages_done = min(done, job.page_count)
    job.updated_at = now


def conclude(place: Place, job_id: UUID, reading: Reading) -> int:
    """The job completed with `reading`, or failed with its error; which attempt that was. Raises NotFound."""
    job = _job(place, job_id)
    job.status = "failed" if reading.error else "completed"
    job.finished_at = place.now
    take_reading(job, reading, place.key, place.now)
    return job.attempts


def set_back(place: Place, job_id: UUID, *, forgive: bool = False) -> None:
    """The job waits again; forgiven, as if this attempt had not been. Raises NotFound."""
    job = _job(place, job_id)
    job.status, job.finished_at = "pending", None
    job.attempts -= forgive
    _blank(job, place)


def cancel(place: Place, job_id: UUID) -> None:
    """Nobody wants the job any more. Raises NotFound."""
    job = _job(place, job_id)
    job.status, job.finished_at, job.updated_at = "cancelled", place.now, place.now


def remove(place: Place, job_id: UUID) -> None:
    """The job is gone with all that was read. Raises NotFound."""
    _job(place, job_id)
    repository.remove(place.session, place.organization_id, job_id)


def status(session: Session, organization_id: UUID, job_id: UUID) -> Status:
    """How the job that came through the API stands. Raises NotFound, JobOfDesktop."""
    job = _found(session, organization_id, job_id)
    if job.origin != "api":
        raise JobOfDesktop("A desktop read this document, and holds its original: do it there.")
    found: Status = job.status  # type: ignore[assignment]  # what is written here
    return found


def file_name(place: Place, job_id: UUID) -> str:
    """The name that the job's file came with. Raises NotFound."""
    return _reading(_job(place, job_id), place).file_name


def is_any_active(session: Session, organization_id: UUID, batch_id: UUID) -> bool:
    """Whether a job of the batch waits or is being read."""
    return repository.is_any_active(session, organization_id, batch_id)


def counts(session: Session, organization_id: UUID, batch_id: UUID) -> StatusCounts:
    """The jobs of a batch by state."""
    return repository.counts(session, organization_id, batch_id)


def _job(place: Place, job_id: UUID) -> Job:
    return _found(place.session, place.organization_id, job_id)


def _found(session: Session, organization_id: UUID, job_id: UUID) -> Job:
    job = repository.get(session, organization_id, job_id)
    if job is None:
        raise NotFound("There is no job with this id.")
    return job


def _reading(job: Job, place: Place) -> Reading:
    return unseal_reading(place.key, job.organization_id, job.id, job.sealed)


def _blank(job: Job, place: Place) -> None:
    """Nothing is known of it but its file."""
    take_reading(job, Reading(_reading(job, place).file_name, job.sha256, page_count=0), place.key, place.now)
