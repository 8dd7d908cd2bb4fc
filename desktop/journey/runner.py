"""The work in the background: files are taken, documents read, files put in place, the outbox emptied."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from desktop.events import DocumentChanged, Event, SyncFinished
from desktop.journey.hotfolder.folder import HotFolder, Surroundings
from desktop.journey.hotfolder.trust import WholeFile
from desktop.journey.intake.accept import Incoming, accept
from desktop.journey.recognition.pool import RecognitionPool
from desktop.journey.recognition.read_document import recover
from desktop.journey.retention import RetentionSweep
from desktop.journey.sync.push import Courier, Round
from desktop.journey.sync.retry import BackgroundSync
from desktop.settings import Settings
from desktop.vault import blobs, device, documents, outbox
from desktop.vault.backup import remove_stale_snapshots
from desktop.vault.connection import Vault
from desktop.vault.files import shown_name
from shared.reading.settings import MEGABYTE
from shared.templates import Template, template_names

_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the runner works with."""

    vault: Vault
    settings: Settings
    courier: Courier
    publish: Callable[[Event], None]
    templates: tuple[Template, ...] = ()  # the clinic's own


class Runner:
    """All background work of one data directory, from `start` to `stop`; nothing of it ends with a bad file."""

    def __init__(self, workshop: Workshop) -> None:
        self._shop = workshop
        self._pool = RecognitionPool(
            workshop.vault, workshop.settings, workshop.publish, self._finished, workshop.templates
        )
        self._sync = BackgroundSync(
            workshop.courier, self._has_unsent, workshop.settings.sync_seconds, self._round_finished
        )
        self._retention = RetentionSweep(
            workshop.vault,
            workshop.settings.retention_years,
            lambda document_id: workshop.publish(DocumentChanged(document_id)),
        )
        self._folder: HotFolder | None = None
        self._folder_lock = threading.Lock()

    def start(self) -> None:
        """What a crash left behind is put right, and work goes on."""
        for document_id in recover(self._shop.vault):
            self._shop.publish(DocumentChanged(document_id))
        with self._shop.vault.read() as connection:
            known = blobs.known(connection)
        self._shop.vault.blobs.remove_orphans(known)
        remove_stale_snapshots(self._shop.vault.folder)
        self._pool.start()
        self._sync.start()
        self._retention.start()

    def watch(self, root: Path) -> None:
        """`root` is watched, instead of what was watched before. Raises WatchRefused."""
        folder = HotFolder(
            root,
            Surroundings(
                vault=self._shop.vault,
                settings=self._shop.settings,
                publish=self._shop.publish,
                intake=self._take_in,
                templates=frozenset(template_names(self._shop.templates)),
            ),
        )
        self._stop_watching()
        folder.start()
        with self._folder_lock:
            self._folder = folder

    @property
    def watched(self) -> Path | None:
        """The folder that is being watched."""
        folder = self._folder
        return folder.root if folder else None

    def wake(self) -> None:
        """A document waits, or something stands in the outbox."""
        self._pool.wake()
        self._sync.wake()

    def drop(self, document_id: UUID) -> None:
        """The document that was cancelled is not being read any more, and its file has its place."""
        self._pool.drop(document_id)
        self._finished(document_id)

    def is_idle(self) -> bool:
        """Whether every file has its place and every document its outcome."""
        folder = self._folder
        with self._shop.vault.read() as connection:
            counts = documents.counts(connection)
        return counts.waiting == counts.processing == 0 and (folder is None or folder.is_idle())

    def stop(self) -> None:
        """Nothing works any more; what was half done is as if it had not begun."""
        self._stop_watching()
        self._pool.stop()
        self._sync.stop(_PATIENCE_SECONDS)
        self._retention.stop(_PATIENCE_SECONDS)

    def _stop_watching(self) -> None:
        with self._folder_lock:
            folder, self._folder = self._folder, None
        if folder is not None:
            folder.stop()

    def _take_in(self, whole: WholeFile, template: str) -> UUID:
        incoming = Incoming(
            file_name=shown_name(whole.seen.path),
            sha256=whole.sha256,
            size=whole.seen.size,
            payload=whole.payload,
            template=template,
            limit=self._shop.settings.max_file_mb * MEGABYTE,
            seen=whole.seen,
        )
        accepted = accept(self._shop.vault, incoming)
        self._shop.publish(DocumentChanged(accepted.document_id))
        self.wake()
        return accepted.document_id

    def _finished(self, _: UUID) -> None:
        folder = self._folder
        if folder is not None:
            folder.settle()
        self._sync.wake()

    def _has_unsent(self) -> bool:
        with self._shop.vault.read() as connection:
            link = device.link(connection)
            return link is not None and outbox.last_sequence(connection) > link.accepted_through

    def _round_finished(self, done: Round) -> None:
        self._shop.publish(SyncFinished(done.sent, done.waiting, done.fault.message if done.fault else None))
