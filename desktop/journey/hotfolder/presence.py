"""Whether the watched folder is there at all: a share that is not mounted leaves an empty folder in its place."""

import errno
import os
import sys
from dataclasses import dataclass
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "lustre", "davfs", "9p", "vboxsf", "virtiofs")
)


@dataclass(slots=True)
class Presence:
    """Remembers which folder it was that lay at `root`."""

    root: Path
    _seen: tuple[int, int] | None = None  # device and inode

    def require(self, *, expected: bool = False) -> None:
        """The folder is there. Raises OSError when it is not, or when an empty one lies in its place, as the mount
        point of a share that is gone does. `expected` says that files of the store's are known to lie there."""
        with os.scandir(self.root) as entries:
            is_empty = next(entries, None) is None
        if is_empty and (self._is_another() if self._seen else expected):
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), str(self.root))

    def arrive(self, *, expected: bool) -> bool:
        """The folder is there; whether it is another than at the last arrival. Raises OSError as `require` does."""
        self.require(expected=expected)
        another = self._seen is not None and self._is_another()
        self._seen = self._looks()
        return another

    def _is_another(self) -> bool:
        return self._looks() != self._seen

    def _looks(self) -> tuple[int, int]:
        status = self.root.stat()
        return status.st_dev, status.st_ino


def is_on_network(folder: Path) -> bool:
    """Whether `folder` lies on another machine, whose programs' changes the system sends no notices of."""
    if sys.platform == "win32":
        return str(folder).startswith("\\\\")
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    kinds: dict[Path, str] = {}
    for line in mounts:
        place, _, source = line.partition(" - ")
        kinds[Path(_unescaped(place.split()[4]))] = source.split()[0]
    kind = next((kinds[parent] for parent in (folder, *folder.parents) if parent in kinds), "")
    return kind in _NETWORK or kind.startswith("fuse.")


def _unescaped(name: str) -> str:
    """Spaces and the like stand as octal numbers there (proc(5))."""
    for code, letter in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        name = name.replace(code, letter)
    return name
