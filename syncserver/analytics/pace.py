"""How long reading took, as a histogram: each bound is 1.3 times the last, so that a percentile errs by a tenth."""

import math
from collections.abc import Sequence

BUCKETS = 40
_FIRST_MS = 100.0  # everything quicker is one bucket
_GROWTH = 1.3  # 40 of them reach three quarters of an hour; what took longer counts as that


def bucket_of(ms: int) -> int:
    """The bucket that counts a duration."""
    if ms <= _FIRST_MS:
        return 0
    return min(math.ceil(math.log(ms / _FIRST_MS, _GROWTH)), BUCKETS - 1)


def percentile(buckets: Sequence[int], share: float) -> int | None:
    """Milliseconds that `share` (0..1) of the counted durations stayed within; None when none was counted."""
    wanted, seen = share * sum(buckets), 0.0
    for bucket, number in enumerate(buckets):
        if number and seen + number >= wanted:
            within = (wanted - seen) / number
            return round(_FIRST_MS * math.pow(_GROWTH, bucket - 1 + within))
        seen += number
    return None
