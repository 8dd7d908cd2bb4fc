"""The three places where dropped files end: moving by rename, durably, never over anything that is there."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from desktop.errors import WatchRefused
from desktop.vault.files import sync_folder

Place = Literal["Processed", "Failed", "Duplicates"]
PLACES: tuple[Place, ...] = ("Processed", "Failed", "Duplicates")
_REASON = ".error.txt"
_NAME_BYTES = 255  # what ext4, NTFS, APFS and SMB have in common, about


@dataclass(frozen=True, slots=True)
class Places:
    """`Processed/`, `Failed/` and `Duplicates/` below a watched folder."""

    root: Path

    def make(self) -> None:
        """The folders are there. Raises WatchRefused when they cannot be, or are links to elsewhere."""
        try:
            for place in PLACES:
                (self.root / place).mkdir(exist_ok=True)
        except OSError as error:
            raise WatchRefused(f"{self.root} cannot be used: {os.strerror(error.errno or 0)}.") from error
        for place in PLACES:
            if (self.root / place).is_symlink():
                raise WatchRefused(f"{self.root / place} is a link to another place. Replace it by a folder.")

    def free_name(self, place: Place, name: str) -> Path:
        """Where a file called `name` can go: under its own name, or with the first number that is free."""
        return free_name_in(self.root / place, name)

    def put(self, source: Path, destination: Path) -> None:
        """`source` is at `destination`, where nothing was. Raises FileExistsError when something is, OSError else.

        Called again after a crash, it goes on where it stopped."""
        self._reserve(destination)
        try:
            source.replace(destination)
        except FileNotFoundError:
            self.release(destination)
            raise
        sync_folder(destination.parent)
        sync_folder(source.parent)

    def explain(self, destination: Path, message: str) -> None:
        """Beside `destination` stands `NAME.error.txt`, saying in `message` what is wrong and what to do."""
        note = destination.with_name(destination.name + _REASON)
        with note.open("w", encoding="utf-8") as target:
            target.write(message + "\n")
            target.flush()
            os.fsync(target.fileno())

    def _reserve(self, destination: Path) -> None:
        """Rename would write over what somebody else put there; an empty file of ours keeps the name free."""
        try:
            os.close(os.open(destination, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            status = destination.lstat()
            if not stat.S_ISREG(status.st_mode) or status.st_size:
                raise

    def release(self, destination: Path) -> None:
        """An empty file that `put` reserved is gone again."""
        with suppress(OSError):
            if destination.lstat().st_size == 0:
                destination.unlink()


def free_name_in(folder: Path, name: str) -> Path:
    """Where in `folder` a file called `name` can go, with room for a reason beside it."""
    return next(
        folder / candidate
        for candidate in _numbered(name)
        if not os.path.lexists(folder / candidate) and not os.path.lexists(folder / (candidate + _REASON))
    )


def _numbered(name: str) -> Iterator[str]:
    """`name`, then "stem (2).suffix", "stem (3).suffix" …, short enough for a reason beside it."""
    path, number = Path(name), 1
    while True:
        tail = (f" ({number})" if number > 1 else "") + path.suffix
        room = _NAME_BYTES - len(os.fsencode(tail)) - len(_REASON)
        stem = os.fsdecode(_cut(os.fsencode(path.stem), room))
        yield stem + tail
        number += 1


def _cut(name: bytes, room: int) -> bytes:
    if len(name) <= room:
        return name
    return name[:room].decode("utf-8", "ignore").encode()  # not in the middle of a character
