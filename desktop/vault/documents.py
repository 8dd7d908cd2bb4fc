"""Documents: what was taken in, how far it is, and what was read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from desktop.errors import DocumentUnknown
from desktop.vault import feed, search_index
from desktop.vault.schema import documents, readings, server_link, verdicts
from desktop.vault.search_index import Filing
from desktop.vault.verdicts import Decision
from shared.clock import from_rfc3339, to_rfc3339
from shared.documents import Reading, ReadingFault
from shared.documents.reading import UNKNOWN
from shared.wire.v1.readings import reading_from_json, reading_to_json

_NEVER = 2**62  # a sequence that no server has accepted
_SUMMARIES = select(documents, verdicts.c.verdict, verdicts.c.reason).select_from(documents.outerjoin(verdicts))


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
    the fields that were found (0..1), None where there are none; `to_review` is how many values a person has to look
    at; `synced` says that the server holds all of it; `legal_hold` that it is not deleted, however old it is; `unit` is
    the organization unit of the folder it came through. `decision` is how a person decided on it, None while nobody
    has, and `reason` why it was rejected.
    """

    id: UUID
    file_name: str
    state: DocumentState
    document_type: str
    page_count: int
    pages_done: int
    confidence: float | None
    to_review: int
    received_at: datetime
    finished_at: datetime | None
    error: ReadingFault | None
    synced: bool
    sha256: str
    template: str
    legal_hold: bool
    unit: str = ""
    decision: Decision | None = None
    reason: str = ""

    @property
    def is_to_review(self) -> bool:
        """Whether a person has something left to decide: values to look at, and nobody rejected all of it."""
        return self.to_review > 0 and self.decision is not Decision.REJECTED


@dataclass(frozen=True, slots=True)
class PageImage:
    """The picture of one page as it was read: `data` is a file of `media_type` (image/png, image/jpeg)."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A file that was just taken in; `size` is bytes, `template` a template's name or "auto".

    `urgent` says that a person waits for it; a scan that was dropped by a machine is not."""

    id: UUID
    sha256: str
    file_name: str
    size: int
    template: str
    urgent: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A document that somebody reads now. `strikes` counts the tries that began since it last waited afresh.

    Together with `attempts`, its outcomes so far, they tell this claim from any later one of the same document."""

    id: UUID
    file_name: str
    sha256: str
    template: str
    strikes: int
    attempts: int
    urgent: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many documents are in each state; `unsynced` are those in a final state that the server does not hold."""

    waiting: int
    processing: int
    done: int
    failed: int
    quarantined: int
    unsynced: int


def add(connection: Connection, new: NewDocument, at: datetime) -> None:
    """The document is there and waits to be read."""
    moment = to_rfc3339(at)
    connection.execute(
        insert(documents).values(
            id=str(new.id),
            sha256=new.sha256,
            file_name=new.file_name,
            size=new.size,
            template=new.template,
            state=DocumentState.WAITING,
            document_type=UNKNOWN,
            page_count=0,
            pages_done=0,
            strikes=0,
            attempts=0,
            received_at=moment,
            queued_at=moment,
            urgent=int(new.urgent),
            to_review=0,
            legal_hold=0,
            unit=new.unit,
        )
    )
    filing = Filing(DocumentState.WAITING, UNKNOWN, at)
    search_index.index(connection, new.id, filing, Reading(new.file_name, new.sha256, 0))
    feed.go_back_for(connection, new.sha256)


def wait_again(
    connection: Connection, document_id: UUID, at: datetime, template: str | None = None, *, urgent: bool = False
) -> None:
    """The document waits at the end of the queue, as if it were new; `template` replaces the one it had."""
    values: dict[str, str | int | None] = {
        "state": DocumentState.WAITING,
        "queued_at": to_rfc3339(at),
        "urgent": int(urgent),
        "strikes": 0,
        "page_count": 0,
        "pages_done": 0,
        "finished_at": None,
        "error_code": None,
        "error_message": None,
    }
    if template is not None:
        values["template"] = template
    connection.execute(update(documents).where(documents.c.id == str(document_id)).values(**values))


