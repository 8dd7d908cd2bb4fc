"""When what failed at Stripe is tried again."""

from datetime import timedelta

_FIRST, _LONGEST = timedelta(seconds=5), timedelta(hours=1)
_DOUBLED_AT_MOST = 10  # by then it is the longest


def pause_after(tries: int) -> timedelta:
    """After so many tries, each pause is twice the last."""
    pause: timedelta = _FIRST * 2 ** min(tries - 1, _DOUBLED_AT_MOST)
    return min(pause, _LONGEST)
