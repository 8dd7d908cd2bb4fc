"""What cannot be dealt with now is tried again after a while, each time after a longer one, and told of meanwhile."""

from dataclasses import dataclass, field
from pathlib import Path

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 30.0  # what people bear to wait once the share is back; a dead one is asked twice a minute
TOLD_AGAIN_SECONDS = 60.0


@dataclass(slots=True)
class _Trouble:
    message: str
    since: float
    pause: float
    next_try: float
    told: float | None = None


@dataclass(slots=True)
class Backoff:
    """Remembers what is in trouble, by path. Times are seconds of a monotonic clock."""

    _troubles: dict[Path, _Trouble] = field(default_factory=dict)

    def is_due(self, path: Path, now: float) -> bool:
        """Whether `path` may be tried now."""
        trouble = self._troubles.get(path)
        return trouble is None or now >= trouble.next_try

    def fail(self, path: Path, message: str, now: float, *, patience: float = 0.0) -> bool:
        """`path` is tried again after a pause, twice as long as the last; whether people should hear of it now.

        They do once it lasted for `patience` seconds, when the `message` is another, and every minute."""
        trouble = self._troubles.get(path)
        if trouble is None:
            trouble = self._troubles[path] = _Trouble(message, now, FIRST_SECONDS, now)
        else:
            trouble.pause = min(LONGEST_SECONDS, trouble.pause * 2)
        trouble.next_try = now + trouble.pause
        if now - trouble.since < patience:
            return False
        due = trouble.told is None or trouble.message != message or now - trouble.told >= TOLD_AGAIN_SECONDS
        trouble.message = message
        if due:
            trouble.told = now
        return due

    def clear(self, path: Path) -> bool:
        """`path` is well; whether people heard that it was not."""
        trouble = self._troubles.pop(path, None)
        return trouble is not None and trouble.told is not None

    def hurry(self, path: Path) -> None:
        """Something happened to `path`: it may be tried at once."""
        trouble = self._troubles.get(path)
        if trouble is not None:
            trouble.next_try = 0.0

    def messages(self) -> tuple[str, ...]:
        """What people were told and what still holds, oldest first."""
        return tuple(trouble.message for trouble in tuple(self._troubles.values()) if trouble.told is not None)
