"""Corrections of the documents held here: never changed; what is shown, and what is open, follows from all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from desktop.vault import documents, reviewers, search_index
from desktop.vault.documents import DocumentSummary
from desktop.vault.schema import conflicts, corrections
from desktop.vault.schema import documents as documents_table
from desktop.vault.search_index import Filing
from shared.clock import from_rfc3339, to_rfc3339
from shared.documents import Reading
from shared.documents.corrections import Correction, Place, Standing, applies, corrected, place_of, standings
from shared.wire.v1.corrections import CorrectionMade, correction_of, made


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place of a document where people who knew nothing of each other said otherwise."""

    document: DocumentSummary
    place: Place
    standing: Standing


def add(connection: Connection, document_id: UUID, correction: Correction, sequence: int | None = None) -> bool:
    """The correction is kept, with the last that the server said of when it took it and from whom; whether it is new.

    `sequence` is its place in the outbox, None of one that was made elsewhere. `refresh` is due then."""
    known = corrections.c.id == str(correction.id)
    moment = to_rfc3339(correction.received_at) if correction.received_at else None
    if connection.execute(select(corrections.c.id).where(known)).first():
        told = {"received_at": moment, "device_id": str(correction.device_id)}  # its device may have another id by then
        connection.execute(update(corrections).where(known).values(**told))
        return False
    connection.execute(
        insert(corrections).values(
            id=str(correction.id),
            document_id=str(document_id),
            device_id=str(correction.device_id),
            said=made(correction).model_dump_json(),
            received_at=moment,
            sequence=sequence,
        )
    )
    reviewers.note(connection, document_id, correction.person)
    return True


def of_document(connection: Connection, document_id: UUID) -> tuple[Correction, ...]:
    """Every correction of the document."""
    rows = connection.execute(select(corrections).where(corrections.c.document_id == str(document_id)))
    return tuple(map(_correction, rows))


def current(connection: Connection, document_id: UUID) -> Reading:
    """What was read, with what people said of it since. Raises DocumentUnknown."""
    return corrected(documents.reading(connection, document_id), of_document(connection, document_id))


def refresh(connection: Connection, document_id: UUID) -> None:
    """What is open, how much there is to review and what searches find is as the corrections and the reading say."""
    every = of_document(connection, document_id)
    if not every and not reviewers.of_document(connection, document_id):
        return
    found = documents.reading(connection, document_id)
    open_ones = {place: one for place, one in standings(every).items() if one.others and applies(found, place, one)}
    _note_conflicts(connection, document_id, open_ones)
    shown = corrected(found, every)
    unseen = sum(one.current.value is None for one in open_ones.values())  # has no cell that could ask for review
    documents.note_review(connection, document_id, shown.to_review + unseen)
    document = documents.get(connection, document_id)
    filing = Filing(document.state, document.document_type, document.received_at)
    search_index.index(connection, document_id, filing, shown)


def open_conflicts(connection: Connection) -> Iterator[Conflict]:
    """Every conflict, of the newest document first."""
    newest = conflicts.join(documents_table, documents_table.c.id == conflicts.c.document_id)
    order = (documents_table.c.received_at.desc(), documents_table.c.id, conflicts.c.path)
    rows = connection.execute(select(conflicts.c.document_id, conflicts.c.path).select_from(newest).order_by(*order))
    for row in rows.all():
        document_id, place = UUID(row.document_id), place_of(row.path)
        standing = standings(of_document(connection, document_id))[place]
        yield Conflict(documents.get(connection, document_id), place, standing)


def conflict_count(connection: Connection) -> int:
    """How many conflicts are open."""
    return connection.execute(select(func.count()).select_from(conflicts)).scalar_one()


def _note_conflicts(connection: Connection, document_id: UUID, open_ones: dict[Place, Standing]) -> None:
    connection.execute(delete(conflicts).where(conflicts.c.document_id == str(document_id)))
    if open_ones:
        rows = [{"document_id": str(document_id), "path": str(place)} for place in open_ones]
        connection.execute(insert(conflicts), rows)


def _correction(row: Row[Any]) -> Correction:
    said = CorrectionMade.model_validate_json(row.said)
    received_at = from_rfc3339(row.received_at) if row.received_at else None
    return correction_of(UUID(row.id), said, UUID(row.device_id), received_at)