def hasten(connection: Connection, document_id: UUID) -> None:
    """A person waits for the document: if it waits, it does so before those that came by themselves."""
    waiting = (documents.c.id == str(document_id)) & (documents.c.state == DocumentState.WAITING)
    connection.execute(update(documents).where(waiting).values(urgent=1))


def claim(connection: Connection, *, oldest: bool = False) -> Claim | None:
    """The document that waits longest is being read from now on, with one strike more; None when none waits.

    Urgent ones come first, unless the `oldest` of all is asked for."""
    waiting = select(documents).where(documents.c.state == DocumentState.WAITING)
    order = (documents.c.queued_at, documents.c.id)
    first = waiting.order_by(*order if oldest else (documents.c.urgent.desc(), *order)).limit(1)
    row = connection.execute(first).one_or_none()
    if row is None:
        return None
    begun = update(documents).where(documents.c.id == row.id)
    connection.execute(begun.values(state=DocumentState.PROCESSING, strikes=row.strikes + 1, pages_done=0))
    return _claim(row, row.strikes + 1)


def holds(connection: Connection, claim: Claim) -> bool:
    """Whether the document is still being read under this claim: nobody cancelled it, nobody else reads it."""
    return connection.execute(select(documents.c.id).where(*_under(claim))).first() is not None


def release(connection: Connection, claim: Claim, *, forgive: bool = False) -> None:
    """What was being read under this claim waits again, in its old place; `forgive` takes the strike back."""
    freed = {"state": DocumentState.WAITING, "pages_done": 0, "strikes": claim.strikes - int(forgive)}
    connection.execute(update(documents).where(*_under(claim)).values(**freed))


def processing(connection: Connection) -> tuple[Claim, ...]:
    """What is being read, or was when somebody pulled the plug."""
    found = connection.execute(select(documents).where(documents.c.state == DocumentState.PROCESSING))
    return tuple(_claim(row, row.strikes) for row in found)


def note_page(connection: Connection, document_id: UUID, pages_done: int, page_count: int) -> None:
    """`pages_done` of `page_count` pages were read."""
    connection.execute(
        update(documents).where(documents.c.id == str(document_id)).values(pages_done=pages_done, page_count=page_count)
    )


def finish(connection: Connection, document_id: UUID, state: DocumentState, reading: Reading, at: datetime) -> int:
    """The document is in the final `state` with what was read; which attempt this was, counted from 1."""
    row = documents.c.id == str(document_id)
    error = reading.error
    connection.execute(
        update(documents)
        .where(row)
        .values(
            state=state,
            document_type=reading.document_type,
            page_count=reading.page_count,
            pages_done=len(reading.pages),
            confidence=mean_confidence(reading),
            to_review=reading.to_review,
            attempts=documents.c.attempts + 1,
            finished_at=to_rfc3339(at),
            error_code=error.code if error else None,
            error_message=error.message if error else None,
        )
    )
    connection.execute(delete(readings).where(readings.c.document_id == str(document_id)))
    connection.execute(insert(readings).values(document_id=str(document_id), body=reading_to_json(reading).decode()))
    kept = connection.execute(select(documents.c.attempts, documents.c.received_at).where(row)).one()
    filing = Filing(state, reading.document_type, from_rfc3339(kept.received_at))
    search_index.index(connection, document_id, filing, reading)
    return int(kept.attempts)


def note_sequence(connection: Connection, document_id: UUID, sequence: int) -> None:
    """The server holds all of the document once it accepted operations through `sequence`."""
    connection.execute(update(documents).where(documents.c.id == str(document_id)).values(last_sequence=sequence))


def note_review(connection: Connection, document_id: UUID, to_review: int) -> None:
    """So many values of the document are left for a person to look at."""
    connection.execute(update(documents).where(documents.c.id == str(document_id)).values(to_review=to_review))


def listing(connection: Connection) -> tuple[DocumentSummary, ...]:
    """Every document, newest first."""
    newest_first = _SUMMARIES.order_by(documents.c.received_at.desc(), documents.c.id.desc())
    accepted = _accepted_through(connection)
    return tuple(_summary(row, accepted) for row in connection.execute(newest_first))


