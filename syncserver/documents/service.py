"""Storing what desktops read, and showing it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic_core import from_json, to_json
from sqlalchemy import Row
from sqlalchemy.orm import Session

from shared.documents import Cell, Reading
from shared.documents.corrections import Correction, corrected
from shared.wire.v1.readings import parts_to_json, reading_from_parts
from syncserver.corrections import service as corrections
from syncserver.corrections.service import Shelf
from syncserver.documents import repository
from syncserver.documents.errors import DocumentOfAnotherDevice
from syncserver.documents.models import Job
from syncserver.documents.schemas import (
    DocumentView,
    JobFilter,
    JobView,
    Stats,
)
from syncserver.documents.sealing import seal_parts, seal_reading, unseal_parts, unseal_reading
from syncserver.events.transaction import Transaction
from syncserver.identity.devices import service as devices
from syncserver.kit.errors import NotFound
from syncserver.kit.paging import PageOf, page_of, place_of
from syncserver.kit.secret import ServerKeys
from syncserver.tenants.service import opened_key

_Values = dict[str, Any]
"""Of a job's columns, by their names."""


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as a device reports it, with the device's own moments."""

    document_id: UUID
    device_id: UUID
    sha256: str
    status: Literal["completed", "failed"]
    received_at: datetime
    finished_at: datetime
    reading: Reading
    parts: tuple[bytes, bytes]
    """The reading as `parts_to_json` writes it."""


@dataclass(frozen=True, slots=True)
class FoundReading:
    """What was read of a job; `read_at` is None unless it completed."""

    reading: Reading
    received_at: datetime
    read_at: datetime | None


def store_all(transaction: Transaction, shelf: Shelf, documents: Sequence[ReadDocument]) -> None:
    """Each is a job of the organization; read again, it takes the place of what was read before.

    Raises DocumentOfAnotherDevice.
    """
    ids = {document.document_id for document in documents}
    held = repository.some(transaction.session, shelf.organization_id, ids) if ids else {}
    new: dict[UUID, _Values] = {}
    for document in documents:
        values = _values(shelf, document, transaction.now)
        if job := held.get(document.document_id):
            _check_device(transaction.session, job, document.device_id)
            _take_over(job, values | {"device_id": document.device_id, "attempts": job.attempts + 1})
        else:
            row = new.setdefault(document.document_id, _new_row(shelf.organization_id, document, transaction.now))
            row |= values | {"attempts": row["attempts"] + 1}
    repository.add_all(transaction.session, list(new.values()))


def page(session: Session, organization_id: UUID, wanted: JobFilter, cursor: str | None, limit: int) -> PageOf[JobView]:
    """The organization's jobs, the last recorded first."""
    rows = repository.page(session, organization_id, wanted, place_of(cursor), limit + 1)
    return page_of(rows, limit, _view, lambda row: (row.recorded_at, row.id))


def view(session: Session, keys: ServerKeys, organization_id: UUID, job_id: UUID) -> bytes:
    """The job with what was read and said of it since, as JSON of a `JobDetail`. Raises NotFound.

    What was read was checked when it was sealed: where nobody said anything, it is not so much as parsed.
    """
    found = _to_open(session, organization_id, job_id)
    shelf = Shelf(organization_id, opened_key(keys, organization_id, found.sealed_key))
    beside, result = unseal_parts(shelf.key, organization_id, found.id, found.sealed)
    if found.is_corrected:
        result = _corrected(beside, result, corrections.of_document(session, shelf, found.sha256))
    told = from_json(beside)
    document = DocumentView(id=found.id, file_name=told["file_name"], sha256=found.sha256, page_count=found.page_count)
    shown = to_json({**_view(found).model_dump(), "document": document, "error": told["error"]})
    return shown[:-1] + b',"result":' + (result if found.status == "completed" else b"null") + b"}"


def reading_of(session: Session, key: bytes, organization_id: UUID, job_id: UUID) -> FoundReading:
    """What was read of the job, and said of it since. Raises NotFound."""
    found = _to_open(session, organization_id, job_id)
    reading = unseal_reading(key, organization_id, job_id, found.sealed)
    if found.is_corrected:
        reading = corrected(reading, corrections.of_document(session, Shelf(organization_id, key), found.sha256))
    return FoundReading(reading, found.created_at, found.finished_at if found.status == "completed" else None)


def types_of(session: Session, organization_id: UUID, document_ids: Collection[UUID]) -> dict[UUID, str]:
    """The kinds of the documents that there are, as their last readings have them."""
    held = repository.some(session, organization_id, document_ids)
    return {document_id: job.document_type for document_id, job in held.items()}


def contents(session: Session, organization_id: UUID, document_ids: Collection[UUID]) -> dict[UUID, str]:
    """The hash of the content of each of the documents that there are."""
    return repository.contents(session, organization_id, document_ids)


