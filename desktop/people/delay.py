"""How long to wait after wrong entries: longer and longer, never for ever."""

from desktop.vault.people import VainTries

FREE_TRIES = 3  # a slip of the finger, a language of the keyboard
FIRST_SECONDS = 5.0
LONGEST_SECONDS = 900.0  # from the eleventh on: four guesses an hour, 10,000 days for a million PINs


def delay_after(count: int) -> float:
    """Seconds to wait after `count` wrong entries in a row: none for the first few, then doubled up to a limit."""
    if count < FREE_TRIES:
        return 0.0
    return float(min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(count - FREE_TRIES, 16)))


def remaining(tries: VainTries, now: float) -> float:
    """Seconds that are still to wait at `now`, by `steady_clock`; no change of the wall's clock shortens them."""
    return max(0.0, delay_after(tries.count) - _elapsed(tries.last_at, now))


def _elapsed(last_at: float, now: float) -> float:
    """So long ago was `last_at`, at the least: after a restart, when the clock began anew, all that it shows."""
    return now - last_at if now >= last_at else now