def get(connection: Connection, document_id: UUID) -> DocumentSummary:
    """Raises DocumentUnknown."""
    row = connection.execute(_SUMMARIES.where(documents.c.id == str(document_id))).one_or_none()
    if row is None:
        raise DocumentUnknown(f"There is no document {document_id}.")
    return _summary(row, _accepted_through(connection))


def some(connection: Connection, document_ids: Collection[UUID]) -> dict[UUID, DocumentSummary]:
    """Those of the documents that there are."""
    named = _SUMMARIES.where(documents.c.id.in_([str(document_id) for document_id in document_ids]))
    accepted = _accepted_through(connection)
    return {UUID(row.id): _summary(row, accepted) for row in connection.execute(named)}


def find_by_content(connection: Connection, sha256: str) -> DocumentSummary | None:
    """The document whose original has this SHA-256."""
    row = connection.execute(_SUMMARIES.where(documents.c.sha256 == sha256)).one_or_none()
    return _summary(row, _accepted_through(connection)) if row else None


def reading(connection: Connection, document_id: UUID) -> Reading:
    """What was read, before anybody said otherwise; an empty reading before that. Raises DocumentUnknown."""
    summary = get(connection, document_id)
    body = connection.execute(select(readings.c.body).where(readings.c.document_id == str(document_id))).scalar()
    if body is None:
        return Reading(summary.file_name, summary.sha256, summary.page_count)
    return reading_from_json(body)


def count(connection: Connection) -> int:
    """How many documents there are."""
    return connection.execute(select(func.count()).select_from(documents)).scalar_one()


def unsynced_pages(connection: Connection) -> int:
    """The pages of documents that were read and that the server does not hold yet."""
    return connection.execute(select(func.sum(documents.c.page_count)).where(*_unsynced(connection))).scalar() or 0


def _unsynced(connection: Connection) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        documents.c.state.in_(FINAL_STATES),
        func.coalesce(documents.c.last_sequence, _NEVER) > _accepted_through(connection),
    )


def counts(connection: Connection) -> Counts:
    """How many documents are where."""
    grouped = connection.execute(select(documents.c.state, func.count()).group_by(documents.c.state))
    by_state: dict[str, int] = dict(grouped.all())
    unsynced = select(func.count()).where(*_unsynced(connection))
    return Counts(
        **{state.value: by_state.get(state.value, 0) for state in DocumentState},
        unsynced=connection.execute(unsynced).scalar_one(),
    )


def mean_confidence(reading: Reading) -> float | None:
    """The mean over the fields that were found, 0..1; None where there are none."""
    found = [cell.confidence for cell in reading.fields.values() if cell is not None]
    return sum(found) / len(found) if found else None


def _accepted_through(connection: Connection) -> int:
    return connection.execute(select(server_link.c.accepted_through)).scalar() or 0


def _claim(row: Row[Any], strikes: int) -> Claim:
    return Claim(UUID(row.id), row.file_name, row.sha256, row.template, strikes, row.attempts, urgent=bool(row.urgent))


def _under(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        documents.c.id == str(claim.id),
        documents.c.state == DocumentState.PROCESSING,
        documents.c.strikes == claim.strikes,
        documents.c.attempts == claim.attempts,
    )


def _summary(row: Row[Any], accepted_through: int) -> DocumentSummary:
    state = DocumentState(row.state)
    return DocumentSummary(
        id=UUID(row.id),
        file_name=row.file_name,
        state=state,
        document_type=row.document_type,
        page_count=row.page_count,
        pages_done=row.pages_done,
        confidence=row.confidence,
        to_review=row.to_review,
        received_at=from_rfc3339(row.received_at),
        finished_at=from_rfc3339(row.finished_at) if row.finished_at else None,
        error=ReadingFault(row.error_code, row.error_message or "") if row.error_code else None,
        synced=state in FINAL_STATES and row.last_sequence is not None and row.last_sequence <= accepted_through,
        sha256=row.sha256,
        template=row.template,
        legal_hold=bool(row.legal_hold),
        unit=row.unit,
        decision=Decision(row.verdict) if row.verdict else None,
        reason=row.reason or "",
    )
