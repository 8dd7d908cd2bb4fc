"""Rounds in the background: soon after something new, less and less often while the server is away."""

import random
import threading
from collections.abc import Callable

from desktop.errors import ServerError, ServerUnreachable
from desktop.journey.sync.push import Courier, Round
from desktop.vault.log import log_fault

_FIRST_SECONDS = 2.0
_LONGEST_SECONDS = 300.0
_LONGEST_ASKED_SECONDS = 3600.0  # what a server may ask for; a wrong header must not silence a device for days
_GATHER_SECONDS = 0.3  # what happens at once travels together


def back_off(
    failures: int, retry_after: float = 0.0, uniform: Callable[[float, float], float] = random.uniform
) -> float:
    """Seconds until the next try after `failures` in a row: chance alone, up to a bound that doubles to five minutes,
    so that a clinic's desktops do not all come back in the same second. Never sooner than the server asked for."""
    longest = min(_LONGEST_SECONDS, _FIRST_SECONDS * 2.0 ** min(10, max(0, failures - 1)))
    return min(retry_after, _LONGEST_ASKED_SECONDS) + uniform(0.0, longest)


class BackgroundSync:
    """Takes rounds from `start` to `stop`, while this device has a server; `finished` hears of each."""

    def __init__(
        self, courier: Courier, is_due: Callable[[], bool], every_seconds: float, finished: Callable[[Round], None]
    ) -> None:
        self._courier = courier
        self._is_due = is_due
        self._every_seconds = every_seconds
        self._finished = finished
        self._stopping = threading.Event()
        self._news = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        """What waits is sent, and what comes is sent soon."""
        self._thread.start()

    def wake(self) -> None:
        """Something new stands in the outbox."""
        self._news.set()

    def stop(self, patience_seconds: float) -> None:
        """No further round begins; one that is under way may end on its own, which harms nothing."""
        self._stopping.set()
        self._news.set()
        self._thread.join(patience_seconds)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._news.clear()
            fault = self._one_round()
            if fault is None:
                failures = 0
                self._news.wait(self._every_seconds)
                self._stopping.wait(_GATHER_SECONDS)
            else:  # news does not shorten a wait for a server that is away
                failures += 1
                self._stopping.wait(self._pause(failures, fault))

    def _pause(self, failures: int, fault: ServerError) -> float:
        seconds = back_off(failures, fault.retry_after if isinstance(fault, ServerUnreachable) else 0.0)
        try:
            self._courier.note_next_try(seconds)
        except Exception as error:  # the edge of the loop, as below
            log_fault("next_try_not_noted", error)
        return seconds

    def _one_round(self) -> ServerError | None:
        try:
            if not self._is_due():
                return None
            done = self._courier.round()
        except Exception as error:  # the edge of the loop: sync must go on when the store was busy once
            log_fault("sync_round_failed", error)
            return ServerUnreachable("The round could not be taken.")
        self._finished(done)
        return done.fault
