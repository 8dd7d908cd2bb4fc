"""Deleting for good: a document's keys and words are destroyed, and that it was deleted stays in the audit chain.

What is left on a disk (sealed files in its spare sectors, in copies, in backups taken since) opens with no key of the
store any more; a backup holds what it held.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, select, update

from desktop.errors import DeleteRefused, DocumentUnknown
from desktop.vault import audit_log, blobs, corrections, documents, feed, outbox, search_index
from desktop.vault.blobs import Blob
from desktop.vault.connection import Vault
from desktop.vault.documents import FINAL_STATES
from desktop.vault.schema import arrivals, metadata
from desktop.vault.schema import documents as documents_table
from shared.clock import to_rfc3339


def delete_document(vault: Vault, document_id: UUID, actor: str, action: str = "document.deleted") -> None:
    """Nothing in the store tells of the document but its audit entries.

    Raises DocumentUnknown, DeleteRefused (a legal hold; its file still lies in a watched folder)."""
    with vault.act() as connection:
        _refuse(connection, document_id)
        gone = _erase(connection, document_id)
        audit_log.record(connection, vault.chain, audit_log.Act(actor, action, str(document_id)))
    vault.blobs.remove(gone)
    vault.fold_log()


def hold(vault: Vault, document_id: UUID, actor: str, *, held: bool) -> None:
    """The document cannot be deleted while it is `held`. Raises DocumentUnknown."""
    with vault.act() as connection:
        if documents.get(connection, document_id).legal_hold == held:
            return
        row = documents_table.c.id == str(document_id)
        connection.execute(update(documents_table).where(row).values(legal_hold=int(held)))
        action = "document.held" if held else "document.released"
        audit_log.record(connection, vault.chain, audit_log.Act(actor, action, str(document_id)))


def delete_expired(vault: Vault, years: int) -> Iterator[UUID]:
    """What came in more than `years` years ago is deleted, one by one; not what is held or has no outcome."""
    with vault.read() as connection:
        expired = _came_before(connection, _years_before(vault.clock(), years))
    for document_id in expired:
        try:
            delete_document(vault, document_id, audit_log.DEVICE, "document.expired")
        except (DocumentUnknown, DeleteRefused):  # somebody was quicker, or its file has no place yet
            continue
        yield document_id


def _refuse(connection: Connection, document_id: UUID) -> None:
    document = documents.get(connection, document_id)
    if document.legal_hold:
        raise DeleteRefused(f"{document.file_name} is under a legal hold. Nothing was deleted; release the hold first.")
    lying = select(arrivals.c.id).where(arrivals.c.document_id == str(document_id), arrivals.c.settled_at.is_(None))
    if connection.execute(lying).first():
        raise DeleteRefused(
            f"{document.file_name} still lies in a watched folder. Nothing was deleted; try again once it has its "
            "place, or cancel it first."
        )


def _erase(connection: Connection, document_id: UUID) -> tuple[Blob, ...]:
    """No row is the document's, in whichever table; its sealed files, whose keys went with their rows."""
    name = str(document_id)
    if corrections.of_document(connection, document_id):  # they come again, should the document do so
        feed.pass_by(connection, documents.get(connection, document_id).sha256, 1)
    gone = blobs.detach(connection, document_id)
    search_index.remove(connection, document_id)
    for table in reversed(metadata.sorted_tables):
        for key in table.foreign_keys:
            if key.column is documents_table.c.id:
                connection.execute(delete(table).where(key.parent == name))
    connection.execute(delete(documents_table).where(documents_table.c.id == name))
    outbox.forget(connection, document_id)
    return gone


def _came_before(connection: Connection, moment: datetime) -> tuple[UUID, ...]:
    expired = select(documents_table.c.id).where(
        documents_table.c.received_at < to_rfc3339(moment),
        documents_table.c.legal_hold == 0,
        documents_table.c.state.in_(FINAL_STATES),
    )
    return tuple(UUID(name) for name in connection.execute(expired).scalars())


def _years_before(moment: datetime, years: int) -> datetime:
    day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
    return moment.replace(year=moment.year - years, day=day)
