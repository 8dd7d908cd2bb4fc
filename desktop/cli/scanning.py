"""Reading files for `chartdrop scan`: several at a time, each printed in its turn."""

import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console
from rich.status import Status

from desktop.cli.printing import plain, print_json
from desktop.cli.readers import Readers
from desktop.cli.record import print_reading
from desktop.errors import FileRefused
from desktop.journey.intake.accept import Incoming, fault_of
from desktop.journey.intake.picked import read_picked
from desktop.services import Workspace
from desktop.settings import Settings
from desktop.vault.documents import PageImage
from desktop.vault.files import shown_name
from shared.documents import Reading, failed_reading
from shared.reading.settings import MEGABYTE
from shared.reading.worker import PageDone
from shared.wire.v1.readings import reading_to_json


@dataclass(frozen=True, slots=True)
class Scanning:
    """How this run reads; nothing is kept but where a workspace is given."""

    settings: Settings
    template: str
    as_json: bool
    readers: Readers
    _progress: "_Progress" = field(default_factory=lambda: _Progress(Console(stderr=True)))

    def run(self, files: Sequence[Path], workspace: Workspace | None) -> int:
        """Every file was read and printed, in the order given; how many could not be read."""
        failed = 0
        threads = ThreadPoolExecutor(self.readers.count, thread_name_prefix="scan")
        try:
            for reading in threads.map(lambda path: self._scan(path, workspace), files):
                failed += reading.error is not None
                with self._progress.aside():
                    self._print(reading)
        except BaseException:  # Ctrl-C, or nobody reads our output: no page is waited for
            threads.shutdown(wait=False, cancel_futures=True)
            self.readers.close()
            raise
        finally:
            threads.shutdown()
            self._progress.end()
        return failed

    def _scan(self, path: Path, workspace: Workspace | None) -> Reading:
        try:
            incoming = read_picked(path, self.template, self.settings.max_file_mb * MEGABYTE)
        except FileRefused as refusal:
            return failed_reading(shown_name(path), "", refusal.code, refusal.message)
        if fault := fault_of(incoming):
            reading = failed_reading(incoming.file_name, incoming.sha256, fault.code, fault.message)
            pages: list[PageImage] = []
        else:
            reading, pages = self._read(incoming, keep_pages=workspace is not None)
        if workspace is not None:
            kept = workspace.keep_reading(incoming, reading, pages)
            if kept.message:
                click.echo(f"{plain(incoming.file_name)}: {plain(kept.message)}", err=True)
        return reading

    def _read(self, incoming: Incoming, *, keep_pages: bool) -> tuple[Reading, list[PageImage]]:
        pages: list[PageImage] = []
        name = plain(incoming.file_name)

        def on_page(page: PageDone) -> None:
            if page.number < page.page_count:
                self._progress.tell(f"reading {name}, page {page.number + 1} of {page.page_count}")
            if keep_pages:
                pages.append(PageImage(page.image, page.media_type))

        self._progress.tell(f"reading {name}")
        return self.readers.read(incoming.payload or b"", incoming.file_name, self.template, on_page), pages

    def _print(self, reading: Reading) -> None:
        if self.as_json:
            print_json(reading_to_json(reading))
        if reading.error:
            click.echo(f"chartdrop: {plain(reading.error.message)}", err=True)
        elif not self.as_json:
            print_reading(reading)
        sys.stdout.flush()


class _Progress:
    """A line on a terminal's standard error that says what is being read; nothing elsewhere."""

    def __init__(self, stderr: Console) -> None:
        self._stderr = stderr
        self._status: Status | None = None
        self._lock = threading.Lock()

    def tell(self, words: str) -> None:
        """The line says `words`. For any thread."""
        if not self._stderr.is_terminal:
            return
        with self._lock:
            if self._status is None:
                self._status = self._stderr.status(words)
                self._status.start()
            else:
                self._status.update(words)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """There is no line inside the block: rich would send there what is meant for standard output."""
        with self._lock:
            if self._status is not None:
                self._status.stop()
                self._status = None
            yield

    def end(self) -> None:
        """There is no line until something is told again."""
        with self.aside():
            pass
