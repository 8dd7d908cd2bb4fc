"""Files that arrived in a watched folder, until each has its place: what makes a crash between commit and move heal."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, insert, select, update

from desktop.vault.documents import FINAL_STATES, DocumentState
from desktop.vault.schema import arrivals, documents
from shared.clock import to_rfc3339
from shared.documents import ReadingFault

ArrivalKind = Literal["accepted", "duplicate", "refused"]


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file as it lay at `path`, below the watched `folder`: `size` in bytes, `modified_ns` since 1970."""

    folder: Path
    path: Path
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file as it was seen at `path`, below the watched `folder`.

    `size` is bytes, `modified_ns` nanoseconds since 1970; `sha256` is None for what was never opened (a link, a pipe).
    `message` says why it was refused. `destination` is where it is about to be moved, once that is decided.
    """

    id: UUID
    folder: Path
    path: Path
    size: int
    modified_ns: int
    sha256: str | None
    document_id: UUID | None
    outcome: ArrivalKind
    message: str
    destination: Path | None = None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An arrival without its place, and how far its document is (None where it has none)."""

    arrival: Arrival
    state: DocumentState | None
    error: ReadingFault | None


def note(connection: Connection, arrival: Arrival, at: datetime) -> None:
    """The arrival is remembered until it is settled."""
    connection.execute(
        insert(arrivals).values(
            id=str(arrival.id),
            folder=os.fsencode(arrival.folder),
            path=os.fsencode(arrival.path),
            size=arrival.size,
            modified_ns=arrival.modified_ns,
            sha256=arrival.sha256,
            document_id=str(arrival.document_id) if arrival.document_id else None,
            outcome=arrival.outcome,
            message=arrival.message,
            seen_at=to_rfc3339(at),
            kept=0,
        )
    )


def unsettled(connection: Connection, folder: Path) -> tuple[Unsettled, ...]:
    """What still lies where it was dropped in `folder`, in order of arrival."""
    return _unsettled(connection, folder)


def ready(connection: Connection, folder: Path) -> tuple[Unsettled, ...]:
    """What lies in `folder` though its outcome is known, in order of arrival."""
    known = documents.c.state.is_(None) | documents.c.state.in_(FINAL_STATES) | (arrivals.c.outcome != "accepted")
    return _unsettled(connection, folder, known)


def unsettled_at(connection: Connection, folder: Path, path: Path) -> tuple[Unsettled, ...]:
    """The file at `path`, when it has no place yet."""
    return _unsettled(connection, folder, arrivals.c.path == os.fsencode(path))


def unsettled_of(connection: Connection, folder: Path, document_id: UUID) -> tuple[Unsettled, ...]:
    """The files in `folder` that are this document and have no place yet."""
    return _unsettled(connection, folder, arrivals.c.document_id == str(document_id))


def kept(connection: Connection, folder: Path) -> dict[Path, tuple[int, int]]:
    """Size and time of each file that was settled and stayed where it was dropped in `folder`."""
    stayed = (arrivals.c.folder == os.fsencode(folder)) & (arrivals.c.kept == 1)
    columns = select(arrivals.c.path, arrivals.c.size, arrivals.c.modified_ns)
    found = connection.execute(columns.where(stayed).order_by(arrivals.c.seen_at, arrivals.c.id))
    return {_path(row.path): (row.size, row.modified_ns) for row in found}


def _unsettled(connection: Connection, folder: Path, *also: ColumnElement[bool]) -> tuple[Unsettled, ...]:
    joined = arrivals.outerjoin(documents, arrivals.c.document_id == documents.c.id)
    found = connection.execute(
        select(arrivals, documents.c.state, documents.c.error_code, documents.c.error_message)
        .select_from(joined)
        .where(arrivals.c.folder == os.fsencode(folder), arrivals.c.settled_at.is_(None), *also)
        .order_by(arrivals.c.seen_at, arrivals.c.id)
    )
    return tuple(
        Unsettled(
            Arrival(
                UUID(row.id),
                _path(row.folder),
                _path(row.path),
                row.size,
                row.modified_ns,
                row.sha256,
                UUID(row.document_id) if row.document_id else None,
                row.outcome,
                row.message,
                _path(row.destination) if row.destination else None,
            ),
            DocumentState(row.state) if row.state else None,
            ReadingFault(row.error_code, row.error_message or "") if row.error_code else None,
        )
        for row in found
    )


def see_again(connection: Connection, arrival_id: UUID, size: int, modified_ns: int) -> None:
    """The same file has another time or size on record (a share came back, a clock was set)."""
    connection.execute(
        update(arrivals).where(arrivals.c.id == str(arrival_id)).values(size=size, modified_ns=modified_ns)
    )


def set_destination(connection: Connection, arrival_id: UUID, destination: Path) -> None:
    """The file is about to be moved to `destination`."""
    connection.execute(
        update(arrivals).where(arrivals.c.id == str(arrival_id)).values(destination=os.fsencode(destination))
    )


def settle(connection: Connection, arrival_id: UUID, at: datetime, *, kept: bool = False) -> None:
    """The file has its place, or was `kept` where it lies; the arrival is history."""
    done = {"settled_at": to_rfc3339(at), "kept": int(kept)}
    connection.execute(update(arrivals).where(arrivals.c.id == str(arrival_id)).values(**done))


def _path(stored: bytes) -> Path:
    return Path(os.fsdecode(stored))
