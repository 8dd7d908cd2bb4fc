"""Noticing files: the system's own notices make it quick, and a sweep makes it sure (network shares send none)."""

import os
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from desktop.journey.hotfolder.places import PLACES
from desktop.journey.hotfolder.stability import Stability, is_passed_over
from desktop.vault.log import log_fault

_log = structlog.get_logger(__name__)
_MAX_DEPTH = 8  # sub-folders of sub-folders; deeper is a mistake or a trap
_LOOKS_A_SETTLE_TIME = 4


@dataclass(frozen=True, slots=True)
class Pace:
    """In seconds: how long a file must stand still, and how often everything is looked through."""

    settle_seconds: float
    sweep_seconds: float


class Keeper(Protocol):
    """Who takes what the watcher finds."""

    def take(self, path: Path) -> bool:
        """Called with a settled file; whether it was dealt with (else it is offered again)."""
        ...

    def is_known(self, path: Path, status: os.stat_result) -> bool:
        """Whether this very file was taken before and only waits for its place."""
        ...

    def look_after(self, fault: OSError | None) -> None:
        """Called after every sweep; `fault` is why the folder could not be looked through."""
        ...


class Watcher(FileSystemEventHandler):
    """Offers every file below `root` to `take`, in order of arrival, once it settled, until it is gone or known."""

    def __init__(self, root: Path, pace: Pace, keeper: Keeper) -> None:
        self._root = root
        self._sweep_seconds = pace.sweep_seconds
        self._step = min(1.0, pace.settle_seconds / _LOOKS_A_SETTLE_TIME)
        self._keeper = keeper
        self._stability = Stability(pace.settle_seconds)
        self._candidates: dict[Path, None] = {}  # a set in order of arrival
        self._noticed = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._observer: BaseObserver | None = None
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    def start(self) -> None:
        """Files are noticed from now on; those that are there are noticed at once."""
        self._observe()
        self._thread.start()

    def stop(self) -> None:
        """Nothing is offered any more."""
        self._stopping.set()
        self._noticed.set()
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
        self._thread.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Something happened to a file: it is a candidate."""
        if event.event_type in ("opened", "closed_no_write", "deleted"):
            return  # our own reading
        for name in (event.src_path, event.dest_path):
            path = Path(os.fsdecode(name))
            if name and _is_eligible(self._root, path):
                self._add(path)

    def _observe(self) -> None:
        observer = Observer()
        try:
            observer.schedule(self, str(self._root), recursive=True)
            observer.start()
        except OSError as error:  # no notices to be had (limits, a share): the sweep sees everything, a little later
            _log.warning("native_notices_unavailable", error_type=type(error).__name__)
            return
        self._observer = observer

    def _run(self) -> None:
        next_sweep = 0.0
        while not self._stopping.is_set():
            try:
                if time.monotonic() >= next_sweep:
                    self._sweep()
                    next_sweep = time.monotonic() + self._sweep_seconds
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

    def _sweep(self) -> None:
        fault = None
        try:
            for path in sorted(list_eligible(self._root), key=_arrival_order):
                self._add(path)
        except OSError as error:
            fault = error
        self._keeper.look_after(fault)

    def _add(self, path: Path) -> None:
        with self._lock:
            self._candidates.setdefault(path)
        self._noticed.set()

    def _offer_settled(self) -> None:
        now = time.monotonic()
        with self._lock:
            candidates = list(self._candidates)
        for path in candidates:
            if self._stopping.is_set():
                return
            self._offer(path, now)

    def _offer(self, path: Path, now: float) -> None:
        try:
            status = path.lstat()
        except OSError:
            self._drop(path)
            return
        if stat.S_ISDIR(status.st_mode) or self._keeper.is_known(path, status):
            self._drop(path)
            return
        settled = self._stability.is_settled(path, status.st_size, status.st_mtime_ns, now)
        if settled and self._keeper.take(path):
            self._drop(path)

    def _drop(self, path: Path) -> None:
        with self._lock:
            self._candidates.pop(path, None)
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


def _arrival_order(path: Path) -> tuple[float, str]:
    try:
        return path.lstat().st_mtime, path.name
    except OSError:
        return 0.0, path.name
