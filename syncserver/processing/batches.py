"""Batches: made with their jobs, complete once no job of theirs is left to read."""

from uuid import UUID

from sqlalchemy.orm import Session

from shared.crypto.aead import seal, unseal
from syncserver.documents import service as documents
from syncserver.documents import submitted
from syncserver.documents.schemas import JobFilter, StatusCounts
from syncserver.events.record import announce
from syncserver.events.transaction import Transaction
from syncserver.kit.errors import NotFound
from syncserver.kit.secret import ServerKeys
from syncserver.processing import repository
from syncserver.processing.models import Batch
from syncserver.processing.schemas import BatchView, SealedBatch
from syncserver.tenants.service import organization_key

_SHOWN_JOBS = 100


def make(transaction: Transaction, organization_id: UUID, key: bytes, batch_id: UUID, told: SealedBatch) -> None:
    """The batch is there, without jobs as yet."""
    sealed = seal(key, told.model_dump_json().encode(), _context(organization_id, batch_id))
    row = Batch(organization_id=organization_id, id=batch_id, sealed=sealed, created_at=transaction.now)
    repository.add(transaction.session, row)


def settle(transaction: Transaction, organization_id: UUID, batch_id: UUID) -> None:
    """The batch is complete, and that was announced, once ever, when none of its jobs is left to read."""
    row = repository.batch(transaction.session, organization_id, batch_id, lock=True)
    if row is None or row.completed_at or submitted.is_any_active(transaction.session, organization_id, batch_id):
        return
    counts = submitted.counts(transaction.session, organization_id, batch_id)
    row.completed_at = transaction.now
    details: dict[str, str | int | bool] = {
        "batch_id": str(batch_id),
        "total_jobs": counts.total,
        "completed_jobs": counts.completed,
        "failed_jobs": counts.failed,
    }
    announce(transaction.session, organization_id, "batch.completed", details, transaction.now)


def view(session: Session, keys: ServerKeys, organization_id: UUID, batch_id: UUID) -> BatchView:
    """The batch with its first jobs. Raises NotFound."""
    row = repository.batch(session, organization_id, batch_id)
    if row is None:
        raise NotFound("There is no batch with this id.")
    told = _told(session, keys, row)
    counts = submitted.counts(session, organization_id, batch_id)
    jobs = documents.page(session, organization_id, JobFilter(batch_id=batch_id), None, _SHOWN_JOBS).items
    ended = counts.completed + counts.failed
    return BatchView(
        batch_id=batch_id,
        name=told.name,
        status="processing" if counts.active and _has_begun(counts) else "pending" if counts.active else "completed",
        total_jobs=counts.total,
        completed_jobs=counts.completed,
        failed_jobs=counts.failed,
        cancelled_jobs=counts.cancelled,
        progress=round((counts.total - counts.active) / counts.total, 4) if counts.total else 1.0,
        success_rate=round(counts.completed / ended, 4) if ended else None,
        created_at=row.created_at,
        completed_at=row.completed_at,
        jobs=jobs,
    )


def webhook_url(session: Session, keys: ServerKeys, organization_id: UUID, batch_id: UUID) -> str | None:
    """Whom to tell of the batch's completion, where it named somebody."""
    row = repository.batch(session, organization_id, batch_id)
    return _told(session, keys, row).webhook_url if row else None


def _told(session: Session, keys: ServerKeys, row: Batch) -> SealedBatch:
    key = organization_key(session, keys, row.organization_id)
    return SealedBatch.model_validate_json(unseal(key, row.sealed, _context(row.organization_id, row.id)))


def _has_begun(counts: StatusCounts) -> bool:
    return counts.active < counts.total or counts.pages_done > 0


def _context(organization_id: UUID, batch_id: UUID) -> bytes:
    return f"batch:{organization_id}:{batch_id}".encode()
