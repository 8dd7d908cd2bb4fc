"""Who corrected or approved a document, by the names they go by: what searches are narrowed by."""

from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from desktop.vault.people import name_key
from desktop.vault.schema import reviewers


def note(connection: Connection, document_id: UUID, name: str) -> None:
    """Somebody called `name` reviewed the document; where nobody is known by name ("") nothing is noted."""
    if key := name_key(name):
        row = insert(reviewers).values(document_id=str(document_id), name_key=key)
        connection.execute(row.on_conflict_do_nothing())


def everybody(connection: Connection) -> tuple[str, ...]:
    """Everybody who reviewed any document, as names are compared (`name_key`)."""
    found = select(reviewers.c.name_key).distinct().order_by(reviewers.c.name_key)
    return tuple(connection.execute(found).scalars())


def of_document(connection: Connection, document_id: UUID) -> tuple[str, ...]:
    """Everybody who did, as names are compared (`name_key`)."""
    found = select(reviewers.c.name_key).where(reviewers.c.document_id == str(document_id))
    return tuple(connection.execute(found.order_by(reviewers.c.name_key)).scalars())
