"""The data directory: what lies where in it, and the one process that may work there."""

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from desktop.errors import StoreBusy, StoreError
from desktop.vault.files import make_private_folder
from shared.clock import Clock, system_clock, to_rfc3339


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The paths below one data directory. Names of ours say nothing about what is inside."""

    root: Path

    @property
    def key_file(self) -> Path:
        return self.root / "key.json"

    @property
    def destroyed(self) -> Path:
        """Says that the keys were destroyed, by whose wish and when."""
        return self.root / "keys-destroyed.json"

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

    @property
    def holder(self) -> Path:
        """Who holds the lock; a file of its own, since Windows lets nobody read a locked one."""
        return self.root / "in-use.json"

    def make(self) -> None:
        """The folders are there, for their owner alone."""
        make_private_folder(self.root)
        make_private_folder(self.blobs)


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who works in a data directory, as the next one who wants to is told."""

    program: str
    process: int
    machine: str
    since: str  # RFC 3339, UTC

    def __str__(self) -> str:
        return f"{self.program} (process {self.process} on {self.machine}, since {self.since})"


@contextmanager
def sole_worker(folder: DataFolder, program: str, clock: Clock = system_clock) -> Iterator[None]:
    """Inside, no other process works in this data directory. `program` tells others who does, the `clock` since when.

    Raises StoreBusy, whose sentence names the holder. The system releases the lock when its holder dies."""
    lock = FileLock(folder.lock, blocking=False, thread_local=False, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        holder = _read_holder(folder) or "one that just started"
        raise StoreBusy(f"Another Chartdrop works in {folder.root}: {holder}. Close it first.") from error
    except OSError as error:
        raise StoreError(
            f"The data directory {folder.root} cannot be used: {os.strerror(error.errno or 0)}."
        ) from error
    try:
        with suppress(OSError):  # a full disk: the lock holds, though nobody is named to others
            since = to_rfc3339(clock().replace(microsecond=0))
            _write_holder(folder, _Holder(program, os.getpid(), platform.node(), since))
        yield
    finally:
        folder.holder.unlink(missing_ok=True)
        lock.release()


def _write_holder(folder: DataFolder, holder: _Holder) -> None:
    folder.holder.write_text(json.dumps(asdict(holder)), encoding="utf-8")
    folder.holder.chmod(0o600)


def _read_holder(folder: DataFolder) -> _Holder | None:
    try:
        return _Holder(**json.loads(folder.holder.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
