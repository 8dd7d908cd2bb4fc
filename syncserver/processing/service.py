"""What people ask of jobs and batches that come through the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from shared.crypto.aead import seal, unseal
from shared.documents.kinds import kind_of
from shared.ids import new_id
from syncserver.documents import submitted
from syncserver.documents.submitted import NewJob, Place
from syncserver.events.transaction import Act, Detail, Transaction
from syncserver.kit.errors import NotFound
from syncserver.kit.forms import UploadedFile
from syncserver.kit.secret import ServerKeys
from syncserver.processing import batches, repository
from syncserver.processing.errors import (
    FileEmpty,
    FileTypeUnsupported,
    JobEnded,
    JobNotRetryable,
    OriginalGone,
)
from syncserver.processing.models import Submission
from syncserver.processing.schemas import BatchAccepted, BatchForm, JobAccepted, JobForm, SealedBatch
from syncserver.tenants.service import organization_key

_HIGHEST_PRIORITY = 9
_ACTIVE = ("pending", "processing")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and the key of the organization that it is for; `user_id` is the person's, also behind an API key."""

    organization_id: UUID
    actor: str
    key: bytes
    user_id: UUID | None = None


def check_file(file: UploadedFile) -> None:
    """Raises FileEmpty or FileTypeUnsupported, by what the file begins with; more is for a reader to find out."""
    if not file.size:
        raise FileEmpty("The file is empty. Scan or send the document again.")
    if kind_of(file.head) is None:
        raise FileTypeUnsupported("The file is no PDF, PNG, JPEG or TIFF, whatever its name says.")


def create_job(transaction: Transaction, caller: Caller, file: UploadedFile, form: JobForm) -> JobAccepted:
    """The file, which the storage holds, is a job that waits to be read."""
    _submit(transaction, caller, file, form, None)
    transaction.record(Act(caller.organization_id, caller.actor, "job.created", str(file.id)))
    return JobAccepted(job_id=file.id, status="pending", created_at=transaction.now)


def create_batch(
    transaction: Transaction, caller: Caller, files: Sequence[UploadedFile], form: BatchForm
) -> BatchAccepted:
    """The files, which the storage holds, are jobs of a new batch."""
    batch_id = new_id()
    url = str(form.webhook_url) if form.webhook_url else None
    batches.make(
        transaction, caller.organization_id, caller.key, batch_id, SealedBatch(name=form.name, webhook_url=url)
    )
    job = JobForm(schema_template=form.schema_template, priority=form.priority)
    for file in files:
        _submit(transaction, caller, file, job, batch_id)
    details: dict[str, Detail] = {"jobs": len(files)}
    transaction.record(Act(caller.organization_id, caller.actor, "batch.created", str(batch_id), details))
    message = f"{len(files)} {'file waits' if len(files) == 1 else 'files wait'} to be read."
    return BatchAccepted(batch_id=batch_id, status="pending", total_jobs=len(files), message=message)


def cancel(transaction: Transaction, caller: Caller, job_id: UUID) -> None:
    """Nobody reads the job any more, nor will. Raises NotFound, JobOfDesktop, JobEnded."""
    row = _submission(transaction, caller, job_id)
    status = submitted.status(transaction.session, caller.organization_id, job_id)
    if status not in _ACTIVE:
        raise JobEnded(f"The job is {status}: there is nothing to cancel.")
    row.state, row.lease_until, row.ended_at = "ended", None, transaction.now
    submitted.cancel(_place(transaction, caller), job_id)
    _settle(transaction, row)
    transaction.record(Act(caller.organization_id, caller.actor, "job.cancelled", str(job_id)))


def retry(transaction: Transaction, caller: Caller, job_id: UUID) -> None:
    """The failed or cancelled job waits again. Raises NotFound, JobOfDesktop, JobNotRetryable, OriginalGone."""
    row = _submission(transaction, caller, job_id)
    status = submitted.status(transaction.session, caller.organization_id, job_id)
    if status not in ("failed", "cancelled"):
        raise JobNotRetryable(f"The job is {status}: only one that failed or was cancelled is tried again.")
    if not row.has_original:
        raise OriginalGone("The original was deleted when its time was over. Send the file again.")
    row.state, row.attempt, row.due_at, row.ended_at = "waiting", 0, transaction.now, None
    submitted.set_back(_place(transaction, caller), job_id)
    transaction.record(Act(caller.organization_id, caller.actor, "job.retried", str(job_id)))


