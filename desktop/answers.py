"""What the services answer with, for the window and the command line alike."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from desktop.errors import ServerError
from shared.audit import ChainFault


@dataclass(frozen=True, slots=True)
class AddedFile:
    """What became of one file that a person added. The original stays where it is.

    `message` is a sentence for people when it was not accepted. A refused file has a document only where its bytes
    could be read (an empty or oversized one).
    """

    path: Path
    document_id: UUID | None
    outcome: Literal["accepted", "duplicate", "refused"]
    message: str


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of documents by state; `unsynced` are those with an outcome that the server does not hold yet.

    `last_sync` is when a round last ended well; `server` is None when the device is not connected; `sync_error` is a
    sentence for people when the last round did not end well.
    """

    waiting: int
    processing: int
    done: int
    failed: int
    quarantined: int
    unsynced: int
    last_sync: datetime | None
    server: str | None
    sync_error: str | None


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """How a sync round went: operations `sent`, operations still `waiting`, and why (None: nothing is left to do).

    `fault` is the error behind `error`, for who must tell one from another."""

    sent: int
    waiting: int
    error: str | None
    fault: ServerError | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """The server that this device is enrolled with."""

    url: str
    organization_name: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The chain's length, and its first fault (None: every entry is whole, in order and signed).

    `countersigned_through` is the last entry that a server has countersigned, None where none has."""

    entries: int
    fault: ChainFault | None
    countersigned_through: int | None = None
