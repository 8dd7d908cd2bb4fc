"""From the core's events, on any thread, to Qt signals on the window's thread."""

from threading import Lock
from uuid import UUID

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop.events import ArrivalSettled, DocumentChanged, Event, EventBus, PageRead, SyncFinished, WatchTrouble

GATHER_MS = 50
"""Events of this many milliseconds are shown at once: twenty repaints a second look live, and a flood costs no more."""


class Bridge(QObject):
    """Gathers events and hands them on in one turn of the event loop, so that a flood cannot starve the window."""

    documents_changed = Signal(object)
    """frozenset[UUID]: documents whose state, result or sync mark is new."""
    pages_read = Signal(object)
    """dict[UUID, PageRead]: the latest page read of each document."""
    arrival_settled = Signal(object)
    sync_finished = Signal(object)
    watch_trouble = Signal(object)
    _woken = Signal()

    def __init__(self, events: EventBus, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = Lock()
        self._gathered: list[Event] = []
        self._timer = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._timer.timeout.connect(self._hand_on)
        self._woken.connect(self._timer.start, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = events.subscribe(self._gather)

    def close(self) -> None:
        """No event reaches the window any more."""
        self._unsubscribe()
        self._timer.stop()

    def _gather(self, event: Event) -> None:
        """Called on the publisher's thread."""
        with self._lock:
            self._gathered.append(event)
            first = len(self._gathered) == 1
        if first:
            self._woken.emit()

    @Slot()
    def _hand_on(self) -> None:
        with self._lock:
            events, self._gathered = self._gathered, []
        pages = {event.document_id: event for event in events if isinstance(event, PageRead)}
        changed: frozenset[UUID] = frozenset(e.document_id for e in events if isinstance(e, DocumentChanged))
        if pages:
            self.pages_read.emit(pages)
        if changed:
            self.documents_changed.emit(changed)
        for event in events:
            self._hand_on_single(event)

    def _hand_on_single(self, event: Event) -> None:
        match event:
            case ArrivalSettled():
                self.arrival_settled.emit(event)
            case SyncFinished():
                self.sync_finished.emit(event)
            case WatchTrouble():
                self.watch_trouble.emit(event)
            case _:
                pass
