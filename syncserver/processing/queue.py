"""What workers do with jobs: claim, stay alive, end or give back; each a step of one state machine in the database.

A worker holds a job by its fence until its lease ends. Whatever it writes is checked against the fence under the
row's lock, so of two workers that believe to hold a job one alone can end it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from shared.documents import Reading, failed_reading
from syncserver.documents import submitted
from syncserver.documents.figures import announce_read, figures_of
from syncserver.documents.submitted import Place
from syncserver.events.record import announce
from syncserver.events.transaction import SERVER, Act, Detail, Transaction
from syncserver.kit.secret import ServerKeys
from syncserver.processing import batches, repository
from syncserver.processing.errors import ClaimLost
from syncserver.processing.models import Submission
from syncserver.settings import Settings
from syncserver.templates import service as templates
from syncserver.tenants.service import organization_key

MAX_ATTEMPTS = 3
_BACKOFF_FACTOR = 6
_SWEPT_AT_ONCE = 100
_DUE_AT_ONCE = 1000
# What is the machine's trouble, not the document's: worth another attempt.
_WORTH_ANOTHER = frozenset(
    {"reader_crashed", "reader_timed_out", "reader_out_of_memory", "storage_unavailable", "models_missing"}
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that one worker holds: until `ends_at` at most, however alive the worker is."""

    organization_id: UUID
    job_id: UUID
    fence: int
    attempt: int
    template: str
    file_name: str
    ends_at: datetime


def is_any_waiting(session: Session, now: datetime) -> bool:
    """Whether a claim is worth a transaction that writes."""
    return repository.is_any_waiting(session, now)


def claim(transaction: Transaction, keys: ServerKeys, settings: Settings) -> Claim | None:
    """The most urgent job that is due, now held by the caller; None when none waits."""
    row = repository.next_waiting(transaction.session, transaction.now)
    if row is None:
        return None
    row.state, row.fence, row.attempt = "reading", row.fence + 1, row.attempt + 1
    ends_at = transaction.now + timedelta(seconds=settings.hard_limit_s)
    row.lease_until = _lease(transaction.now, ends_at, settings)
    file_name = submitted.begin(_place(transaction, keys, row.organization_id), row.job_id)
    return Claim(row.organization_id, row.job_id, row.fence, row.attempt, row.template, file_name, ends_at)


def renew(transaction: Transaction, settings: Settings, held: Claim) -> None:
    """The worker is alive. Raises ClaimLost."""
    _held(transaction, held).lease_until = _lease(transaction.now, held.ends_at, settings)


def note_page(transaction: Transaction, held: Claim, number: int, page_count: int) -> None:
    """So many pages are done. Raises ClaimLost."""
    _held(transaction, held)
    pages = number, page_count
    submitted.note_page(transaction.session, held.organization_id, held.job_id, pages, transaction.now)


def finish(transaction: Transaction, keys: ServerKeys, settings: Settings, held: Claim, reading: Reading) -> None:
    """The job ended with `reading`, or waits for another attempt where that may help. Raises ClaimLost."""
    _conclude(transaction, keys, settings, _held(transaction, held), reading)


def give_back(transaction: Transaction, keys: ServerKeys, held: Claim) -> None:
    """The job waits again, as if it had not been claimed: the worker is stopping. Raises ClaimLost."""
    row = _held(transaction, held)
    row.state, row.attempt, row.lease_until = "waiting", row.attempt - 1, None
    row.due_at = transaction.now
    submitted.set_back(_place(transaction, keys, row.organization_id), row.job_id, forgive=True)


def abandoned(session: Session, now: datetime) -> list[tuple[UUID, UUID]]:
    """Some jobs whose worker has not been heard of: organization and job."""
    return repository.abandoned(session, now, _SWEPT_AT_ONCE)


