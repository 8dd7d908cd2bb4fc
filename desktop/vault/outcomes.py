"""The end of a reading, whoever read: the document's state, its audit entry and its outbox rows, together."""

from uuid import UUID

from sqlalchemy import Connection

from desktop.vault import audit_log, corrections, documents, outbox, page_turns, verdicts
from desktop.vault.connection import Vault
from desktop.vault.documents import DocumentState, DocumentSummary
from shared.audit.entry import Detail
from shared.documents import Reading
from shared.wire.v1.sync import DocumentRead, UsageCounted


def record_outcome(
    vault: Vault, connection: Connection, document_id: UUID, reading: Reading, state: DocumentState | None = None
) -> DocumentState:
    """The document is done, or failed where the reading has an error (or in `state`), in the caller's transaction."""
    state = state or (DocumentState.FAILED if reading.error else DocumentState.DONE)
    now = vault.clock()
    attempt = documents.finish(connection, document_id, state, reading, now)
    corrections.refresh(connection, document_id)
    verdicts.withdraw(connection, document_id)  # who decided saw another reading
    page_turns.forget(connection, document_id)
    details: dict[str, Detail] = {"attempt": attempt, "pages": reading.page_count}
    if reading.error:
        details["error"] = reading.error.code
    act = audit_log.Act(audit_log.DEVICE, f"document.{state}", str(document_id), details)
    audit_log.record(connection, vault.chain, act)
    sequence = _tell_server(vault, connection, documents.get(connection, document_id), reading, attempt)
    documents.note_sequence(connection, document_id, sequence)
    return state


def _tell_server(
    vault: Vault, connection: Connection, document: DocumentSummary, reading: Reading, attempt: int
) -> int:
    now, completed = vault.clock(), document.state is DocumentState.DONE
    if completed:
        usage = UsageCounted(document_id=document.id, attempt=attempt, pages=reading.page_count)
        outbox.append(connection, usage, now, document.id)
    read = DocumentRead(
        document_id=document.id,
        sha256=document.sha256,
        status="completed" if completed else "failed",
        received_at=document.received_at,
        finished_at=document.finished_at or now,
        reading=reading,
    )
    return outbox.append(connection, read, now, document.id)
