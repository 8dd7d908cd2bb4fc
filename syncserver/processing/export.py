"""A finished job as a file of a form that other programs take; all of it as `shared.export` writes it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shared.crypto.aead import SealBroken
from shared.documents.corrections import without_empty_rows
from shared.export import Document, ExportError, Format, one_file
from syncserver.documents import service as documents
from syncserver.documents import submitted
from syncserver.events.transaction import Act, Transaction
from syncserver.kit.storage import ObjectMissing, Storage
from syncserver.processing import originals, repository
from syncserver.processing.drawing import Drawer
from syncserver.processing.errors import NotExportable, OriginalGone
from syncserver.processing.service import Caller


@dataclass(frozen=True, slots=True)
class Counter:
    """What documents are handed out from: where originals lie, and what draws their pages."""

    storage: Storage
    drawer: Drawer


def take_out(transaction: Transaction, caller: Caller, job_id: UUID, form: Format, counter: Counter) -> Document:
    """What was read of the job, which leaves the server as this form.

    Raises NotFound, NotExportable; for a PDF, which takes the original, JobOfDesktop and OriginalGone besides."""
    session, job = transaction.session, (caller.organization_id, job_id)
    found = documents.reading_of(session, caller.key, *job)
    if found.read_at is None or found.reading.error:
        raise NotExportable("The job did not complete: there is nothing to export.")
    is_held = job in repository.with_original(session, [job])
    if form is Format.PDF and not is_held:
        submitted.status(session, *job)  # says when it is a desktop's
        raise OriginalGone("The original was deleted when its time was over.")
    details: dict[str, str | int | bool] = {"format": form.value}
    transaction.record(Act(caller.organization_id, caller.actor, "document.exported", str(job_id), details))
    document = Document(job_id, without_empty_rows(found.reading), found.received_at, found.read_at)
    if not is_held:
        return document

    def original() -> bytes:
        return _original(counter.storage, caller, job_id)

    return replace(document, original=original, picture=counter.drawer.pictures(original, found.reading))


def written(document: Document, form: Format, at: datetime) -> bytes:
    """The document as one file. Raises NotExportable, OriginalGone, StorageUnavailable."""
    try:
        return one_file(form, document, at)
    except ExportError as error:
        raise NotExportable(error.message) from error


def _original(storage: Storage, caller: Caller, job_id: UUID) -> bytes:
    try:
        return b"".join(originals.opened(storage, caller.key, caller.organization_id, job_id))
    except ObjectMissing as error:  # its time was over at this moment
        raise OriginalGone("The original was deleted when its time was over.") from error
    except SealBroken as error:
        raise NotExportable("The original was changed where it is stored. Export csv, xlsx or json.") from error
