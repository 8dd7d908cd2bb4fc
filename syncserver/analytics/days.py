"""A day of counts: so many counters for each quarter of an hour (UTC), in an array of fixed length.

Every zone's days begin at a quarter of an hour, so that any day of any zone is a sum of quarters. The array is as long
on a day with one document as on one with a million: what a sum over days costs does not depend on what happened then.
"""

import sys
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

QUARTERS = 96
_QUARTER = timedelta(minutes=15)
_COUNTER = "I"  # 32 bits: four thousand million in a quarter of an hour
_MOST = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of an hour: the `place`-th (from 0) of a day in UTC."""

    day: date
    place: int


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A day by some zone's clocks: 23 or 25 hours where they are changed. It ends just before `end` (UTC)."""

    day: date
    start: datetime
    end: datetime


def quarter_of(moment: datetime) -> Quarter:
    """The quarter that holds `moment`."""
    at = moment.astimezone(UTC)
    return Quarter(at.date(), at.hour * 4 + at.minute // 15)


def local_days(now: datetime, days: int, zone: ZoneInfo) -> list[LocalDay]:
    """The last `days` days by the zone's clocks, the one of `now` the last."""
    today = now.astimezone(zone).date()
    starts = [_midnight(today - timedelta(days=back), zone) for back in range(days - 1, -2, -1)]
    return [
        LocalDay(today - timedelta(days=days - 1 - place), start, starts[place + 1])
        for place, start in enumerate(starts[:-1])
    ]


def parts(day: LocalDay) -> Iterator[tuple[date, int, int]]:
    """The day in UTC: for each day there, from which quarter until just before which."""
    at = day.start
    while at < day.end:
        first = quarter_of(at)
        until = min(datetime.combine(first.day + timedelta(days=1), time(), UTC), day.end)
        yield first.day, first.place, first.place + round((until - at) / _QUARTER)
        at = until


def empty(width: int) -> bytes:
    """A day on which nothing happened."""
    return bytes(width * QUARTERS * array(_COUNTER).itemsize)


def added(counts: bytes, place: int, amounts: Mapping[int, int]) -> bytes:
    """`counts` with so much more (or less) of each counter in one quarter; none falls below 0."""
    held = _opened(counts)
    width = len(held) // QUARTERS
    for counter, amount in amounts.items():
        at = place * width + counter
        held[at] = min(max(held[at] + amount, 0), _MOST)
    return _closed(held)


def summed(counts: bytes, first: int, end: int) -> list[int]:
    """Each counter, over the quarters from `first` until just before `end`."""
    held = _opened(counts)
    width = len(held) // QUARTERS
    span = held[first * width : end * width]
    return [sum(span[counter::width]) for counter in range(width)]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the zone's day begins; where clocks are put forward at midnight, when they have been."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _opened(counts: bytes) -> "array[int]":
    held = array(_COUNTER)
    held.frombytes(counts)
    if sys.byteorder == "big":  # at rest the lowest byte is first
        held.byteswap()
    return held


def _closed(held: "array[int]") -> bytes:
    if sys.byteorder == "big":
        held.byteswap()
    return held.tobytes()
