"""One claimed document: read in a reading process, its pages kept as they come, its outcome recorded at the end."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from desktop.errors import StoreDamaged
from desktop.events import PageRead
from desktop.vault import blobs, documents
from desktop.vault.connection import Vault
from desktop.vault.documents import Claim, DocumentState
from desktop.vault.outcomes import record_outcome
from shared.documents import Reading, ReadingFault, failed_reading
from shared.reading.worker import PageDone, ReadingProcess

MAX_STRIKES = 3
# What a reading process says of a document that broke it; anything else is the document's own fault.
_BREAKS_THE_READER = frozenset({"reader_crashed", "reader_timed_out", "reader_out_of_memory"})


class Interrupted(Exception):
    """The work is being stopped; the document waits to be read again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a worker reads with, and where it says how far it is."""

    vault: Vault
    reader: ReadingProcess
    publish: Callable[[PageRead], None]
    stopping: threading.Event


def read_document(desk: Desk, claim: Claim) -> DocumentState:
    """The document is done, failed, quarantined at its third strike, or waits for another try.

    Raises Interrupted when the work was stopped meanwhile."""
    reading = _read(desk, claim)
    if desk.stopping.is_set():
        raise Interrupted
    return conclude(desk.vault, claim, reading)


def conclude(vault: Vault, claim: Claim, reading: Reading) -> DocumentState:
    """The outcome of one try is recorded: a reader that broke gets two more."""
    if not (reading.error and reading.error.code in _BREAKS_THE_READER):
        with vault.act() as connection:
            return record_outcome(vault, connection, claim.id, reading)
    if claim.strikes < MAX_STRIKES:
        with vault.act() as connection:
            documents.release(connection, claim.id)
        return DocumentState.WAITING
    message = f"{reading.error.message} It was tried {claim.strikes} times and is set aside."
    return quarantine(vault, claim, ReadingFault(reading.error.code, message))


def quarantine(vault: Vault, claim: Claim, fault: ReadingFault) -> DocumentState:
    """The document is set aside until a person has it tried again."""
    reading = failed_reading(claim.file_name, claim.sha256, fault.code, fault.message)
    with vault.act() as connection:
        return record_outcome(vault, connection, claim.id, reading, DocumentState.QUARANTINED)


def recover(vault: Vault) -> tuple[UUID, ...]:
    """What a crash left half read waits again, or is set aside when that happened too often.

    Only for the one process that works in the data directory."""
    with vault.read() as connection:
        left = documents.processing(connection)
    for claim in left:
        if claim.strikes < MAX_STRIKES:
            with vault.act() as connection:
                documents.release(connection, claim.id)
        else:
            message = (
                f"{claim.file_name}: The program ended {claim.strikes} times while reading it. Try it again alone."
            )
            quarantine(vault, claim, ReadingFault("reader_crashed", message))
    return tuple(claim.id for claim in left)


def _read(desk: Desk, claim: Claim) -> Reading:
    vault = desk.vault
    with vault.act() as connection:
        stale = blobs.detach(connection, claim.id, "page")
        original = blobs.find(connection, claim.id, "original")
    vault.blobs.remove(stale)
    if original is None:
        message = f"{claim.file_name}: Its original is not in the store. Scan or send the document again."
        return failed_reading(claim.file_name, claim.sha256, "original_missing", message)
    try:
        payload = vault.blobs.read(original)
    except StoreDamaged as damage:
        return failed_reading(claim.file_name, claim.sha256, damage.code, f"{claim.file_name}: {damage.message}")
    return desk.reader.read(payload, claim.file_name, claim.template, lambda page: _keep_page(desk, claim, page))


def _keep_page(desk: Desk, claim: Claim, page: PageDone) -> None:
    if desk.stopping.is_set():
        raise Interrupted
    blob = desk.vault.blobs.write(claim.id, "page", page.number, page.media_type, page.image)
    with desk.vault.act() as connection:
        blobs.attach(connection, blob)
        documents.note_page(connection, claim.id, page.number, page.page_count)
    desk.publish(PageRead(claim.id, page.number, page.page_count))
