"""Noticing files: the system's own notices make it quick, and a sweep makes it sure (network shares send none)."""

import os
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from desktop.journey.hotfolder.backoff import LONGEST_SECONDS
from desktop.journey.hotfolder.notices import Mode, Notices
from desktop.journey.hotfolder.places import PLACES
from desktop.journey.hotfolder.stability import Stability, is_passed_over
from desktop.vault.log import log_fault

_MAX_DEPTH = 8  # sub-folders of sub-folders; deeper is a mistake or a trap
_LOOKS_A_SETTLE_TIME = 4


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds: how long a file must stand still, and how often everything is looked through."""

    settle_seconds: float
    sweep_seconds: float

    @property
    def polling_seconds(self) -> float:
        """How often everything is looked through where no notices come."""
        return min(self.sweep_seconds, self.settle_seconds)


class Keeper(Protocol):
    """Who takes what the watcher finds."""

    def take(self, path: Path) -> bool:
        """Called with a settled file; whether it was dealt with (else it is offered again)."""
        ...

    def is_known(self, path: Path, status: os.stat_result) -> bool:
        """Whether this very file was taken before and only waits for its place."""
        ...

    def hurry(self, path: Path) -> None:
        """Called when something happened to a file, which may end what kept it from being taken."""
        ...

    def arrive(self) -> bool:
        """Called before every sweep; whether another folder lies at the root than before. Raises OSError for none."""
        ...

    def look_after(self, fault: OSError | None) -> None:
        """Called after every sweep; `fault` is why the folder could not be looked through."""
        ...


class Watcher:
    """Offers every file below `root` to `take`, in order of arrival, once it settled, until it is gone or known."""

    def __init__(self, root: Path, pace: Pace, keeper: Keeper) -> None:
        self._root = root
        self._pace = pace
        self._step = min(1.0, pace.settle_seconds / _LOOKS_A_SETTLE_TIME)
        self._keeper = keeper
        self._stability = Stability(pace.settle_seconds)
        self._candidates: set[Path] = set()
        self._noticed = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._faults = 0  # sweeps in a row that found no folder
        self._notices = Notices(root, self._notice)
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    @property
    def mode(self) -> Mode:
        """Whether files are noticed by the system's own notices, or by polling alone."""
        return self._notices.mode

    def start(self) -> None:
        """Files are noticed from now on; those that are there are noticed at once."""
        self._notices.start()
        self._thread.start()

    def stop(self) -> None:
        """Nothing is offered any more."""
        self._stopping.set()
        self._noticed.set()
        self._thread.join()
        self._notices.stop()

    def _notice(self, path: Path) -> None:
        if _is_eligible(self._root, path):
            self._keeper.hurry(path)
            self._add(path)

    def _run(self) -> None:
        next_sweep = 0.0
        while not self._stopping.is_set():
            try:
                if time.monotonic() >= next_sweep:
                    self._sweep()
                    next_sweep = time.monotonic() + self._sweep_seconds()
                self._offer_settled()
            except Exception as error:  # the edge of the loop: one bad moment must not end the watch
                log_fault("watch_round_failed", error)
                self._stopping.wait(self._step)
            self._rest(next_sweep)

    def _rest(self, next_sweep: float) -> None:
        with self._lock:
            waiting = bool(self._candidates)
        self._noticed.wait(self._step if waiting else max(0.05, next_sweep - time.monotonic()))
        self._noticed.clear()
        if waiting:  # notices of a growing file come by the thousand
            self._stopping.wait(self._step / 2)

    def _sweep_seconds(self) -> float:
        """A folder that is not there is asked for less and less often."""
        if self._faults:
            return min(LONGEST_SECONDS, self._pace.sweep_seconds * 2.0 ** min(self._faults, 10))
        return self._pace.sweep_seconds if self.mode == "native" else self._pace.polling_seconds

    def _sweep(self) -> None:
        fault = None
        try:
            if self._keeper.arrive():
                self._notices.restart()
            for path in list_eligible(self._root):
                self._add(path)
        except OSError as error:
            fault = error
        self._faults = self._faults + 1 if fault else 0
        self._notices.judge()
        self._keeper.look_after(fault)

    def _add(self, path: Path) -> None:
        with self._lock:
            self._candidates.add(path)
        self._noticed.set()

    def _offer_settled(self) -> None:
        now = time.monotonic()
        with self._lock:
            candidates = list(self._candidates)
        # Not as they were found: a folder that is listed while files are dropped shows later ones without earlier ones.
        # The time is that of the change: what is copied or moved keeps the time at which it was written.
        waiting = [(status.st_ctime_ns, path.name, path) for path in candidates if (status := self._look(path))]
        for *_, path in sorted(waiting):
            if self._stopping.is_set():
                return
            self._offer(path, now)

    def _offer(self, path: Path, now: float) -> None:
        status = self._look(path)
        if status is None:
            return
        settled = self._stability.is_settled(path, status.st_size, status.st_mtime_ns, now)
        if settled and self._keeper.take(path):
            self._drop(path)

    def _look(self, path: Path) -> os.stat_result | None:
        """The file as it lies there; None, and it is dropped, where it is gone, a folder, or known already."""
        try:
            status = path.lstat()
        except OSError:
            self._drop(path)
            return None
        if stat.S_ISDIR(status.st_mode) or self._keeper.is_known(path, status):
            self._drop(path)
            return None
        return status

    def _drop(self, path: Path) -> None:
        with self._lock:
            self._candidates.discard(path)
        self._stability.forget(path)


def list_eligible(root: Path) -> Iterator[Path]:
    """Every file (or link, or pipe) below `root` that is not passed over, not in one of the three places."""
    yield from _list(root, root, 0)


def _list(root: Path, folder: Path, depth: int) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError:
        if folder == root:
            raise
        return
    for entry in found:
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            if depth < _MAX_DEPTH and _is_eligible(root, path):
                yield from _list(root, path, depth + 1)
        elif _is_eligible(root, path):
            yield path


def _is_eligible(root: Path, path: Path) -> bool:
    try:
        parts = path.relative_to(root).parts
    except ValueError:
        return False
    return bool(parts) and parts[0] not in PLACES and not any(is_passed_over(part) for part in parts)
