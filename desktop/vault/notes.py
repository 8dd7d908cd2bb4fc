"""What people noted beside a document, for each other. It stays on this device, in the encrypted store."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select

from desktop.vault.schema import notes
from shared.clock import from_rfc3339, to_rfc3339


@dataclass(frozen=True, slots=True)
class Note:
    """What `person` (empty where nobody has a name) wrote and when."""

    id: UUID
    words: str
    person: str
    written_at: datetime


def add(connection: Connection, document_id: UUID, note: Note) -> None:
    """The note stands beside the document."""
    connection.execute(
        insert(notes).values(
            id=str(note.id),
            document_id=str(document_id),
            words=note.words,
            person=note.person,
            written_at=to_rfc3339(note.written_at),
        )
    )


def of_document(connection: Connection, document_id: UUID) -> tuple[Note, ...]:
    """Every note, the oldest first."""
    found = select(notes).where(notes.c.document_id == str(document_id)).order_by(notes.c.written_at, notes.c.id)
    return tuple(
        Note(UUID(row.id), row.words, row.person, from_rfc3339(row.written_at)) for row in connection.execute(found)
    )
