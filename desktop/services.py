"""The composition root: what the window and the command line stand on. No Qt."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from uuid import UUID

from desktop.answers import AddedFile, AuditReport, Connection, Status, SyncOutcome, entitlement_of
from desktop.errors import FileRefused, PageUnknown, ReadingPaused, RetryRefused, StoreBusy
from desktop.events import DocumentChanged, EventBus, WatchTrouble
from desktop.exports import Exports
from desktop.house import House
from desktop.journey.folder_list import add_folder, change_folder, remove_folder
from desktop.journey.hotfolder.folder import WatchState
from desktop.journey.intake.accept import Incoming, accept
from desktop.journey.intake.keep import keep_reading
from desktop.journey.intake.picked import pasted, read_picked
from desktop.journey.known_templates import KnownTemplates
from desktop.journey.recognition.read_document import cancel
from desktop.journey.runner import Runner, Workshop
from desktop.journey.sync.enrol import SignIn, enrol, forget, pinned_authority
from desktop.journey.sync.push import Courier
from desktop.journey.sync.state import SyncState, sync_state
from desktop.people.roles import Right
from desktop.people.session import Session
from desktop.people.sightings import Sightings
from desktop.people.staff import Staff
from desktop.review import Review
from desktop.settings import Settings
from desktop.trail import Trail
from desktop.vault import (
    ancestry,
    audit_log,
    blobs,
    corrections,
    device,
    documents,
    entitlement,
    feed,
    people,
    reviewers,
    revocation,
    watched,
)
from desktop.vault.backup import BackedUp, back_up
from desktop.vault.connection import Vault, open_vault
from desktop.vault.documents import DocumentState, DocumentSummary, PageImage
from desktop.vault.erasure import delete_document, hold
from desktop.vault.folder import DataFolder, sole_worker
from desktop.vault.house_rules import house_rules
from desktop.vault.key_file import AskPassphrase, read_key_file
from desktop.vault.keys import given_passphrase
from desktop.vault.log import log_to
from desktop.vault.rekey import is_rotation_pending, rotate
from desktop.vault.search import Found, SearchQuery, places, search
from desktop.vault.watched import Profile, WatchedFolder
from shared.audit.entry import Detail
from shared.documents import Polygon, Reading
from shared.reading.settings import MEGABYTE
from shared.templates import AUTO, OwnTemplates, template_named

_RETRIED = frozenset({DocumentState.FAILED, DocumentState.QUARANTINED})


class Workspace:
    """An open store and the work around it.

    Every method may be called from any thread; none needs the network but `connect` and `sync_now`. Where several
    people share the device, what a person asks for raises SignInNeeded, and NotAllowed as the table of roles has it."""

    def __init__(self, vault: Vault, settings: Settings) -> None:
        self.events = EventBus()
        self.settings = settings
        self._vault = vault
        self._courier = Courier(vault, lambda document_id: self.events.publish(DocumentChanged(document_id)))
        self._templates = KnownTemplates(vault)
        self.session = Session(vault, settings.lock_minutes * 60)
        self.staff = Staff(vault, self.session)
        self.review = Review(vault, self.session, self._note_seen, self._tell_and_wake)
        self.exports = Exports(vault, self.session)
        self.house = House(vault, self.session, settings, self._wake)
        self.trail = Trail(vault, self.session, self._note_seen)
        self._sightings = Sightings()
        self._runner: Runner | None = None
        self._keeps_watching = False
        self._held = ExitStack()
        self._starting = threading.Lock()

    def own_templates(self) -> OwnTemplates:
        """The clinic's own templates, as they were when they were first asked for, and its organization's of now."""
        return self._templates.now()

    def documents(self) -> tuple[DocumentSummary, ...]:
        """Every document, newest first."""
        with self._vault.read() as connection:
            listed = documents.listing(connection)
        self._note_seen("documents.listed", self._vault.chain.device_id)
        return listed

    def document(self, document_id: UUID) -> DocumentSummary:
        """Raises DocumentUnknown."""
        with self._vault.read() as connection:
            return documents.get(connection, document_id)

    def reading(self, document_id: UUID) -> Reading:
        """What was read, with what people said of it since; before that an empty reading. Raises DocumentUnknown."""
        with self._vault.read() as connection:
            reading = corrections.current(connection, document_id)
        self._note_seen("document.seen", str(document_id))
        return reading

    def search(self, query: SearchQuery) -> Found:
        """The documents with a page on which all that was typed stands, the best first."""
        self._note_seen("documents.searched", self._vault.chain.device_id)
        with self._vault.read() as connection:
            return search(connection, query)

    def reviewers(self) -> tuple[str, ...]:
        """Everybody by whom searches can be narrowed: who works here, and who reviewed a document elsewhere."""
        with self._vault.read() as connection:
            here = tuple(person.name for person in people.listing(connection))
            keys = {people.name_key(name) for name in here}
            return here + tuple(key for key in reviewers.everybody(connection) if key not in keys)

    def places(self, document_id: UUID, typed: str) -> dict[int, tuple[Polygon, ...]]:
        """Where on which page (from 1) what was `typed` stands: polygons to mark. Raises DocumentUnknown."""
        return places(self.reading(document_id), typed)

    def page_image(self, document_id: UUID, number: int, *, shown: bool = True) -> PageImage:
        """The picture of page `number` (from 1), also while later pages are still being read.

        One that is not `shown` is no look: fetched beforehand, or for a thumbnail too small to be read.
        Raises DocumentUnknown, PageUnknown, StoreDamaged."""
        with self._vault.read() as connection:
            documents.get(connection, document_id)
            blob = blobs.find(connection, document_id, "page", number)
        if blob is None:
            raise PageUnknown(f"Page {number} of this document has no picture yet.")
        if shown:
            self.note_page_shown(document_id, number)
        else:
            self.session.require(Right.SEE, str(document_id))
        return PageImage(self._vault.blobs.read(blob), blob.media_type)

    def note_page_shown(self, document_id: UUID, number: int) -> None:
        """That somebody looks at the page is in the audit chain; `page_image` does so itself."""
        self._note_seen("document.page_seen", str(document_id), number)

    def add_pasted(self, file_name: str, payload: bytes) -> AddedFile:
        """What a person pasted is in the encrypted store and waits; nowhere else was it written.

        Raises SignInNeeded, NotAllowed."""
        actor = self.session.require(Right.TAKE_IN)
        accepted = accept(self._vault, pasted(file_name, payload, AUTO, self.settings.max_file_mb * MEGABYTE), actor)
        self._tell_and_wake(accepted.document_id)
        return AddedFile(Path(file_name), accepted.document_id, accepted.outcome, accepted.message)

    def add_files(self, paths: Iterable[Path], template: str = AUTO) -> tuple[AddedFile, ...]:
        """Every file is in the encrypted store and waits, or its answer says why not. Originals stay.

        Raises shared.templates.errors.TemplateUnknown."""
        actor = self.session.require(Right.TAKE_IN)
        self._check_template(template)
        added = tuple(self._add_file(path, template, actor) for path in paths)
        self._wake()
        return added

    def keep_reading(self, incoming: Incoming, reading: Reading, pages: Iterable[PageImage]) -> AddedFile:
        """What was read outside is a finished document of the store, unless its content was known already.

        Raises ReadingPaused where nothing new is read here."""
        with self._vault.read() as connection:
            if paused := entitlement.pause(connection, self._vault.clock()):
                raise ReadingPaused(paused.sentence)
        kept = keep_reading(self._vault, incoming, reading, pages, self.session.require(Right.TAKE_IN))
        self._tell_and_wake(kept.document_id)
        return AddedFile(Path(incoming.file_name), kept.document_id, kept.outcome, kept.message)

    def retry(self, document_id: UUID) -> None:
        """The failed or quarantined document waits to be read again. Raises DocumentUnknown, RetryRefused."""
        actor = self.session.require(Right.TAKE_IN, str(document_id))
        with self._vault.act() as connection:
            summary = documents.get(connection, document_id)
            if summary.state not in _RETRIED:
                raise RetryRefused(f"This document is {summary.state}: there is nothing to try again.")
            if blobs.find(connection, document_id, "original") is None:
                raise RetryRefused("The original was not kept, since it could not be taken. Add the file again.")
            documents.wait_again(connection, document_id, self._vault.clock(), urgent=True)
            act = audit_log.Act(actor, "document.queued_again", str(document_id))
            audit_log.record(connection, self._vault.chain, act)
        self._tell_and_wake(document_id)

    def cancel(self, document_id: UUID) -> None:
        """The document that waits or is being read has failed, by a person's wish; `retry` has it read after all.

        Raises DocumentUnknown, CancelRefused."""
        cancel(self._vault, document_id, self.session.require(Right.TAKE_IN, str(document_id)))
        runner = self._runner
        if runner is not None:
            runner.drop(document_id)
        self._tell_and_wake(document_id)

    def hasten(self, document_id: UUID) -> None:
        """A person waits for the document: where it still waits itself, it is read before the drop folder's."""
        self.session.require(Right.SEE, str(document_id))
        with self._vault.act() as connection:
            documents.hasten(connection, document_id)

    def delete(self, document_id: UUID) -> None:
        """The document is gone for good: its keys are destroyed, its audit entries stay.

        Raises DocumentUnknown, DeleteRefused."""
        delete_document(self._vault, document_id, self.session.require(Right.DELETE, str(document_id)))
        runner = self._runner
        if runner is not None:
            runner.drop(document_id)
        self.events.publish(DocumentChanged(document_id))

    def hold(self, document_id: UUID, *, held: bool = True) -> None:
        """The document is not deleted, by anybody or for its age, until it is released. Raises DocumentUnknown."""
        hold(self._vault, document_id, self.session.require(Right.DELETE, str(document_id)), held=held)
        self.events.publish(DocumentChanged(document_id))

    def status(self) -> Status:
        """How much is where."""
        with self._vault.read() as connection:
            counts, link, told = documents.counts(connection), device.link(connection), feed.fetched(connection)
            conflicts = corrections.conflict_count(connection)
            revoked, paused = revocation.held(connection), entitlement.pause(connection, self._vault.clock())
            earlier = ancestry.held(connection)
        synced, server, fault = (link.last_sync_at, link.url, link.last_error) if link else (None, None, None)
        states = counts.waiting, counts.processing, counts.done, counts.failed, counts.quarantined
        fetched = told.device_name, told.template_count, entitlement_of(told.terms) if told.terms else None
        why = revoked.sentence if revoked else None, paused.sentence if paused else None
        restored = earlier[-1].sentence if earlier else None
        return Status(
            *states, counts.unsynced, synced, server, fault, *fetched, told.server_sees, *why, restored, conflicts
        )

    def start(self, watch: Path | None, *, kept: bool = True, program: str = "Chartdrop") -> None:
        """Recognition, sync, the folders on the list (unless not `kept`) and that of `watch` work until `stop`.

        Called again with another folder, that one is watched instead. `program` is who others are told works here.
        Raises StoreBusy when another process works in the data directory, WatchRefused for an unusable folder,
        StoreRevoked where the organization revoked this device."""
        self.session.check_not_revoked()
        with self._starting:
            if self._runner is None:
                self._runner = self._started_runner(program)
                self._keeps_watching = kept
                self._watch_list(self._runner)
            elif watch is not None:
                actor = self.session.require(Right.SET_UP)
                self._record(audit_log.Act(actor, "settings.changed", "watched_folder"))
            if watch is not None:
                with self._vault.read() as connection:
                    profile = watched.profile_of(connection, watch.resolve())
                self._runner.watch(watch, profile)

    def watched_folders(self) -> tuple[WatchedFolder, ...]:
        """The list of folders that are watched from one day to the next, each with its profile."""
        with self._vault.read() as connection:
            return watched.listing(connection)

    def watch_states(self) -> tuple[WatchState, ...]:
        """How every folder is that is watched now; nothing before `start`."""
        return self._runner.watch_states() if self._runner else ()

    def unwatch(self) -> None:
        """The folder that `start` was called with is watched no more; its files stay."""
        actor = self.session.require(Right.SET_UP)
        if self._runner is not None:
            self._runner.unwatch()
        self._record(audit_log.Act(actor, "settings.changed", "watched_folder"))

    def add_watched(self, root: Path, profile: Profile) -> WatchedFolder:
        """The folder is on the list, and watched while work goes on. Raises WatchRefused, TemplateUnknown."""
        self._check_template(profile.template)
        added = add_folder(self._vault, root, profile, self.session.require(Right.SET_UP))
        self._watch_list(self._runner)
        return added

    def change_watched(self, folder_id: UUID, profile: Profile) -> WatchedFolder:
        """The folder has another profile. Raises FolderUnknown, TemplateUnknown."""
        self._check_template(profile.template)
        changed = change_folder(self._vault, folder_id, profile, self.session.require(Right.SET_UP))
        self._watch_list(self._runner)
        return changed

    def remove_watched(self, folder_id: UUID) -> None:
        """The folder is watched no more; its files stay. Raises FolderUnknown."""
        remove_folder(self._vault, folder_id, self.session.require(Right.SET_UP))
        self._watch_list(self._runner)

    def is_idle(self) -> bool:
        """Whether nothing waits or is being read, and every file of the watched folder has its place."""
        return self._runner is None or self._runner.is_idle()

    def stop(self) -> None:
        """No background work runs; what was being read waits to be read again."""
        with self._starting:
            runner, self._runner = self._runner, None
            if runner is not None:
                runner.stop()
            self._held.close()

    def sync_now(self) -> SyncOutcome:
        """One round; never raises for a server that is down or refuses: `error` says so."""
        done = self._courier.round()
        self.events.publish(done.news)
        return SyncOutcome(done.sent, done.waiting, done.fetched, done.news.error, done.fault, done.note)

    def sync_state(self) -> SyncState:
        """What waits to be sent, why, and until when."""
        with self._vault.read() as connection:
            return sync_state(connection, is_metered=house_rules(connection, self.settings).sync_metered.value)

    def connect(
        self, url: str, code: str | None = None, email: str | None = None, password: str | None = None
    ) -> Connection:
        """This device is enrolled with the server at `url`, by `code` or by signing in.

        One that was revoked is let in again so. Raises ServerUnreachable, ServerRefused."""
        actor = self.session.require(Right.SET_UP, even_revoked=True)
        credential = code or SignIn(email or "", password or "")
        insecure, authority = self.settings.allow_insecure_server, pinned_authority(self.settings.server_ca)
        link = enrol(self._vault, url, credential, allow_insecure=insecure, authority=authority, actor=actor)
        self._wake()
        return Connection(link.url, link.organization_name)

    def connection(self) -> Connection | None:
        """The server that this device is enrolled with."""
        with self._vault.read() as connection:
            link = device.link(connection)
        return Connection(link.url, link.organization_name) if link else None

    def disconnect(self) -> None:
        """The server is forgotten; nothing is lost. Raises NotConnected."""
        forget(self._vault, self.session.require(Right.SET_UP))

    def back_up(
        self, out: Path, recovery_passphrase: str | None = None, ask_passphrase: AskPassphrase = lambda: None
    ) -> BackedUp:
        """The store as it is now lies in the file `out`, encrypted, and was checked there; work goes on meanwhile.

        It is restored with the `recovery_passphrase`, or else with the store's own; one whose key is in a keyring has
        none. Raises StoreLocked, BackupFailed, StoreDamaged."""
        actor = self.session.require(Right.BACK_UP)
        own = given_passphrase(self.settings, ask_passphrase)
        return back_up(self._vault, own, out, recovery_passphrase, actor=actor)

    def verify_audit(self) -> AuditReport:
        """The whole chain was checked."""
        with self._vault.read() as connection:
            return AuditReport(
                audit_log.length(connection),
                audit_log.verify(connection, self._vault.chain),
                audit_log.countersigned_through(connection),
            )

    @contextmanager
    def audit_lines(self) -> Iterator[Iterator[str]]:
        """Every entry of the audit chain as one line of JSON, in order, as it stood when the block began."""
        with self._vault.read() as connection:
            yield audit_log.lines(connection)

    def close(self) -> None:
        """Background work is stopped and the store is closed."""
        self.stop()
        try:
            self.session.lock("closed")
        finally:
            self._vault.close()

    def _note_seen(self, action: str, subject: str, page: int = 0) -> None:
        """That somebody looks is written down before they do; a look of the last ten minutes once."""
        actor = self.session.require(Right.SEE, subject)
        look = (actor, action, subject, str(page))
        if not self._sightings.is_new(look):
            return
        self._record(audit_log.Act(actor, action, subject, {"page": page} if page else {}))
        self._sightings.note(look)

    def _note_opened(self) -> None:
        key_file = read_key_file(self._vault.folder)
        details: dict[str, Detail] = {"key": key_file.kind} if key_file else {}
        self._record(audit_log.Act(audit_log.DEVICE, "store.opened", self._vault.chain.device_id, details))

    def _record(self, act: audit_log.Act) -> None:
        with self._vault.act() as connection:
            audit_log.record(connection, self._vault.chain, act)

    def _check_template(self, template: str) -> None:
        if template != AUTO:
            template_named(template, self.own_templates().templates)

    def _watch_list(self, runner: Runner | None) -> None:
        if runner is not None and self._keeps_watching:
            runner.keep_watching(self.watched_folders())

    def _started_runner(self, program: str) -> Runner:
        self._held.enter_context(sole_worker(self._vault.folder, program))
        own = self.own_templates
        runner = Runner(
            Workshop(self._vault, self.settings, self._courier, self.events.publish, lambda: own().templates)
        )
        for refusal in own().refused:
            message = f"{refusal.message} It is left out."
            self.events.publish(WatchTrouble(str(self._vault.folder.templates), message))
        try:
            self._note_opened()
            runner.start()
        except BaseException:
            self._held.close()
            raise
        return runner

    def _add_file(self, path: Path, template: str, actor: str) -> AddedFile:
        try:
            incoming = read_picked(path, template, self.settings.max_file_mb * MEGABYTE)
        except FileRefused as refusal:
            return AddedFile(path, None, "refused", refusal.message)
        accepted = accept(self._vault, incoming, actor)
        self.events.publish(DocumentChanged(accepted.document_id))
        return AddedFile(path, accepted.document_id, accepted.outcome, accepted.message)

    def _tell_and_wake(self, document_id: UUID) -> None:
        self.events.publish(DocumentChanged(document_id))
        self._wake()

    def _wake(self) -> None:
        runner = self._runner
        if runner is not None:
            runner.wake()


def open_workspace(settings: Settings, ask_passphrase: AskPassphrase) -> Workspace:
    """The store in `settings.data_dir` is open; it is made when there is none.

    `ask_passphrase` is called at most once, and only when the store's key is under a passphrase (or a new store has no
    keyring to use) and CHARTDROP_PASSPHRASE is not set; None means that nobody answered.
    Raises StoreLocked (a wrong or missing passphrase; nothing was touched), StoreDamaged, StoreTooNew."""
    folder, ask_once = DataFolder(settings.data_dir), cache(ask_passphrase)
    log_to(folder)
    if is_rotation_pending(folder):
        with suppress(StoreBusy):  # whoever has it open works with either key; the rotation ends another time
            rotate(settings, ask_once)
    return Workspace(open_vault(settings, ask_once), settings)
