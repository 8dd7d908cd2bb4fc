"""What somebody is about to say of a document: kept as they work, so that neither a crash nor a break loses it."""

from uuid import UUID

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from desktop.vault.schema import drafts


def keep(connection: Connection, document_id: UUID, actor: str, body: str) -> None:
    """This is what `actor` has so far; what they had before is not kept."""
    row = insert(drafts).values(document_id=str(document_id), actor=actor, body=body)
    connection.execute(row.on_conflict_do_update(index_elements=["document_id", "actor"], set_={"body": body}))


def find(connection: Connection, document_id: UUID, actor: str) -> str | None:
    """What `actor` has so far, None where they have begun nothing."""
    found = select(drafts.c.body).where(drafts.c.document_id == str(document_id), drafts.c.actor == actor)
    return connection.execute(found).scalar()


def forget(connection: Connection, document_id: UUID, actor: str) -> None:
    """`actor` has begun nothing."""
    mine = (drafts.c.document_id == str(document_id)) & (drafts.c.actor == actor)
    connection.execute(delete(drafts).where(mine))
