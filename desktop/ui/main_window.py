"""The window: the inbox, one document's review, and a bar that says how things stand."""

from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from desktop.answers import AddedFile, Status, SyncOutcome
from desktop.errors import StoreRevoked
from desktop.events import ArrivalSettled, SyncFinished, WatchTrouble
from desktop.services import Workspace
from desktop.ui.bridge import Bridge
from desktop.ui.memory import WindowMemory
from desktop.ui.operation import run_beside
from desktop.ui.presence import Presence
from desktop.ui.screens.inbox.feed import InboxFeed
from desktop.ui.screens.inbox.model import InboxModel
from desktop.ui.screens.inbox.screen import InboxScreen
from desktop.ui.screens.review.screen import ReviewScreen
from desktop.ui.screens.unlock.lock_screen import LockScreen
from desktop.ui.screens.unlock.revoked_screen import RevokedScreen
from desktop.ui.theme import Space, theme
from desktop.ui.widgets import button, label
from desktop.ui.wording import ago, fault_sentence
from desktop.vault.documents import DocumentState, DocumentSummary
from desktop.vault.people import Person
from shared.clock import system_clock

FIRST_SIZE = QSize(1240, 800)
SMALLEST_SIZE = QSize(860, 540)


class MainWindow(QMainWindow):
    """Stands on an open workspace; every call to it that may take time goes beside the window's thread."""

    def __init__(self, workspace: Workspace, memory: WindowMemory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._memory = workspace, memory
        self.setObjectName("chartdrop")
        self.setWindowTitle(self.tr("Chartdrop"))
        self.setWindowIcon(theme().icon("drop", theme().palette.accent))
        self.setMinimumSize(SMALLEST_SIZE)
        self.setAcceptDrops(True)
        self.bridge = Bridge(workspace.events, self)
        self.model = InboxModel(self)
        self.feed = InboxFeed(workspace, self.bridge, self.model, self)
        self.inbox = InboxScreen(self.model, self.feed)
        self.review = ReviewScreen(workspace)
        self._screens = QStackedWidget()
        self._screens.addWidget(self.inbox)
        self._screens.addWidget(self.review)
        self.lock_screen = LockScreen(workspace)
        self._screens.addWidget(self.lock_screen)
        self.revoked_screen = RevokedScreen()
        self._screens.addWidget(self.revoked_screen)
        self._person: Person | None = None
        self._covered: QWidget = self.inbox
        self.setCentralWidget(self._screens)
        self._drop_sheet = self._make_drop_sheet()
        self._make_status_bar()
        self.presence = Presence(workspace, self)
        self._connect()
        self._restore()
        self._look_at_lock(workspace.session.is_locked())  # before anything is drawn: a look at the store takes 2 ms

    def start_work(self, folder: Path | None) -> None:
        """Reading, sync and the watched folder are being started; a folder that cannot be watched is told."""
        self.inbox.show_watched(folder)
        run_beside(self, lambda: self._workspace.start(folder), failed=self._tell_fault)

    def add_files(self, paths: tuple[Path, ...]) -> None:
        """`paths` are on their way into the store; what is not taken is told."""
        run_beside(self, lambda: self._workspace.add_files(paths), self._tell_added, self._tell_fault)

    def watch(self, folder: Path) -> None:
        """`folder` is watched from now on, and remembered once it is."""

        def remember(_: None) -> None:
            self._memory.watched_folder = folder
            self.inbox.show_watched(folder)

        run_beside(self, lambda: self._workspace.start(folder), remember, self._tell_fault)

    def open_document(self, document_id: UUID) -> None:
        """The document's page and record are in front."""
        summary = self.model.find(document_id)
        if summary is not None:
            if summary.state is DocumentState.WAITING:
                run_beside(self, lambda: self._workspace.hasten(document_id), failed=self._tell_fault)
            self.review.show_document(summary)
            self._screens.setCurrentWidget(self.review)
            self.review.setFocus()

    def show_inbox(self) -> None:
        """The list is in front, the keyboard in it."""
        self._screens.setCurrentWidget(self.inbox)
        self.inbox.view.setFocus()

    @property
    def is_covered(self) -> bool:
        """Whether the lock screen is in front, or the one that says that this device was revoked."""
        return self._screens.currentWidget() in (self.lock_screen, self.revoked_screen)

    def lock(self) -> None:
        """Nobody is signed in, and nothing is to be seen; where nobody was, nothing changes."""
        if self._person is None or self.is_covered:
            return
        self._cover()
        run_beside(self, self._workspace.session.lock, failed=self._tell_fault)

    def _look_at_lock(self, is_locked: bool) -> None:
        if is_locked and not self.is_covered:
            self._cover()
        elif not is_locked and not self.is_covered and not self.feed.is_begun:
            self.feed.load()

    def _cover(self) -> None:
        """What is in front stays as it is, under the lock screen."""
        self.presence.stop()  # it would ask for what is known
        self._covered = self.review if self._screens.currentWidget() is self.review else self.inbox
        self._screens.setCurrentWidget(self.lock_screen)
        self.statusBar().hide()
        self.lock_screen.welcome(self._person)

    def _uncover(self, person: Person) -> None:
        is_same = self._person is not None and self._person.id == person.id
        self._person = person
        self.presence.start()
        self._lock_button.setText(person.name)
        self._lock_button.setAccessibleName(self.tr("{0}: lock, or let somebody else work").format(person.name))
        self._lock_button.show()
        self.statusBar().show()
        if not is_same:
            self.review.put_away()
        shown = self._covered if is_same else self.inbox
        self._screens.setCurrentWidget(shown)
        shown.setFocus()
        self.feed.load()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped_files(event) and not self.is_covered:
            event.acceptProposedAction()
            self._drop_sheet.setGeometry(self._screens.geometry().adjusted(Space.L, Space.L, -Space.L, -Space.L))
            self._drop_sheet.show()
            self._drop_sheet.raise_()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_sheet.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_sheet.hide()
        paths = _dropped_files(event)
        if paths:
            event.acceptProposedAction()
            self.show_inbox()
            self.add_files(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.bridge.close()
        self.presence.stop()
        self._memory.geometry = self.saveGeometry()
        self._memory.save()
        super().closeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        screen = self.windowHandle()
        if screen is not None:
            self.presence.watch(screen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drop_sheet.hide()

    def _connect(self) -> None:
        self.inbox.view.opened.connect(self.open_document)
        self.inbox.view.retry_wanted.connect(self._retry)
        self.inbox.view.cancel_wanted.connect(self._cancel)
        self.inbox.files_chosen.connect(self.add_files)
        self.inbox.folder_chosen.connect(self.watch)
        self.inbox.sync_wanted.connect(self._sync)
        self.review.left.connect(self.show_inbox)
        self.review.retry_wanted.connect(self._retry)
        self.review.cancel_wanted.connect(self._cancel)
        self.feed.status_changed.connect(self._show_status)
        self.feed.document_changed.connect(self._document_changed)
        self.feed.troubled.connect(self._tell_fault)
        self.presence.looked.connect(self._look_at_lock)
        self.lock_screen.unlocked.connect(self._uncover)
        self.bridge.arrival_settled.connect(self._arrived)
        self.bridge.watch_trouble.connect(self._watch_trouble)
        self.bridge.sync_finished.connect(self._synced)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Quit), self).activated.connect(self.close)
        QShortcut(QKeySequence("Ctrl+L"), self).activated.connect(self.lock)

    def _restore(self) -> None:
        geometry = self._memory.geometry
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(FIRST_SIZE)

    def _document_changed(self, summary: DocumentSummary) -> None:
        if self.review.document_id == summary.id:
            self.review.show_document(summary)

    def _retry(self, document_id: UUID) -> None:
        run_beside(self, lambda: self._workspace.retry(document_id), failed=self._tell_fault)

    def _cancel(self, document_id: UUID) -> None:
        run_beside(self, lambda: self._workspace.cancel(document_id), failed=self._tell_fault)

    def _sync(self) -> None:
        self.inbox.set_syncing(True)

        def finished(outcome: SyncOutcome) -> None:
            self.inbox.set_syncing(False)
            self._tell(outcome.error or "")

        def failed(error: Exception) -> None:
            self.inbox.set_syncing(False)
            self._tell_fault(error)

        run_beside(self, self._workspace.sync_now, finished, failed)

    def _tell_added(self, added: tuple[AddedFile, ...]) -> None:
        self._tell("\n".join(_told(file.path.name, file.message) for file in added if file.outcome != "accepted"))

    def _arrived(self, arrival: ArrivalSettled) -> None:
        if arrival.outcome != "processed":
            self._tell(_told(arrival.file_name, arrival.detail))

    def _watch_trouble(self, trouble: WatchTrouble) -> None:
        self._tell(trouble.message)

    def _synced(self, outcome: SyncFinished) -> None:
        self._sync_fault.setText(outcome.error or "")
        self._sync_fault.setVisible(bool(outcome.error))

    def _tell_fault(self, error: Exception) -> None:
        if isinstance(error, StoreRevoked):
            self._show_revoked(fault_sentence(error))
        else:
            self._tell(fault_sentence(error))

    def _show_revoked(self, sentence: str | None) -> None:
        """Nothing is to be seen while this device is revoked; once it is let in again, all is as before."""
        is_shown = self._screens.currentWidget() is self.revoked_screen
        if sentence and not self.is_covered:
            self.review.put_away()
            self.model.replace_all(())
            self._screens.setCurrentWidget(self.revoked_screen)
            self.statusBar().hide()
            self.revoked_screen.tell(sentence)
        elif is_shown and sentence is None:
            self.statusBar().show()
            self.show_inbox()
            self.feed.load()

    def _tell(self, sentence: str) -> None:
        if sentence:
            self.inbox.notice.tell(sentence)

    def _make_status_bar(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        self.counts, self.last_sync, self._sync_fault = QLabel(), QLabel(), QLabel()
        for one, name in (
            (self.counts, self.tr("Documents by state")),
            (self.last_sync, self.tr("Last sync")),
            (self._sync_fault, self.tr("Sync trouble")),
        ):
            one.setTextFormat(Qt.TextFormat.PlainText)
            one.setAccessibleName(name)
        bar.addWidget(self.counts)
        bar.addPermanentWidget(self._sync_fault)
        bar.addPermanentWidget(self.last_sync)
        self._lock_button = button("", "lock", self.lock, look="quiet")
        self._lock_button.setToolTip(self.tr("Lock, or let somebody else work (Ctrl+L)"))
        self._lock_button.hide()
        bar.addPermanentWidget(self._lock_button)

    def _show_status(self, status: Status) -> None:
        self._show_revoked(status.revoked)
        counts = (
            (status.processing, self.tr("{0} being read")),
            (status.waiting, self.tr("{0} waiting")),
            (status.done, self.tr("{0} read")),
            (status.failed, self.tr("{0} not read")),
            (status.quarantined, self.tr("{0} set aside")),
            (status.unsynced if status.server else 0, self.tr("{0} to be sent")),
        )
        self.counts.setText("  ·  ".join(words.format(count) for count, words in counts if count))
        self.counts.setToolTip(status.reading_paused or "")
        self.last_sync.setText(self._sync_words(status))
        self.last_sync.setToolTip(status.server or "")

    def _sync_words(self, status: Status) -> str:
        if status.server is None:
            return self.tr("Everything stays on this machine, encrypted")
        if status.last_sync is None:
            return self.tr("Not synced yet")
        return self.tr("Synced {0}").format(ago(status.last_sync, system_clock()))

    def _make_drop_sheet(self) -> QWidget:
        sheet = QFrame(self)
        sheet.setProperty("look", "dropping")
        sheet.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words = label(self.tr("Drop to read"), "title")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        QVBoxLayout(sheet).addWidget(words)
        sheet.hide()
        return sheet


def _told(file_name: str, message: str) -> str:
    """`message` with the file it is about, unless it names it already."""
    return message if file_name in message else f"{file_name}: {message}"


def _dropped_files(event: QDropEvent) -> tuple[Path, ...]:
    """The local files that are being dropped; folders and links to the web are not taken."""
    paths = (Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
    return tuple(path for path in paths if path.is_file())
