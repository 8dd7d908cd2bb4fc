"""A blocking call run beside the window, its outcome handed back on the window's own thread."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import lru_cache
from queue import SimpleQueue
from typing import TypeVar

import structlog
from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

Outcome = TypeVar("Outcome")
_log = structlog.get_logger(__name__)

_THREADS = 4  # a look at the store, a page's picture, a file being added, a sync round: none waits for the others


def _ignore(_: object) -> None:
    """For calls whose outcome nobody waits for."""


def run_beside(
    owner: QObject,
    work: Callable[[], Outcome],
    done: Callable[[Outcome], None] = _ignore,
    failed: Callable[[Exception], None] = _ignore,
) -> None:
    """`work` runs on another thread; its outcome or fault comes back on the window's thread, while `owner` lives."""
    office = _office()

    def call() -> None:
        try:
            outcome = work()
        except Exception as error:  # the edge of the thread: every fault becomes a sentence on screen
            _log.warning("operation_failed", error_type=type(error).__name__)
            office.hand_back(owner, lambda error=error: failed(error))  # type: ignore[misc]
        else:
            office.hand_back(owner, lambda: done(outcome))

    office.take(call)


def finish_operations() -> None:
    """No call is under way any more. Outcomes that were not handed back by now still may be, by the event loop."""
    _office().finish()


def forget_operations() -> None:
    """What `finish_operations` left is of no use any more: the application ends, and another one may begin."""
    finish_operations()
    _office.cache_clear()


class _Office(QObject):
    """Lives as long as the application, on the window's thread.

    No QObject is made, held last or deleted on a worker's thread: Qt forbids it, and pays with broken memory.
    """

    _came_back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="window")
        # The calls too: what they refer to must not be let go of by a worker's thread.
        self._under_way: dict[Future[None], Callable[[], None]] = {}
        self._answers: SimpleQueue[tuple[QObject, Callable[[], None]]] = SimpleQueue()
        self._came_back.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def take(self, call: Callable[[], None]) -> None:
        """`call` is made as soon as a thread is free."""
        self._under_way = {future: kept for future, kept in self._under_way.items() if not future.done()}
        self._under_way[self._threads.submit(call)] = call

    def hand_back(self, owner: QObject, answer: Callable[[], None]) -> None:
        """Called on a worker's thread: `answer` follows on the window's, if `owner` still lives then."""
        self._answers.put((owner, answer))
        self._came_back.emit()

    def finish(self) -> None:
        """Every call that was taken has ended."""
        wait(self._under_way)

    @Slot()
    def _deliver(self) -> None:
        owner, answer = self._answers.get()
        if isValid(owner):
            answer()


@lru_cache(maxsize=1)
def _office() -> _Office:
    return _Office()
