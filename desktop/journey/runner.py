"""The work in the background: files are taken, documents read, files put in place, the server spoken with."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from desktop.errors import WatchRefused
from desktop.events import DocumentChanged, Event
from desktop.journey.hotfolder.folder import HotFolder, Surroundings, WatchState, usable_root
from desktop.journey.hotfolder.trust import WholeFile
from desktop.journey.intake.accept import Incoming, accept
from desktop.journey.recognition.pool import RecognitionPool
from desktop.journey.recognition.read_document import recover
from desktop.journey.retention import RetentionSweep
from desktop.journey.sync.push import Courier, Round
from desktop.journey.sync.retry import BackgroundSync
from desktop.settings import Settings
from desktop.vault import blobs, device, documents, entitlement, revocation
from desktop.vault.backup import remove_stale_snapshots
from desktop.vault.connection import Vault
from desktop.vault.files import shown_name
from desktop.vault.house_rules import house_rules
from desktop.vault.watched import Profile, WatchedFolder
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
    templates: Callable[[], tuple[Template, ...]]  # the clinic's own and its organization's, as they are now


class Runner:
    """All background work of one data directory, from `start` to `stop`; nothing of it ends with a bad file."""

    def __init__(self, workshop: Workshop) -> None:
        self._shop = workshop
        self._pool = RecognitionPool(
            workshop.vault, workshop.settings, workshop.publish, self._finished, workshop.templates
        )
        self._sync = BackgroundSync(
            workshop.courier, self._may_sync, workshop.settings.sync_seconds, self._round_finished
        )
        self._retention = RetentionSweep(
            workshop.vault,
            self._retention_years,
            lambda document_id: workshop.publish(DocumentChanged(document_id)),
        )
        self._guest: HotFolder | None = None
        self._kept: dict[UUID, HotFolder] = {}
        self._folders_lock = threading.Lock()

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

    def watch(self, root: Path, profile: Profile) -> None:
        """`root` is watched, besides the kept folders, instead of what was watched so before. Raises WatchRefused."""
        folder = HotFolder(root, self._surroundings(), profile)
        with self._folders_lock:
            if any(kept.root == folder.root for kept in self._kept.values()):
                return
            _refuse_overlap(folder.root, [kept.root for kept in self._kept.values()])
            self._stop_guest()
            folder.start()
            self._guest = folder

    def keep_watching(self, folders: Iterable[WatchedFolder]) -> None:
        """Exactly these `folders` are watched, besides the one of `watch`; one that is not there is waited for."""
        with self._folders_lock:
            wanted = {folder.id: folder for folder in folders}
            for folder_id, running in tuple(self._kept.items()):
                meant = wanted.get(folder_id)
                if meant is None or meant.profile != running.profile:
                    self._kept.pop(folder_id).stop()
            for folder in wanted.values():
                if folder.id not in self._kept:
                    self._keep(folder)

    def unwatch(self) -> None:
        """Only the kept folders are watched."""
        with self._folders_lock:
            self._stop_guest()

    def watch_states(self) -> tuple[WatchState, ...]:
        """How every watched folder is now."""
        return tuple(folder.state for folder in self._folders())

    def wake(self) -> None:
        """A document waits, or something stands in the outbox."""
        self._pool.wake()
        self._sync.wake()

    def drop(self, document_id: UUID) -> None:
        """The document that was cancelled is not being read any more, and its file has its place."""
        self._pool.drop(document_id)
        self._finished(document_id)

    def is_idle(self) -> bool:
        """Whether every file has its place and every document its outcome, or waits because nothing new is read."""
        with self._shop.vault.read() as connection:
            counts = documents.counts(connection)
            is_paused = entitlement.pause(connection, self._shop.vault.clock()) is not None
        if is_paused:
            return counts.processing == 0 and all(folder.has_taken_all() for folder in self._folders())
        return counts.waiting == counts.processing == 0 and all(folder.is_idle() for folder in self._folders())

    def stop(self) -> None:
        """Nothing works any more; what was half done is as if it had not begun."""
        self._stop_watching()
        self._pool.stop()
        self._sync.stop(_PATIENCE_SECONDS)
        self._retention.stop(_PATIENCE_SECONDS)

    def _keep(self, folder: WatchedFolder) -> None:
        if self._guest is not None and self._guest.root == folder.root:
            self._stop_guest()
        kept = HotFolder(folder.root, self._surroundings(), folder.profile, patient=True)
        kept.start()
        self._kept[folder.id] = kept

    def _folders(self) -> tuple[HotFolder, ...]:
        kept, guest = tuple(self._kept.values()), self._guest
        return kept if guest is None else (*kept, guest)

    def _stop_watching(self) -> None:
        with self._folders_lock:
            self._stop_guest()
            while self._kept:
                self._kept.popitem()[1].stop()

    def _stop_guest(self) -> None:
        guest, self._guest = self._guest, None
        if guest is not None:
            guest.stop()

    def _surroundings(self) -> Surroundings:
        return Surroundings(
            vault=self._shop.vault,
            settings=self._shop.settings,
            publish=self._shop.publish,
            intake=self._take_in,
            templates=lambda: frozenset(template_names(self._shop.templates())),
        )

    def _take_in(self, whole: WholeFile, profile: Profile) -> UUID:
        with self._shop.vault.read() as connection:
            revocation.check(connection)  # the file stays where it is, and is tried again
        incoming = Incoming(
            file_name=shown_name(whole.seen.path),
            sha256=whole.sha256,
            size=whole.seen.size,
            payload=whole.payload,
            template=profile.template,
            limit=self._shop.settings.max_file_mb * MEGABYTE,
            seen=whole.seen,
            unit=profile.unit,
        )
        accepted = accept(self._shop.vault, incoming)
        self._shop.publish(DocumentChanged(accepted.document_id))
        self.wake()
        return accepted.document_id

    def _finished(self, document_id: UUID) -> None:
        for folder in self._folders():
            folder.settle(document_id)
        self._sync.wake()

    def _retention_years(self) -> int:
        with self._shop.vault.read() as connection:
            return house_rules(connection, self._shop.settings).retention_years.value

    def _may_sync(self) -> bool:
        with self._shop.vault.read() as connection:
            metered = house_rules(connection, self._shop.settings).sync_metered.value
            return not metered and device.link(connection) is not None

    def _round_finished(self, done: Round) -> None:
        self._shop.publish(done.news)


def new_root(root: Path, data_dir: Path, others: Iterable[Path]) -> Path:
    """`root` as it can be watched beside the `others`; made when it is not there. Raises WatchRefused."""
    usable = usable_root(root, data_dir)
    _refuse_overlap(usable, others)
    return usable


def _refuse_overlap(root: Path, others: Iterable[Path]) -> None:
    """A folder in another would have its files taken twice."""
    for other in others:
        if root.is_relative_to(other) or other.is_relative_to(root):
            raise WatchRefused(
                f"{root} and {other}, which is watched already, lie in each other. Watch another folder."
            )
