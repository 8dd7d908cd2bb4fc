"""Identifiers that sort by the time they were made."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

_RANDOM_BITS = 74  # rand_a and rand_b of RFC 9562, section 5.7


def new_id(
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    random_bits: Callable[[int], int] = secrets.randbits,
) -> UUID:
    """A UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then randomness.

    A clock that an empty battery set before 1970 stops nothing: it counts as 1970."""
    milliseconds = max(0, int(clock().timestamp() * 1000))
    randomness = random_bits(_RANDOM_BITS)
    rand_a, rand_b = randomness >> 62, randomness & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)
