"""How people turned pages that were read lying or upside down. What was read of them stays as it is."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from desktop.vault.schema import page_turns


def of_document(connection: Connection, document_id: UUID) -> Mapping[int, int]:
    """By how many degrees, clockwise, each page (from 1) is turned; upright ones are left out."""
    found = select(page_turns.c.page, page_turns.c.degrees).where(page_turns.c.document_id == str(document_id))
    return {row.page: row.degrees for row in connection.execute(found) if row.degrees}


def turn(connection: Connection, document_id: UUID, page: int, by: int) -> int:
    """The page is turned `by` degrees more, clockwise; how it is turned then."""
    degrees = (of_document(connection, document_id).get(page, 0) + by) % 360
    row = insert(page_turns).values(document_id=str(document_id), page=page, degrees=degrees)
    changed = {"degrees": degrees}
    connection.execute(row.on_conflict_do_update(index_elements=["document_id", "page"], set_=changed))
    return degrees


def forget(connection: Connection, document_id: UUID) -> None:
    """No page is turned: its pictures are others by now."""
    connection.execute(delete(page_turns).where(page_turns.c.document_id == str(document_id)))
