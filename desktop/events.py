"""What happens while work goes on: plain values, published from any thread to whoever listens. No Qt."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import structlog

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DocumentChanged:
    """A document is new or its state is another; ask the workspace for what it is now."""

    document_id: UUID


@dataclass(frozen=True, slots=True)
class PageRead:
    """Page `number` (from 1) of `page_count` was read and its image is stored."""

    document_id: UUID
    number: int
    page_count: int


ArrivalOutcome = Literal["processed", "failed", "duplicate"]


@dataclass(frozen=True, slots=True)
class ArrivalSettled:
    """A file of the watched folder found its place: `Processed/`, `Failed/` or `Duplicates/`.

    `detail` is a sentence for people (why it failed; empty when it was read). `document_id` is None when the file
    never became a document (a link, a pipe). `moved_to` is where it lies now, None when it was gone already.
    """

    file_name: str
    outcome: ArrivalOutcome
    detail: str
    document_id: UUID | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class SyncFinished:
    """A sync round ended: `sent` operations are safe on the server, `waiting` still stand in the outbox.

    `error` is a sentence for people, `code` its stable code; None when the round went well. `note` is a sentence where
    the store, restored from a backup, syncs as a device of its own from this round on.
    """

    sent: int
    waiting: int
    error: str | None
    code: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class WatchTrouble:
    """The watched folder, or a file in it, cannot be dealt with now; it is tried again. `message` is for people."""

    folder: str
    message: str


Event = DocumentChanged | PageRead | ArrivalSettled | SyncFinished | WatchTrouble
Listener = Callable[[Event], None]


class EventBus:
    """Hands every event to every listener, in the publisher's thread. A listener that fails stops nothing."""

    def __init__(self) -> None:
        self._listeners: dict[int, Listener] = {}
        self._next = 0
        self._lock = threading.Lock()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """`listener` hears every event from now on, until the function that is returned was called."""
        with self._lock:
            self._next += 1
            ticket = self._next
            self._listeners[ticket] = listener
        return lambda: self._forget(ticket)

    def publish(self, event: Event) -> None:
        """Every listener has heard `event`."""
        with self._lock:
            listeners = tuple(self._listeners.values())
        for listener in listeners:
            try:
                listener(event)
            except Exception as error:  # a faulty window must not stop the work it watches
                _log.error("listener_failed", event_type=type(event).__name__, error_type=type(error).__name__)

    def _forget(self, ticket: int) -> None:
        with self._lock:
            self._listeners.pop(ticket, None)
