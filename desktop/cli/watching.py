"""Watching a folder without a window: the work runs in the background, and its events are told here."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from desktop.cli.faults import INPUT_FAILED, SERVER_FAILED
from desktop.cli.printing import console, plain, print_json
from desktop.errors import DeviceRevoked, ServerRefused
from desktop.events import ArrivalSettled, Event, PageRead, SyncFinished, WatchTrouble
from desktop.services import Workspace
from desktop.vault.documents import DocumentSummary

_LOOK_SECONDS = 0.25  # how often it is asked whether all is settled
_MARKS = {"processed": ("✓", "green"), "failed": ("✗", "red"), "duplicate": ("=", "yellow")}


class Watching:
    """One run of `chartdrop watch`."""

    def __init__(self, workspace: Workspace, as_json: bool) -> None:
        self._workspace = workspace
        self._as_json = as_json
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._stderr = Console(stderr=True)
        self._failed = 0
        self._last_sync_error: str | None = None

    def run(self, folder: Path | None, *, until_idle: bool) -> int:
        """The exit code, once all is settled in `folder`, or in those on the list.

        Raises KeyboardInterrupt when somebody ends it (Ctrl-C, SIGTERM), StoreRevoked where this device is revoked."""
        unsubscribe = self._workspace.events.subscribe(self._events.put)
        try:
            with _terminated_like_interrupted():
                self._workspace.start(folder, kept=folder is None, program="chartdrop watch")
                for watched in (folder,) if folder else self._listed():
                    click.echo(f"watching {watched}", err=True)
                self._tell_until_idle() if until_idle else self._tell_for_ever()
                self._workspace.stop()
                self._tell_rest()
                return self._finish()
        finally:
            unsubscribe()

    def _listed(self) -> tuple[Path, ...]:
        return tuple(folder.root for folder in self._workspace.watched_folders())

    def _tell_for_ever(self) -> None:
        while True:
            self._tell_next(1.0)

    def _tell_until_idle(self) -> None:
        next_look = time.monotonic()
        while True:
            self._tell_next(_LOOK_SECONDS)
            if time.monotonic() >= next_look:
                if self._workspace.is_idle():
                    return
                next_look = time.monotonic() + _LOOK_SECONDS

    def _tell_rest(self) -> None:
        while self._tell_next(0):
            pass

    def _finish(self) -> int:
        """Everything is settled: what waits is sent, where there is a server."""
        may_sync = self._workspace.connection() and not self._workspace.house.rules().sync_metered.value
        fault = self._workspace.sync_now().fault if may_sync else None
        self._tell_rest()
        if self._failed or self._is_waiting():
            return INPUT_FAILED
        return SERVER_FAILED if isinstance(fault, ServerRefused) else 0

    def _is_waiting(self) -> bool:
        """Whether documents wait because nothing new is read; `_tell` said why."""
        status = self._workspace.status()
        return status.reading_paused is not None and status.waiting > 0

    def _tell_next(self, seconds: float) -> bool:
        try:
            event = self._events.get(timeout=seconds) if seconds else self._events.get_nowait()
        except Empty:
            return False
        self._tell(event)
        return True

    def _tell(self, event: Event) -> None:
        match event:
            case ArrivalSettled():
                self._failed += event.outcome == "failed"
                self._tell_arrival(event)
            case PageRead() if self._stderr.is_terminal and not self._as_json:
                name = self._workspace.document(event.document_id).file_name
                self._stderr.print(Text(f"  {plain(name)}: page {event.number} of {event.page_count}", style="dim"))
            case SyncFinished() if event.code == DeviceRevoked.code:
                self._workspace.session.check_not_revoked()
            case SyncFinished() if event.error != self._last_sync_error:  # told once, not at every try
                self._last_sync_error = event.error
                if event.error:
                    click.echo(f"chartdrop: {plain(event.error)} {event.waiting} operations wait.", err=True)
            case WatchTrouble():
                click.echo(f"chartdrop: {plain(event.message)}", err=True)

    def _tell_arrival(self, event: ArrivalSettled) -> None:
        document = self._workspace.document(event.document_id) if event.document_id else None
        if self._as_json:
            print_json(_line(event, document))
        else:
            console().print(_sentence(event, document))


def _line(event: ArrivalSettled, document: DocumentSummary | None) -> dict[str, Any]:
    error = None
    if event.outcome == "failed":
        code = document.error.code if document and document.error else "file_refused"
        error = {"code": code, "message": event.detail}
    return {
        "file_name": event.file_name,
        "outcome": event.outcome,
        "document_id": str(event.document_id) if event.document_id else None,
        "sha256": document.sha256 if document else None,
        "document_type": document.document_type if document else None,
        "page_count": document.page_count if document else None,
        "moved_to": event.moved_to,
        "error": error,
    }


def _sentence(event: ArrivalSettled, document: DocumentSummary | None) -> Text:
    mark, style = _MARKS[event.outcome]
    sentence = Text(f"{mark} ", style=style).append(plain(event.file_name), style="default")
    if event.outcome == "processed" and document:
        pages = "1 page" if document.page_count == 1 else f"{document.page_count} pages"
        return sentence.append(f"  {document.document_type}, {pages}", style="dim")
    return sentence.append("  " + plain(event.detail.removeprefix(f"{event.file_name}: ")), style="dim")


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """A service manager's SIGTERM ends the work as cleanly as Ctrl-C."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
