"""What the services answer with, for the window and the command line alike."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from desktop.errors import ServerError
from shared.audit import ChainFault
from shared.wire.v1.lease import Terms
from shared.wire.v1.policy import ServerSees


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
class Entitlement:
    """What the organization may use, as the server said last; it counts without a network until `until`.

    Pages are those of the period that ends at `period_end`; `included_pages` is None where there is no bound."""

    tier: str
    included_pages: int | None
    used_pages: int
    period_end: datetime
    until: datetime


def entitlement_of(terms: Terms) -> Entitlement:
    """What the terms of a lease say to people."""
    return Entitlement(terms.tier, terms.included_pages, terms.used_pages, terms.period_end, terms.until)


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of documents by state; `unsynced` are those with an outcome that the server does not hold yet.

    `last_sync` is when a round last ended well; `server` is None when the device is not connected; `sync_error` is a
    sentence for people when the last round did not end well.

    What was fetched from the server: what it calls this device, how many templates of the organization are here, and
    what the organization may use. None of what it has not said.
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
    device_name: str | None
    organization_templates: int
    entitlement: Entitlement | None
    server_sees: ServerSees
    revoked: str | None
    """A sentence where the organization revoked this device, so that nobody works in the store."""
    reading_paused: str | None
    """A sentence where nothing new is read, for what the organization may use."""
    restored: str | None
    """A sentence where the store was restored from a backup, and syncs as a device of its own since."""
    conflicts: int
    """On how many values people contradict each other."""


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """How a sync round went: operations `sent` and still `waiting`, changes `fetched`, and why not all of them.

    `error` is None when nothing is left to do.

    `fault` is the error behind `error`, for who must tell one from another. `note` is a sentence for people where the
    store, restored from a backup, syncs as a device of its own from this round on."""

    sent: int
    waiting: int
    fetched: int
    error: str | None
    fault: ServerError | None = None
    note: str | None = None


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