def of_contents(session: Session, organization_id: UUID, sha256s: Collection[str]) -> dict[UUID, str]:
    """The documents of these contents, each with its content's hash."""
    return repository.of_contents(session, organization_id, sha256s)


def listed(session: Session, organization_id: UUID, job_id: UUID) -> JobView:
    """The job as lists show it. Raises NotFound."""
    session.flush()
    job = repository.get(session, organization_id, job_id)
    if job is None:
        raise NotFound("There is no job with this id.")
    return _view(job)


def note_corrected(transaction: Transaction, organization_id: UUID, sha256s: Collection[str]) -> None:
    """Whoever asks what changed hears of the jobs of these contents."""
    repository.touch(transaction.session, organization_id, sha256s, transaction.now)


def ended(session: Session, organization_id: UUID, key: bytes) -> Iterator[tuple[UUID, Reading, datetime]]:
    """Every document that was read or could not be: its id, its last reading, and when that ended."""
    for job in repository.ended(session, organization_id):
        reading = unseal_reading(key, organization_id, job.id, job.sealed)
        yield job.id, reading, job.finished_at or job.updated_at


def stats(session: Session, organization_id: UUID) -> Stats:
    """The organization's jobs in numbers."""
    return repository.stats(session, organization_id)


def found_confidences(reading: Reading) -> list[float]:
    """How sure the device is of each value that it found, in fields and tables."""
    rows = (row for table in reading.tables.values() for row in table)
    cells: list[Cell] = [*reading.fields.values(), *(cell for row in rows for cell in row.values())]
    return [cell.confidence for cell in cells if cell is not None]


def _to_open(session: Session, organization_id: UUID, job_id: UUID) -> Row[Any]:
    found = repository.get_to_open(session, organization_id, job_id)
    if found is None:
        raise NotFound("There is no job with this id.")
    return found


def _corrected(beside: bytes, result: bytes, known: Sequence[Correction]) -> bytes:
    return parts_to_json(corrected(reading_from_parts(beside, result), known))[1]


def _check_device(session: Session, job: Job, device_id: UUID) -> None:
    if job.device_id == device_id:
        return
    if not (job.device_id and devices.is_one_store(session, job.organization_id, job.device_id, device_id)):
        raise DocumentOfAnotherDevice("A document with this id came from another device.")


def _new_row(organization_id: UUID, document: ReadDocument, now: datetime) -> _Values:
    return {
        "organization_id": organization_id,
        "id": document.document_id,
        "origin": "desktop",
        "device_id": document.device_id,
        "attempts": 0,
        "recorded_at": now,
    }


def _values(shelf: Shelf, document: ReadDocument, now: datetime) -> _Values:
    reading = document.reading
    return {
        "status": document.status,
        "sha256": document.sha256,
        "created_at": document.received_at,
        "started_at": document.finished_at - timedelta(milliseconds=reading.timings_ms.total),
        "finished_at": document.finished_at,
        "sealed": seal_parts(shelf.key, shelf.organization_id, document.document_id, document.parts),
        **_in_the_clear(reading, now),
    }


def _in_the_clear(reading: Reading, now: datetime) -> _Values:
    found = found_confidences(reading)
    return {
        "page_count": reading.page_count,
        "pages_done": reading.page_count,
        "document_type": reading.document_type,
        "field_count": len(found),
        "confidence_sum": sum(found, 0.0),
        "updated_at": now,
    }


def _take_over(job: Job, values: _Values) -> None:
    for name, value in values.items():
        setattr(job, name, value)


def take_reading(job: Job, reading: Reading, key: bytes, now: datetime) -> None:
    """The job holds `reading`, sealed, and what lists need of it in the clear."""
    _take_over(job, _in_the_clear(reading, now))
    job.sealed = seal_reading(key, job.organization_id, job.id, reading)


def _progress(job: Job | Row[Any]) -> float:
    """0..1; how many pages there are is known once the first was read."""
    if job.status in ("completed", "failed"):
        return 1.0
    return round(job.pages_done / job.page_count, 4) if job.page_count else 0.0


def _view(job: Job | Row[Any]) -> JobView:
    return JobView.model_validate(
        {
            "job_id": job.id,
            "status": job.status,
            "progress": _progress(job),
            "attempts": job.attempts,
            "origin": job.origin,
            "device_id": job.device_id,
            "batch_id": job.batch_id,
            "document_type": job.document_type,
            "sha256": job.sha256,
            "page_count": job.page_count,
            "created_at": job.created_at,
            "started_at": job.started_at,
            "finished_at": job.finished_at,
            "synced_at": job.recorded_at if job.origin == "desktop" else None,
            "updated_at": job.updated_at,
        }
    )
