"""What a person asks of the workspace, from wherever they are in the window; each goes beside the window's thread."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.answers import AddedFile, SyncOutcome
from desktop.errors import StoreRevoked
from desktop.services import Workspace
from desktop.ui.operation import run_beside
from desktop.ui.screens.inbox.screen import as_png
from desktop.ui.wording import about_file

Outcome = TypeVar("Outcome")


class Errands(QObject):
    """What was done shows itself in the list; what was not is told."""

    told = Signal(str)
    """A sentence of what was not done."""
    failed = Signal(object)
    """Exception: why something was not done."""
    known_already = Signal(object)
    """UUID of the document that what was added is a duplicate of, after that was told."""
    watched = Signal(object)
    """Path: this folder is watched from now on."""
    syncing = Signal(bool)
    """Whether a round is on its way."""

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._was_kept_out = False

    def start(self, folder: Path | None) -> None:
        """Reading, sync and the watched folders are being started, and `folder` is watched besides."""

        def failed(error: Exception) -> None:
            self._was_kept_out = isinstance(error, StoreRevoked)
            self.failed.emit(error)

        run_beside(self, lambda: self._workspace.start(folder), failed=failed)

    def start_after_all(self, folder: Path | None) -> None:
        """As `start`, where the organization kept this device from it before."""
        if self._was_kept_out:
            self._was_kept_out = False
            self.start(folder)

    def watch(self, folder: Path) -> None:
        """`folder` is watched from now on."""
        self._do(lambda: self._workspace.start(folder), lambda _: self.watched.emit(folder))

    def add_files(self, paths: tuple[Path, ...]) -> None:
        """`paths` are on their way into the store."""
        self._do(lambda: self._workspace.add_files(paths), self._tell_added)

    def add_pasted(self, name: str, image: QImage) -> None:
        """The picture is on its way into the store, under `name`."""
        self._do(lambda: (self._workspace.add_pasted(name, as_png(image)),), self._tell_added)

    def hasten(self, document_id: UUID) -> None:
        """A person waits for the document."""
        self._do(lambda: self._workspace.hasten(document_id))

    def retry(self, document_id: UUID) -> None:
        """The document is read again."""
        self._do(lambda: self._workspace.retry(document_id))

    def cancel(self, document_id: UUID) -> None:
        """The document is not read."""
        self._do(lambda: self._workspace.cancel(document_id))

    def lock(self) -> None:
        """Nobody is signed in."""
        self._do(self._workspace.session.lock)

    def sync(self) -> None:
        """One round is on its way."""
        self.syncing.emit(True)

        def finished(outcome: SyncOutcome) -> None:
            self.syncing.emit(False)
            self.told.emit(outcome.error or "")

        def failed(error: Exception) -> None:
            self.syncing.emit(False)
            self.failed.emit(error)

        run_beside(self, self._workspace.sync_now, finished, failed)

    def _do(self, work: Callable[[], Outcome], done: Callable[[Outcome], None] = lambda _: None) -> None:
        run_beside(self, work, done, self.failed.emit)

    def _tell_added(self, added: tuple[AddedFile, ...]) -> None:
        refused = [about_file(file.path.name, file.message) for file in added if file.outcome != "accepted"]
        self.told.emit("\n".join(refused))
        known = {file.document_id for file in added if file.outcome == "duplicate"}
        if len(known) == 1:
            self.known_already.emit(known.pop())
