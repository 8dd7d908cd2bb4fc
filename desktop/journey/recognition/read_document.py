"""One claimed document: read in a reading process, its pages kept as they come, its outcome recorded at the end."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from desktop.errors import CancelRefused, StoreDamaged
from desktop.events import PageRead
from desktop.vault import audit_log, blobs, documents
from desktop.vault.connection import Vault
from desktop.vault.documents import FINAL_STATES, Claim, DocumentState
from desktop.vault.outcomes import record_outcome
from shared.documents import Reading, ReadingFault, failed_reading
from shared.reading.worker import PageDone, ReadingCancelled, ReadingProcess

MAX_STRIKES = 3
# What a reading process says of a document that broke it; anything else is the document's own fault.
_BREAKS_THE_READER = frozenset({"reader_crashed", "reader_timed_out", "reader_out_of_memory"})


class Interrupted(Exception):
    """The work is being stopped, or the document was cancelled; what this try found is not wanted any more."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a worker reads one document with, where it says how far it is, and what tells it to leave off."""

    vault: Vault
    reader: ReadingProcess
    publish: Callable[[PageRead], None]
    unwanted: threading.Event


def read_document(desk: Desk, claim: Claim) -> DocumentState:
    """The document is done, failed, quarantined at its third strike, or waits for another try.

    Raises Interrupted, with nothing recorded, when the claim was given up or taken away meanwhile."""
    try:
        reading = _read(desk, claim)
    except ReadingCancelled as cancelled:
        raise Interrupted from cancelled
    if desk.unwanted.is_set():
        raise Interrupted
    return conclude(desk.vault, claim, reading)


def conclude(vault: Vault, claim: Claim, reading: Reading) -> DocumentState:
    """The outcome of one try is recorded: a reader that broke gets two more. Raises Interrupted."""
    if not (reading.error and reading.error.code in _BREAKS_THE_READER):
        with vault.act() as connection:
            _check_held(connection, claim)
            return record_outcome(vault, connection, claim.id, reading)
    if claim.strikes < MAX_STRIKES:
        with vault.act() as connection:
            documents.release(connection, claim)
        return DocumentState.WAITING
    message = f"{reading.error.message} It was tried {claim.strikes} times and is set aside."
    return quarantine(vault, claim, ReadingFault(reading.error.code, message))


def quarantine(vault: Vault, claim: Claim, fault: ReadingFault) -> DocumentState:
    """The document is set aside until a person has it tried again. Raises Interrupted."""
    reading = failed_reading(claim.file_name, claim.sha256, fault.code, fault.message)
    with vault.act() as connection:
        _check_held(connection, claim)
        return record_outcome(vault, connection, claim.id, reading, DocumentState.QUARANTINED)


def cancel(vault: Vault, document_id: UUID, actor: str = audit_log.OPERATOR) -> None:
    """The document that waits or is being read has failed, by a person's wish, and can be tried again.

    Whoever reads it finds the claim gone. Raises DocumentUnknown, CancelRefused."""
    with vault.act() as connection:
        document = documents.get(connection, document_id)
        if document.state in FINAL_STATES:
            raise CancelRefused(f"This document is {document.state}: there is nothing to cancel.")
        act = audit_log.Act(actor, "document.cancelled", str(document_id))
        audit_log.record(connection, vault.chain, act)
        message = f"{document.file_name}: Reading it was cancelled. Try it again to have it read."
        reading = failed_reading(document.file_name, document.sha256, "cancelled", message)
        record_outcome(vault, connection, document_id, reading)


def recover(vault: Vault) -> tuple[UUID, ...]:
    """What a crash left half read waits again, or is set aside when that happened too often.

    Only for the one process that works in the data directory."""
    with vault.read() as connection:
        left = documents.processing(connection)
    for claim in left:
        if claim.strikes < MAX_STRIKES:
            with vault.act() as connection:
                documents.release(connection, claim)
        else:
            message = (
                f"{claim.file_name}: The program ended {claim.strikes} times while reading it. Try it again alone."
            )
            quarantine(vault, claim, ReadingFault("reader_crashed", message))
    return tuple(claim.id for claim in left)


def _read(desk: Desk, claim: Claim) -> Reading:
    vault = desk.vault
    with vault.act() as connection:
        _check_held(connection, claim)
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
    return desk.reader.read(
        payload, claim.file_name, claim.template, lambda page: _keep_page(desk, claim, page), desk.unwanted
    )


def _keep_page(desk: Desk, claim: Claim, page: PageDone) -> None:
    if desk.unwanted.is_set():
        raise Interrupted
    blob = desk.vault.blobs.write(claim.id, "page", page.number, page.media_type, page.image)
    with ExitStack() as undo, desk.vault.act() as connection:
        undo.callback(desk.vault.blobs.remove, [blob])
        _check_held(connection, claim)
        blobs.attach(connection, blob)
        documents.note_page(connection, claim.id, page.number, page.page_count)
        undo.pop_all()
    desk.publish(PageRead(claim.id, page.number, page.page_count))


def _check_held(connection: Connection, claim: Claim) -> None:
    if not documents.holds(connection, claim):
        raise Interrupted
