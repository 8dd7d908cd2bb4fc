"""Time as an argument: pass a `Clock` in, so that tests decide what time it is."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)


def to_rfc3339(moment: datetime) -> str:
    """`moment` in UTC with microseconds and a final Z (RFC 3339): sorts as text in order of time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_rfc3339(text: str) -> datetime:
    """The aware moment that `to_rfc3339` wrote. Raises ValueError on anything else."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError as error:  # in its own zone within the calendar, in UTC before year 1 or after 9999
        raise ValueError(text) from error


Steady = Callable[[], float]
"""Seconds that only grow, whatever is done to the clock on the wall."""


def steady_clock() -> float:
    """Seconds since the machine was started, its sleep included: the same for every process, of no use after a restart.

    Where the system does not count its sleep for us (macOS), sleep is left out."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