def delete(transaction: Transaction, caller: Caller, job_id: UUID) -> None:
    """The job is gone with all that was read; what reads it now will find out. Raises NotFound, JobOfDesktop."""
    row = _submission(transaction, caller, job_id)
    submitted.remove(_place(transaction, caller), job_id)  # the submission goes with it
    _settle(transaction, row)
    transaction.record(Act(caller.organization_id, caller.actor, "job.deleted", str(job_id)))


def link(transaction: Transaction, caller: Caller, job_id: UUID) -> None:
    """The job's original may be fetched by a link. Raises NotFound, JobOfDesktop, OriginalGone."""
    row = _submission(transaction, caller, job_id)
    if not row.has_original:
        raise OriginalGone("The original was deleted when its time was over.")
    transaction.record(Act(caller.organization_id, caller.actor, "original.linked", str(job_id)))


def open_link(transaction: Transaction, caller: Caller, job_id: UUID) -> str:
    """The original is being fetched by a link; the name it came with. Raises NotFound."""
    name = submitted.file_name(_place(transaction, caller), job_id)
    transaction.record(Act(caller.organization_id, caller.actor, "original.downloaded", str(job_id)))
    return name


def webhook_url(session: Session, keys: ServerKeys, organization_id: UUID, job_id: UUID) -> str | None:
    """Whom to tell of the job's end, where it named somebody and is still there."""
    row = repository.submission(session, organization_id, job_id)
    if row is None or row.sealed_webhook_url is None:
        return None
    key = organization_key(session, keys, organization_id)
    return unseal(key, row.sealed_webhook_url, _url_context(organization_id, job_id)).decode()


def count_active(session: Session, organization_id: UUID) -> int:
    """How many of the organization's jobs wait or are being read."""
    return repository.count_active(session, organization_id)


def _submit(transaction: Transaction, caller: Caller, file: UploadedFile, form: JobForm, batch_id: UUID | None) -> None:
    place = _place(transaction, caller)
    submitted.submit(place, NewJob(file.id, batch_id, file.file_name, file.sha256))
    row = Submission(
        organization_id=caller.organization_id,
        job_id=file.id,
        batch_id=batch_id,
        user_id=caller.user_id,
        template=form.schema_template,
        rank=_HIGHEST_PRIORITY - form.priority,
        sealed_webhook_url=_sealed_url(caller, file.id, str(form.webhook_url)) if form.webhook_url else None,
        state="waiting",
        attempt=0,
        fence=0,
        due_at=transaction.now,
        has_original=True,
    )
    repository.flush(transaction.session)  # the job before what refers to it
    repository.add(transaction.session, row)


def _sealed_url(caller: Caller, job_id: UUID, url: str) -> bytes:
    """Sealed, because a URL may hold somebody's secret."""
    return seal(caller.key, url.encode(), _url_context(caller.organization_id, job_id))


def _url_context(organization_id: UUID, job_id: UUID) -> bytes:
    return f"webhook-url:{organization_id}:{job_id}".encode()


def _submission(transaction: Transaction, caller: Caller, job_id: UUID) -> Submission:
    row = repository.locked(transaction.session, caller.organization_id, job_id)
    if row is None:
        submitted.status(transaction.session, caller.organization_id, job_id)  # says when it is a desktop's
        raise NotFound("There is no job with this id.")
    return row


def _settle(transaction: Transaction, row: Submission) -> None:
    if row.batch_id:
        batches.settle(transaction, row.organization_id, row.batch_id)


def _place(transaction: Transaction, caller: Caller) -> Place:
    return Place(transaction.session, caller.organization_id, caller.key, transaction.now)
