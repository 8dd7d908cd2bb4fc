"""A blocking call run beside the window, its outcome handed back on the window's own thread."""

from collections.abc import Callable
from typing import Generic, TypeVar

import structlog
from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

Outcome = TypeVar("Outcome")
_log = structlog.get_logger(__name__)


def _ignore(_: object) -> None:
    """For calls whose outcome nobody waits for."""


class Operation(QObject, Generic[Outcome]):
    """One call on the thread pool. The owner's death silences it: nothing is handed to a closed screen."""

    _finished = Signal(object)
    _failed = Signal(object)

    def __init__(
        self,
        owner: QObject,
        work: Callable[[], Outcome],
        done: Callable[[Outcome], None] = _ignore,
        failed: Callable[[Exception], None] = _ignore,
    ) -> None:
        super().__init__(owner)
        self._work, self._done, self._on_failure = work, done, failed
        # Queued by name: the worker's thread only posts, the owner's thread acts.
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._failed.connect(self._deliver_failure, Qt.ConnectionType.QueuedConnection)

    def start(self, pool: QThreadPool | None = None) -> None:
        """The call is on its way; `done` or `failed` follows exactly once, on the window's thread."""
        (pool or QThreadPool.globalInstance()).start(_Run(self))

    def run(self) -> None:
        """The call is made, here and now, in the thread of the pool."""
        try:
            outcome = self._work()
        except Exception as error:
            self._post(self._failed, error)
        else:
            self._post(self._finished, outcome)

    def _post(self, signal: object, value: object) -> None:
        try:
            signal.emit(value)  # type: ignore[attr-defined]
        except RuntimeError:
            _log.debug("operation_outlived_its_screen")

    @Slot(object)
    def _deliver(self, outcome: Outcome) -> None:
        self.deleteLater()
        self._done(outcome)

    @Slot(object)
    def _deliver_failure(self, error: Exception) -> None:
        _log.warning("operation_failed", error=type(error).__name__)
        self.deleteLater()
        self._on_failure(error)


class _Run(QRunnable):
    """What the pool takes: it keeps its operation alive until the call returned."""

    def __init__(self, operation: Operation[Outcome]) -> None:
        super().__init__()
        self._operation = operation

    def run(self) -> None:
        self._operation.run()


def run_beside(
    owner: QObject,
    work: Callable[[], Outcome],
    done: Callable[[Outcome], None] = _ignore,
    failed: Callable[[Exception], None] = _ignore,
) -> None:
    """`work` runs on the thread pool; its outcome or fault comes back on the window's thread, while `owner` lives."""
    Operation(owner, work, done, failed).start()
