"""The full-text index (FTS5) over what was read: a row a page, written in the transaction that stores the reading.

It lies in the encrypted database like everything else. Deleting from it leaves no word behind (`secure-delete`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, text

from desktop.vault import reviewers
from desktop.vault.schema import documents, pages, readings
from desktop.vault.words import words
from shared.clock import from_rfc3339
from shared.documents import Reading
from shared.wire.v1.readings import reading_from_json

_INSERT = text(
    "INSERT INTO page_index (rowid, text, found, file_name, filed, shown) "
    "VALUES (:id, :text, :found, :file_name, :filed, :shown)"
)
_DELETE = text("DELETE FROM page_index WHERE rowid = :id")


@dataclass(frozen=True, slots=True)
class Filing:
    """What a search may be narrowed by, as it is known when a document is indexed."""

    state: str
    document_type: str
    received_at: datetime


def index(connection: Connection, document_id: UUID, filing: Filing, reading: Reading) -> None:
    """The document is found by its name and by what stands on its pages; what was indexed of it before is gone."""
    remove(connection, document_id)
    filed = " ".join((*filed_under(filing), *map(reviewer_word, reviewers.of_document(connection, document_id))))
    name = " ".join(words(reading.file_name))
    for number, shown, found in _rows(reading):
        row = insert(pages).values(document_id=str(document_id), number=number).returning(pages.c.id)
        page_id = connection.execute(row).scalar_one()
        columns = {"id": page_id, "text": " ".join(words(shown)), "found": found, "file_name": name}
        connection.execute(_INSERT, columns | {"filed": filed, "shown": shown})


def remove(connection: Connection, document_id: UUID) -> None:
    """No search finds the document."""
    of_document = pages.c.document_id == str(document_id)
    ids = connection.execute(select(pages.c.id).where(of_document)).scalars().all()
    if ids:
        connection.execute(_DELETE, [{"id": page_id} for page_id in ids])
        connection.execute(delete(pages).where(of_document))


def index_missing(connection: Connection) -> int:
    """Documents that an earlier version stored are found too; how many there were."""
    missing = select(documents, readings.c.body).select_from(documents.outerjoin(readings))
    rows = connection.execute(missing.where(documents.c.id.not_in(select(pages.c.document_id)))).all()
    for row in rows:
        reading = reading_from_json(row.body) if row.body else Reading(row.file_name, row.sha256, 0)
        filing = Filing(row.state, row.document_type, from_rfc3339(row.received_at))
        index(connection, UUID(row.id), filing, reading)
    return len(rows)


def filed_under(filing: Filing) -> Iterator[str]:
    """Words of ours that narrow a search inside the index, so that it need not look at every match."""
    yield state_word(filing.state)
    yield type_word(filing.document_type)
    yield month_word(filing.received_at.year, filing.received_at.month)


def state_word(state: str) -> str:
    return f"s{state}"


def type_word(document_type: str) -> str:
    """Names that differ in punctuation alone share a word; the search looks at the document itself besides."""
    return "t" + "".join(words(document_type))


def reviewer_word(name_key: str) -> str:
    """As with kinds, names that differ in punctuation alone share a word."""
    return "r" + "".join(words(name_key))


def month_word(year: int, month: int) -> str:
    return f"m{year:04}{month:02}"


def _rows(reading: Reading) -> Iterator[tuple[int, str, str]]:
    """A page's number, its text and its fields' values; a document without pages has one row, numbered 0."""
    if not reading.pages:
        yield 0, "", ""
    for page in reading.pages:
        values = [str(found.value) for found in reading.values() if found.page == page.number]
        yield page.number, "\n".join(line.text for line in page.lines), " ".join(words(" ".join(values)))
