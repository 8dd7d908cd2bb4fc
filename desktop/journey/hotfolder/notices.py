"""The system's own notices of changed files, and the test whether they come at all."""

import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal

import structlog
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from desktop.journey.hotfolder.presence import is_on_network

_log = structlog.get_logger(__name__)
_PROBE = ".chartdrop-probe-*.tmp"
_PATIENCE_SECONDS = 2.0  # a notice takes milliseconds
_OUR_OWN = ("opened", "closed_no_write", "deleted")  # what our reading and moving brings about

Mode = Literal["native", "polling"]


class Notices(FileSystemEventHandler):
    """Calls `changed` with every path that something happened to below `root`, from `start` to `stop`.

    `mode` says whether that can be relied on. A probe file is written at the start: where its notice does not come, or
    where other machines write, whose changes bring none, it is "polling"."""

    def __init__(self, root: Path, changed: Callable[[Path], None]) -> None:
        self._root = root
        self._changed = changed
        self._observer: BaseObserver | None = None
        self._probe: Path | None = None
        self._deadline = 0.0
        self.mode: Mode = "polling"

    def start(self) -> None:
        """Notices come, where there are any; `judge` says so in the end."""
        observer = Observer()
        try:
            observer.schedule(self, str(self._root), recursive=True)
            observer.start()
        except OSError as error:  # no notices to be had (limits, a share, no folder): the sweep sees everything
            _log.warning("native_notices_unavailable", error_type=type(error).__name__)
            return
        self._observer = observer
        if is_on_network(self._root):
            _log.info("folder_is_polled", why="network")
        else:
            self._send_probe()

    def stop(self) -> None:
        """No notices come."""
        observer, self._observer = self._observer, None
        self.mode = "polling"
        if observer is not None:
            observer.stop()
            observer.join()

    def restart(self) -> None:
        """They come from the folder that lies there now: those of one that was replaced have gone dead."""
        self.stop()
        self.start()

    def judge(self) -> None:
        """A probe whose notice did not come in time is not waited for any longer."""
        if self._probe is not None and time.monotonic() >= self._deadline:
            self._probe = None
            _log.warning("folder_is_polled", why="probe_unnoticed")

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Something happened to a file."""
        for name in (event.src_path, event.dest_path):
            path = Path(os.fsdecode(name))
            if name and path == self._probe:
                self._probe, self.mode = None, "native"
            elif name and event.event_type not in _OUR_OWN:
                self._changed(path)

    def _send_probe(self) -> None:
        self._clear_probes()
        probe = self._root / _PROBE.replace("*", secrets.token_hex(8))
        self._probe, self._deadline = probe, time.monotonic() + _PATIENCE_SECONDS
        try:
            probe.touch(exist_ok=False)
        except OSError:  # nothing may be written here, but the folder is on this machine
            self._probe, self.mode = None, "native"
        with suppress(OSError):
            probe.unlink()

    def _clear_probes(self) -> None:
        """One stays behind where the power goes in the moment that it lies there."""
        for left in self._root.glob(_PROBE):
            with suppress(OSError):
                if left.lstat().st_size == 0:
                    left.unlink()
