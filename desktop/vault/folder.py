"""The data directory: what lies where in it, and the one process that may work there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from desktop.errors import StoreBusy
from desktop.vault.files import make_private_folder


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The paths below one data directory. Names of ours say nothing about what is inside."""

    root: Path

    @property
    def key_file(self) -> Path:
        return self.root / "key.json"

    @property
    def database(self) -> Path:
        return self.root / "store.db"

    @property
    def blobs(self) -> Path:
        return self.root / "blobs"

    @property
    def log(self) -> Path:
        return self.root / "chartdrop.log"

    @property
    def templates(self) -> Path:
        """Where a clinic puts templates of its own."""
        return self.root / "templates"

    @property
    def lock(self) -> Path:
        return self.root / "in-use.lock"

    def make(self) -> None:
        """The folders are there, for their owner alone."""
        make_private_folder(self.root)
        make_private_folder(self.blobs)


@contextmanager
def sole_worker(folder: DataFolder, purpose: str) -> Iterator[None]:
    """Inside, no other process works in this data directory. `purpose` tells others what holds it.

    Raises StoreBusy, whose sentence names the holder. The system releases the lock when its holder dies."""
    lock = FileLock(folder.lock, blocking=False, thread_local=False, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreBusy(f"Another Chartdrop works in {folder.root}: {_holder(folder)}. Close it first.") from error
    try:
        folder.lock.write_text(f"{purpose} (process {os.getpid()})", encoding="utf-8")
        yield
    finally:
        lock.release()


def _holder(folder: DataFolder) -> str:
    try:
        return folder.lock.read_text(encoding="utf-8").strip() or "one that just started"
    except OSError:
        return "one that does not say its name"
