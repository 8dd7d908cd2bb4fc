"""Reading files for `chartdrop scan`: one after the other, each printed as it comes."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import click
from rich.console import Console
from rich.status import Status

from desktop.cli.printing import plain, print_json
from desktop.cli.record import print_reading
from desktop.errors import FileRefused
from desktop.journey.intake.accept import Incoming, fault_of
from desktop.journey.intake.picked import read_picked
from desktop.services import Workspace
from desktop.settings import Settings
from desktop.vault.documents import PageImage
from desktop.vault.files import shown_name
from shared.documents import Reading, failed_reading
from shared.reading.settings import MEGABYTE, Limits, ReadingSettings
from shared.reading.worker import PageDone, ReadingProcess
from shared.wire.v1.readings import reading_to_json


@dataclass(frozen=True, slots=True)
class Scanning:
    """How this run reads: every processor works on one document, and nothing is kept but where a workspace is given."""

    settings: Settings
    template: str
    as_json: bool
    _stderr: Console = field(default_factory=lambda: Console(stderr=True))

    def run(self, files: Iterable[Path], workspace: Workspace | None) -> int:
        """Every file was read and printed; how many could not be read."""
        limits = Limits(file_bytes=self.settings.max_file_mb * MEGABYTE)
        failed = 0
        with ReadingProcess(ReadingSettings(limits=limits)) as reader:
            for path in files:
                reading = self._scan(path, reader, workspace)
                failed += reading.error is not None
                self._print(reading)
        return failed

    def _scan(self, path: Path, reader: ReadingProcess, workspace: Workspace | None) -> Reading:
        try:
            incoming = read_picked(path, self.template, self.settings.max_file_mb * MEGABYTE)
        except FileRefused as refusal:
            return failed_reading(shown_name(path), "", refusal.code, refusal.message)
        if fault := fault_of(incoming):
            reading = failed_reading(incoming.file_name, incoming.sha256, fault.code, fault.message)
            pages: list[PageImage] = []
        else:
            reading, pages = self._read(incoming, reader, keep_pages=workspace is not None)
        if workspace is not None:
            kept = workspace.keep_reading(incoming, reading, pages)
            if kept.message:
                click.echo(f"{plain(incoming.file_name)}: {plain(kept.message)}", err=True)
        return reading

    def _read(self, incoming: Incoming, reader: ReadingProcess, *, keep_pages: bool) -> tuple[Reading, list[PageImage]]:
        pages: list[PageImage] = []
        with _Progress(self._stderr, incoming.file_name) as tell:

            def on_page(page: PageDone) -> None:
                tell(page.number, page.page_count)
                if keep_pages:
                    pages.append(PageImage(page.image, page.media_type))

            reading = reader.read(incoming.payload or b"", incoming.file_name, self.template, on_page)
        return reading, pages

    def _print(self, reading: Reading) -> None:
        if self.as_json:
            print_json(reading_to_json(reading))
        if reading.error:
            click.echo(f"chartdrop: {plain(reading.error.message)}", err=True)
        elif not self.as_json:
            print_reading(reading)
        sys.stdout.flush()


class _Progress:
    """A line on a terminal's standard error that says which page is being read; nothing elsewhere."""

    def __init__(self, stderr: Console, file_name: str) -> None:
        self._name = plain(file_name)
        self._status: Status | None = stderr.status(f"reading {self._name}") if stderr.is_terminal else None

    def __enter__(self) -> Callable[[int, int], None]:
        if self._status:
            self._status.start()
        return self._tell

    def __exit__(self, *_: object) -> None:
        if self._status:
            self._status.stop()

    def _tell(self, number: int, page_count: int) -> None:
        if self._status and number < page_count:
            self._status.update(f"reading {self._name}, page {number + 1} of {page_count}")
