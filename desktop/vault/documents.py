"""Documents: what was taken in, how far it is, and what was read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.documents import ReadingFault


class DocumentState(StrEnum):
    """How far a document is. `QUARANTINED`: reading it broke the reader three times; it waits for a person."""

    WAITING = "waiting"
    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"


FINAL_STATES = frozenset({DocumentState.DONE, DocumentState.FAILED, DocumentState.QUARANTINED})


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """One line of a list of documents.

    `document_type` is "unknown" until it was read; `page_count` is 0 until it is known; `confidence` is the mean over
    the fields that were found (0..1), None where there are none; `synced` says that the server holds all of it.
    """

    id: UUID
    file_name: str
    state: DocumentState
    document_type: str
    page_count: int
    pages_done: int
    confidence: float | None
    received_at: datetime
    finished_at: datetime | None
    error: ReadingFault | None
    synced: bool
    sha256: str
    template: str


@dataclass(frozen=True, slots=True)
class PageImage:
    """The picture of one page as it was read: `data` is a file of `media_type` (image/png, image/jpeg)."""

    data: bytes
    media_type: str
