"""Who looked at what of late: one look is one entry of the audit chain, not one for every repaint."""

import threading

from shared.clock import Steady, steady_clock

_SECONDS = 600.0
_MOST = 10_000  # looks that are remembered; past them, the same look is written down twice

Look = tuple[str, ...]
"""Who, what, and which part of it."""


class Sightings:
    """Looks of the last ten minutes. For any thread."""

    def __init__(self, steady: Steady = steady_clock) -> None:
        self._steady = steady
        self._at: dict[Look, float] = {}
        self._one_change = threading.Lock()

    def is_new(self, look: Look) -> bool:
        """Whether `look` is not one of the last ten minutes; then it is from now on, once `note` was called."""
        with self._one_change:
            at = self._at.get(look)
        return at is None or self._steady() - at > _SECONDS

    def note(self, look: Look) -> None:
        """`look` was written down."""
        with self._one_change:
            if len(self._at) >= _MOST:
                self._at.clear()
            self._at[look] = self._steady()
