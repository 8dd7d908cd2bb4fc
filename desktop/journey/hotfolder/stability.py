"""When a file is whole: its size and time stood still for the settle time. Names that say "not yet" are passed over."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

_UNFINISHED = ("*.part", "*.tmp", "*.crdownload", "~*", ".*")


def is_passed_over(name: str) -> bool:
    """Whether `name` is one that programs give to files they are still writing, or hide."""
    return any(fnmatchcase(name.lower(), pattern) for pattern in _UNFINISHED)


@dataclass(frozen=True, slots=True)
class _Look:
    size: int
    modified_ns: int
    since: float


@dataclass(slots=True)
class Stability:
    """Remembers how each file looked, and since when it looks so. Times are seconds of a monotonic clock."""

    settle_seconds: float
    _looks: dict[Path, _Look] = field(default_factory=dict)

    def is_settled(self, path: Path, size: int, modified_ns: int, now: float) -> bool:
        """Whether the file has looked as it does now for the settle time; the first look starts the time."""
        last = self._looks.get(path)
        if last is None or (last.size, last.modified_ns) != (size, modified_ns):
            self._looks[path] = _Look(size, modified_ns, now)
            return False
        return now - last.since >= self.settle_seconds

    def forget(self, path: Path) -> None:
        """The next look at `path` is a first one."""
        self._looks.pop(path, None)