def recover(
    transaction: Transaction, keys: ServerKeys, settings: Settings, organization_id: UUID, job_id: UUID
) -> None:
    """The job waits for another attempt, or failed at its last, unless its worker was heard of meanwhile."""
    row = repository.locked(transaction.session, organization_id, job_id)
    if row is None or row.state != "reading" or row.lease_until is None or row.lease_until >= transaction.now:
        return
    place = _place(transaction, keys, organization_id)
    name = submitted.file_name(place, job_id)
    sentence = f"{name}: The reader stopped while reading it. Send the document again, alone."
    _conclude(transaction, keys, settings, row, failed_reading(name, "", "reader_crashed", sentence))


def forget_original(transaction: Transaction, organization_id: UUID, job_id: UUID) -> None:
    """The ended job has no original any more: its time was over."""
    row = repository.locked(transaction.session, organization_id, job_id)
    if row is not None and row.state == "ended" and row.has_original:
        row.has_original = False
        transaction.record(Act(organization_id, SERVER, "original.deleted", str(job_id)))


def due(session: Session, now: datetime) -> list[UUID]:
    """Jobs that wait and are due, the most urgent first; a thousand at most."""
    return repository.due(session, now, _DUE_AT_ONCE)


def _conclude(
    transaction: Transaction, keys: ServerKeys, settings: Settings, row: Submission, reading: Reading
) -> None:
    if reading.error and reading.error.code in _WORTH_ANOTHER:
        if row.attempt < MAX_ATTEMPTS:
            _wait_again(transaction, keys, settings, row)
            return
        message = f"{reading.error.message} It was tried {row.attempt} times."
        reading = failed_reading(reading.file_name, reading.sha256, reading.error.code, message)
    _end(transaction, keys, row, reading)


def _wait_again(transaction: Transaction, keys: ServerKeys, settings: Settings, row: Submission) -> None:
    pause = settings.backoff_s * _BACKOFF_FACTOR ** (row.attempt - 1)
    row.state, row.lease_until = "waiting", None
    row.due_at = transaction.now + timedelta(seconds=pause)
    submitted.set_back(_place(transaction, keys, row.organization_id), row.job_id)


def _end(transaction: Transaction, keys: ServerKeys, row: Submission, reading: Reading) -> None:
    organization_id, job_id = row.organization_id, row.job_id
    row.state, row.lease_until, row.ended_at = "ended", None, transaction.now
    attempt = submitted.conclude(_place(transaction, keys, organization_id), job_id, reading)
    kind = "job.failed" if reading.error else "job.completed"
    details: dict[str, Detail] = {"job_id": str(job_id)}
    if row.batch_id:
        details["batch_id"] = str(row.batch_id)
    announce(transaction.session, organization_id, kind, details, transaction.now)
    if reading.error is None:
        pages: dict[str, Detail] = {
            "document_id": str(job_id),
            "attempt": attempt,
            "pages": reading.page_count,
        }
        if row.user_id:
            pages["user_id"] = str(row.user_id)
        announce(transaction.session, organization_id, "pages.read", pages, transaction.now)
    announce_read(transaction, organization_id, figures_of(job_id, reading, transaction.now))
    if reading.template:
        templates.note_use(transaction, organization_id, reading.template.name)
    if row.batch_id:
        batches.settle(transaction, organization_id, row.batch_id)
    pages_read: dict[str, Detail] = {"attempt": attempt, "pages": reading.page_count}
    transaction.record(Act(organization_id, SERVER, kind, str(job_id), pages_read))


def _held(transaction: Transaction, held: Claim) -> Submission:
    row = repository.locked(transaction.session, held.organization_id, held.job_id)
    if row is None or row.state != "reading" or row.fence != held.fence:
        raise ClaimLost("The job was cancelled, deleted, or given to another worker.")
    return row


def _lease(now: datetime, ends_at: datetime, settings: Settings) -> datetime:
    return min(now + timedelta(seconds=settings.lease_s), ends_at)


def _place(transaction: Transaction, keys: ServerKeys, organization_id: UUID) -> Place:
    key = organization_key(transaction.session, keys, organization_id)
    return Place(transaction.session, organization_id, key, transaction.now)
