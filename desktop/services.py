"""The composition root: what the window and the command line stand on. No Qt."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from desktop.events import EventBus
from desktop.settings import Settings
from desktop.vault.documents import DocumentSummary, PageImage
from shared.audit import ChainFault
from shared.documents import Reading


@dataclass(frozen=True, slots=True)
class AddedFile:
    """What became of one file that a person added. The original stays where it is.

    `message` is a sentence for people when it was not accepted. A refused file has a document only where its bytes
    could be identified (an empty or oversized one).
    """

    path: Path
    document_id: UUID | None
    outcome: Literal["accepted", "duplicate", "refused"]
    message: str


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of documents by state; `unsynced` are those read that the server does not hold yet.

    `last_sync` is when a round last ended well; `server` is None when the device is not connected.
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
    """How a sync round went: operations `sent`, operations still `waiting`, and why (None: all is well)."""

    sent: int
    waiting: int
    error: str | None


@dataclass(frozen=True, slots=True)
class Connection:
    """The server that this device is enrolled with."""

    url: str
    organization_name: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The chain's length, and its first fault (None: every entry is whole, in order and signed)."""

    entries: int
    fault: ChainFault | None


class Workspace:
    """An open store and the work around it. Every method may be called from any thread; none needs the network
    but `connect` and `sync_now`."""

    events: EventBus
    settings: Settings

    def documents(self) -> tuple[DocumentSummary, ...]:
        """Every document, newest first."""
        ...

    def document(self, document_id: UUID) -> DocumentSummary:
        """Raises DocumentUnknown."""
        ...

    def reading(self, document_id: UUID) -> Reading:
        """What was read; before that an empty reading. Raises DocumentUnknown."""
        ...

    def page_image(self, document_id: UUID, number: int) -> PageImage:
        """The picture of page `number` (from 1), also while later pages are still being read.

        Raises DocumentUnknown, PageUnknown."""
        ...

    def add_files(self, paths: Iterable[Path], template: str = "auto") -> tuple[AddedFile, ...]:
        """Every file is in the encrypted store and waits, or its answer says why not. Originals stay."""
        ...

    def retry(self, document_id: UUID) -> None:
        """The failed or quarantined document waits to be read again. Raises DocumentUnknown, RetryRefused."""
        ...

    def status(self) -> Status: ...

    def start(self, watch: Path | None) -> None:
        """Recognition, sync and (with `watch`) the watched folder run in the background until `stop`.

        Raises StoreBusy when another process works in the data directory, WatchRefused for an unusable folder.
        Called again with another folder, that one is watched instead."""
        ...

    def stop(self) -> None:
        """No background work runs; what was being read waits to be read again."""
        ...

    def sync_now(self) -> SyncOutcome:
        """One round; never raises for a server that is down or refuses: `error` says so."""
        ...

    def connect(
        self, url: str, code: str | None = None, email: str | None = None, password: str | None = None
    ) -> Connection:
        """This device is enrolled with the server at `url`, by code or by signing in.

        Raises ServerUnreachable, ServerRefused."""
        ...

    def connection(self) -> Connection | None:
        """The server that this device is enrolled with."""
        ...

    def disconnect(self) -> None:
        """The server is forgotten; nothing is lost. Raises NotConnected."""
        ...

    def verify_audit(self) -> AuditReport:
        """The whole chain was checked."""
        ...

    def close(self) -> None:
        """Background work is stopped and the store is closed."""
        ...


def open_workspace(settings: Settings, ask_passphrase: Callable[[], str | None]) -> Workspace:
    """The store in `settings.data_dir` is open; it is made when there is none.

    `ask_passphrase` is called at most once, and only when the store's key is under a passphrase (or a new store has no
    keyring to use) and CHARTDROP_PASSPHRASE is not set; None means that nobody answered.
    Raises StoreLocked (a wrong or missing passphrase; nothing was touched), StoreDamaged, StoreTooNew."""
    raise NotImplementedError


def store_state(settings: Settings) -> Literal["absent", "keyring", "passphrase"]:
    """How the store in `settings.data_dir` is locked, so that a caller knows whether, and what, to ask."""
    raise NotImplementedError
