"""Moments that clients write."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator


def _in_utc(value: datetime) -> datetime:
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("lies outside the years 1 to 9999 in UTC") from error


GivenMoment = Annotated[datetime, AfterValidator(_in_utc)]
"""Aware and in UTC, whatever zone it was written in; without one it counts as UTC."""
