"""Taking a file in: validated, known by its content, sealed, and written down as the first act of its audit trail."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection

from desktop.vault import arrivals, audit_log, blobs, documents
from desktop.vault.arrivals import Arrival, SeenFile
from desktop.vault.connection import Vault
from desktop.vault.documents import DocumentState, DocumentSummary, NewDocument
from desktop.vault.outcomes import record_outcome
from shared.audit.entry import Detail
from shared.documents import ReadingFault, failed_reading
from shared.ids import new_id
from shared.reading.errors import FileEmpty, FileTooLarge
from shared.reading.settings import MEGABYTE

ORIGINAL_MEDIA_TYPE = "application/octet-stream"  # what it is in truth, reading finds out from the content
TRIED_AGAIN = frozenset({DocumentState.FAILED, DocumentState.QUARANTINED})


@dataclass(frozen=True, slots=True)
class Incoming:
    """A whole file. `payload` is None when it has more than the `limit` (both in bytes); its hash is known even so.

    `seen` says where in a watched folder it lies, None when a person handed it in; `unit` is the organization unit
    that the folder stands for."""

    file_name: str
    sha256: str
    size: int
    payload: bytes | None
    template: str
    limit: int
    seen: SeenFile | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a file: `message` is a sentence for people, empty when it waits to be read."""

    document_id: UUID
    outcome: Literal["accepted", "duplicate", "refused"]
    message: str


def accept(vault: Vault, incoming: Incoming, actor: str = audit_log.DEVICE) -> Accepted:
    """The file is a waiting document, or is known already, or was refused with a failed document to show for it.

    A document that failed is tried again when its content comes again. All of it in one transaction."""
    with vault.read() as connection:
        known = documents.find_by_content(connection, incoming.sha256)
    intake = _Intake(vault, incoming, actor, known.id if known else new_id(vault.clock))
    # The file is sealed before the transaction, so that no lock is held while a disk writes 50 MB.
    original = intake.seal_original() if known is None or known.state in TRIED_AGAIN else None
    attached = False
    with vault.act() as connection:
        accepted = intake.decide(connection)
        if original and accepted.document_id == original.document_id:
            attached = _attach_once(connection, original)
        intake.note_arrival(connection, accepted)
    if original and not attached:
        vault.blobs.remove([original])
    return accepted


@dataclass(frozen=True, slots=True)
class _Intake:
    """One file on its way in. `document_id` is that of the document with its content, or of a new one."""

    vault: Vault
    incoming: Incoming
    actor: str
    document_id: UUID

    def seal_original(self) -> blobs.Blob | None:
        payload = self.incoming.payload
        return (
            self.vault.blobs.write(self.document_id, "original", 0, ORIGINAL_MEDIA_TYPE, payload) if payload else None
        )

    def decide(self, connection: Connection) -> Accepted:
        """Looks again, now that no other can write: the same content may have come in at the same moment."""
        known = documents.find_by_content(connection, self.incoming.sha256)
        if known and (known.id != self.document_id or known.state not in TRIED_AGAIN):
            return self._duplicate(connection, known)
        if fault := fault_of(self.incoming):
            return self._refuse(connection, known, fault)
        return self._take(connection, known)

    def note_arrival(self, connection: Connection, accepted: Accepted) -> None:
        seen, now = self.incoming.seen, self.vault.clock()
        if seen is None:
            return
        arrival = Arrival(
            id=new_id(lambda: now),
            folder=seen.folder,
            path=seen.path,
            size=seen.size,
            modified_ns=seen.modified_ns,
            sha256=self.incoming.sha256,
            document_id=accepted.document_id,
            outcome=accepted.outcome,
            message=accepted.message,
        )
        arrivals.note(connection, arrival, now)

    def _take(self, connection: Connection, known: DocumentSummary | None) -> Accepted:
        if known:
            documents.wait_again(
                connection, known.id, self.vault.clock(), self.incoming.template, urgent=self._is_urgent()
            )
            self._record(connection, "document.queued_again")
        else:
            self._add(connection)
        return Accepted(self.document_id, "accepted", "")

    def _duplicate(self, connection: Connection, known: DocumentSummary) -> Accepted:
        act = audit_log.Act(self.actor, "document.duplicate", str(known.id))
        audit_log.record(connection, self.vault.chain, act)
        return duplicate_of(known)

    def _refuse(self, connection: Connection, known: DocumentSummary | None, fault: ReadingFault) -> Accepted:
        if known:
            self._record(connection, "document.refused", {"error": fault.code})
        else:
            self._add(connection)
            reading = failed_reading(self.incoming.file_name, self.incoming.sha256, fault.code, fault.message)
            record_outcome(self.vault, connection, self.document_id, reading)
        return Accepted(self.document_id, "refused", fault.message)

    def _add(self, connection: Connection) -> None:
        file = self.incoming
        new = NewDocument(
            self.document_id, file.sha256, file.file_name, file.size, file.template, self._is_urgent(), file.unit
        )
        documents.add(connection, new, self.vault.clock())
        self._record(connection, "document.received", {"size": file.size})

    def _is_urgent(self) -> bool:
        """Whether a person handed it in."""
        return self.incoming.seen is None

    def _record(self, connection: Connection, action: str, details: dict[str, Detail] | None = None) -> None:
        act = audit_log.Act(self.actor, action, str(self.document_id), details or {})
        audit_log.record(connection, self.vault.chain, act)


def _attach_once(connection: Connection, original: blobs.Blob) -> bool:
    if blobs.find(connection, original.document_id, "original"):
        return False
    blobs.attach(connection, original)
    return True


def duplicate_of(known: DocumentSummary) -> Accepted:
    """The content is that of the `known` document, which is named to people and to programs."""
    message = f"The same document was already taken in as {known.file_name} (document {known.id})."
    return Accepted(known.id, "duplicate", message)


def fault_of(incoming: Incoming) -> ReadingFault | None:
    """Why the file is refused unread; None when it can be tried."""
    if incoming.size == 0:
        message = "The file is empty. Scan or send the document again."
        return ReadingFault(FileEmpty.code, f"{incoming.file_name}: {message}")
    if incoming.payload is None:
        message = (
            f"The file has {incoming.size / MEGABYTE:.0f} MB; the limit is {incoming.limit // MEGABYTE} MB. "
            "Scan it at a lower resolution or in parts."
        )
        return ReadingFault(FileTooLarge.code, f"{incoming.file_name}: {message}")
    return None
