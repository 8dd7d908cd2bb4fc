"""Time as an argument: pass a `Clock` in, so that tests decide what time it is."""

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
