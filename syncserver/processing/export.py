"""A finished job as a file of a form that other programs take; all of it as `shared.export` writes it."""

import io
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from shared.crypto.aead import SealBroken
from shared.export import Document, ExportError, Format, layout_of, open_writer
from syncserver.documents import service as documents
from syncserver.events.transaction import Act, Transaction
from syncserver.kit.storage import ObjectMissing, Storage
from syncserver.processing import originals, repository
from syncserver.processing.errors import NotExportable
from syncserver.processing.service import Caller

OFFERED = tuple(form for form in Format if form is not Format.PDF)
"""What the server writes: it holds no pictures of pages, which a PDF is made of."""


def take_out(transaction: Transaction, caller: Caller, job_id: UUID, form: Format, storage: Storage) -> Document:
    """What was read of the job, which leaves the server as this form. Raises NotFound, NotExportable."""
    found = documents.reading_of(transaction.session, caller.key, caller.organization_id, job_id)
    if found.read_at is None or found.reading.error:
        raise NotExportable("The job did not complete: there is nothing to export.")
    details: dict[str, str | int | bool] = {"format": form.value}
    transaction.record(Act(caller.organization_id, caller.actor, "document.exported", str(job_id), details))
    document = Document(job_id, found.reading, found.received_at, found.read_at)
    job = caller.organization_id, job_id
    if job not in repository.with_original(transaction.session, [job]):
        return document
    return replace(document, original=lambda: _original(storage, caller, job_id))


def written(document: Document, form: Format, at: datetime) -> bytes:
    """The document as one file. Raises NotExportable, StorageUnavailable."""
    target = io.BytesIO()
    writer = open_writer(form, target, layout_of([document.reading]), at)
    try:
        writer.add(document)
    except ExportError as error:
        raise NotExportable(error.message) from error
    writer.close()
    return target.getvalue()


def _original(storage: Storage, caller: Caller, job_id: UUID) -> bytes | None:
    try:
        return b"".join(originals.opened(storage, caller.key, caller.organization_id, job_id))
    except ObjectMissing:  # its time was over at this moment
        return None
    except SealBroken as error:
        raise NotExportable("The original was changed where it is stored. Export csv, xlsx or json.") from error
