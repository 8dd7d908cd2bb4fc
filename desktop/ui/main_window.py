"""The window: its places beside the rail, one document's review, and a bar that says how things stand."""

from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QSize, Qt, Signal
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
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QSystemTrayIcon, QWidget

from desktop.answers import Status
from desktop.errors import StoreRevoked
from desktop.events import ArrivalSettled
from desktop.services import Workspace
from desktop.ui.bridge import Bridge
from desktop.ui.cover import Cover
from desktop.ui.dropping import DropSheet
from desktop.ui.errands import Errands
from desktop.ui.memory import WindowMemory
from desktop.ui.navigation import Place, Rail, place_name
from desktop.ui.presence import Presence
from desktop.ui.rooms import Rooms
from desktop.ui.screens.inbox.feed import InboxFeed
from desktop.ui.screens.inbox.model import InboxModel
from desktop.ui.screens.inbox.screen import InboxScreen
from desktop.ui.screens.inbox.thumbnails import Thumbnails
from desktop.ui.screens.review.screen import ReviewScreen
from desktop.ui.status_line import StatusLine
from desktop.ui.sweeping import Sweeper
from desktop.ui.theme import theme
from desktop.ui.tray import News, Tray
from desktop.ui.wording import about_file, fault_sentence
from desktop.vault.documents import DocumentState, DocumentSummary
from desktop.vault.people import Person
from shared.clock import system_clock

FIRST_SIZE = QSize(1280, 820)
SMALLEST_SIZE = QSize(940, 560)


class MainWindow(QMainWindow):
    """Stands on an open workspace; every call to it that may take time goes beside the window's thread."""

    size_chosen = Signal()
    """Text and controls are to be of another size, which only another application draws."""

    def __init__(self, workspace: Workspace, memory: WindowMemory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._memory = workspace, memory
        self.setObjectName("chartdrop")
        self.setWindowTitle(self.tr("Chartdrop"))
        self.setWindowIcon(theme().icon("drop", theme().palette.accent))
        # Drawn three times as large, it is still no larger than a screen that is small.
        self.setMinimumSize(SMALLEST_SIZE.boundedTo(self.screen().availableSize()))
        self.setAcceptDrops(True)
        self.bridge = Bridge(workspace.events, self)
        self.model = InboxModel(self)
        self.feed = InboxFeed(workspace, self.bridge, self.model, self)
        self.thumbnails = Thumbnails(workspace, self)
        self.inbox, self.review = InboxScreen(self.model, self.feed, self.thumbnails), ReviewScreen(workspace)
        self.rail, self._screens = Rail(), QStackedWidget()
        for screen in (self.inbox, self.review):
            self._screens.addWidget(screen)
        self.cover = Cover(self._screens, workspace)
        self.lock_screen, self.revoked_screen = self.cover.lock_screen, self.cover.revoked_screen
        self.errands = Errands(workspace, self)
        self.rooms = Rooms(self._screens, workspace, memory, self.bridge)
        self._place = Place.INBOX
        self._wanted_spot: tuple[UUID, int, str] | None = None
        self._drop_sheet = DropSheet(self, self._screens)
        self.status_line = StatusLine()
        self.counts, self.last_sync = self.status_line.counts, self.status_line.last_sync
        self.news = News(system_clock(), self.isActiveWindow, self)
        self.tray = Tray(self) if QSystemTrayIcon.isSystemTrayAvailable() else None
        self.presence, self.sweeper = Presence(workspace, self), Sweeper(self)
        self._lay_out()
        self._connect()
        self._restore()
        if person := workspace.session.person():  # the window is drawn anew, and they work on
            self._know(person)
        self._look_at_lock(workspace.session.is_locked())  # before anything is drawn: a look at the store takes 2 ms

    def start_work(self, folder: Path | None) -> None:
        """Reading, sync and the watched folder are being started; a folder that cannot be watched is told."""
        self.inbox.show_watched(folder)
        self.errands.start(folder)

    def open_document(self, document_id: UUID) -> None:
        """The document's page and record are in front."""
        summary = self.model.find(document_id)
        if summary is not None:
            if summary.state is DocumentState.WAITING:
                self.errands.hasten(document_id)
            self.review.show_document(summary)
            self._screens.setCurrentWidget(self.review)
            self.review.setFocus()

    def open_at(self, document_id: UUID, page: int, key: str) -> None:
        """The document is in front at `page` (from 1), with the entry `key` in hand ("" for none)."""
        is_open = self.review.document_id == document_id
        self._wanted_spot = document_id, page, key
        self.open_document(document_id)
        if is_open:
            self._go_to_spot()

    def show_inbox(self) -> None:
        """The list is in front, the keyboard in it."""
        self._note_place(Place.INBOX)
        self._screens.setCurrentWidget(self.inbox)
        self.inbox.view.setFocus()

    def show_place(self, place: Place) -> None:
        """`place` is in front, as it was left. Under the lock screen everything stays where it is."""
        if self.is_covered:
            self.rail.show_place(self._place)
        elif place is Place.INBOX:
            self.show_inbox()
        else:
            self._note_place(place)
            self.rooms.show(place)

    def show_guide(self) -> None:
        """The first steps are in front."""
        if not self.is_covered:
            self.rooms.show_guide()

    def offer_guide(self) -> None:
        """The first steps are in front where nothing was ever done here, and nobody passed them by."""
        is_new = not (self._memory.knows_first_steps or self._memory.watched_folder or self.model.total)
        if is_new and not self._workspace.watched_folders() and not self._workspace.connection():
            self.show_guide()

    @property
    def is_covered(self) -> bool:
        """Whether the lock screen is in front, or the one that says that this device was revoked."""
        return self.cover.is_down

    def lock(self) -> None:
        """Nobody is signed in, and nothing is to be seen; where nobody was, nothing changes."""
        if self.cover.person is not None and not self.is_covered:
            self.cover.fall()
            self.errands.lock()

    def show_shortcuts(self) -> None:
        """The sheet of shortcuts is open."""
        from desktop.ui.screens.help.shortcuts import ShortcutSheet

        ShortcutSheet(self).open()

    def show_about(self) -> None:
        """The sheet that says what this is, and made of what, is open."""
        from desktop.ui.screens.help.about import AboutSheet  # it reads what is installed

        AboutSheet(self, self._workspace.settings.data_dir).open()

    def _look_at_lock(self, is_locked: bool) -> None:
        if is_locked and not self.is_covered:
            self.cover.fall()
        elif not is_locked and not self.is_covered and not self.feed.is_begun:
            self.feed.load()

    def _hide_all(self) -> None:
        self.presence.stop()  # it would ask for what is known
        self._show_frame(False)

    def _uncover(self, person: Person, is_same: bool) -> None:
        self._know(person)
        self.presence.start()
        self._show_frame(True)
        if not is_same:
            self.review.put_away()
            self.thumbnails.clear()
            self.rooms.put_away()
            self.show_inbox()
        self.feed.load()

    def _know(self, person: Person) -> None:
        self.cover.person = person
        self.status_line.show_person(person)

    def _show_frame(self, shown: bool) -> None:
        """What stands around the screens says where documents are: nobody sees it before they signed in."""
        self.statusBar().setVisible(shown)
        self.rail.setVisible(shown)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self.is_covered:
            self._drop_sheet.offer(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_sheet.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        def take(paths: tuple[Path, ...]) -> None:
            self.show_inbox()
            self.errands.add_files(paths)

        self._drop_sheet.take(event, take)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.bridge.close()
        self.presence.stop()
        self.sweeper.stop()
        if self.tray is not None:
            self.tray.hide()
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
        self.inbox.view.retry_wanted.connect(self.errands.retry)
        self.inbox.view.cancel_wanted.connect(self.errands.cancel)
        self.inbox.view.export_wanted.connect(self._export)
        self.review.export_wanted.connect(lambda document_id: self._export((document_id,)))
        self.inbox.files_chosen.connect(self.errands.add_files)
        self.inbox.folder_chosen.connect(self.errands.watch)
        self.inbox.sync_wanted.connect(self.errands.sync)
        self.inbox.pasted.connect(self.errands.add_pasted)
        self.inbox.cancel_all_wanted.connect(self._cancel_all)
        self.bridge.pages_read.connect(lambda pages: self.inbox.note_pages(len(pages)))
        self.review.left.connect(lambda: self.show_place(self._place))
        self.review.page_shown.connect(lambda _: self._go_to_spot())
        self.review.decided.connect(self._open_next)
        self.review.retry_wanted.connect(self.errands.retry)
        self.review.cancel_wanted.connect(self.errands.cancel)
        self.feed.status_changed.connect(self._show_status)
        self.feed.document_changed.connect(self._document_changed)
        self.feed.document_changed.connect(self.news.document_changed)
        self.feed.troubled.connect(self._tell_fault)
        self.feed.loaded.connect(self.sweeper.settle)
        self.presence.looked.connect(self._look_at_lock)
        self.cover.fell.connect(self._hide_all)
        self.cover.lifted.connect(self._uncover)
        self.revoked_screen.let_in.connect(self._go_on)
        self.status_line.lock_wanted.connect(self.lock)
        self.bridge.arrival_settled.connect(self._arrived)
        self.bridge.watch_trouble.connect(lambda trouble: self._tell(trouble.message))
        self.bridge.watch_trouble.connect(self.news.watch_trouble)
        self.bridge.sync_finished.connect(lambda outcome: self.status_line.show_sync_fault(outcome.error))
        self.bridge.sync_finished.connect(lambda outcome: self._tell(outcome.note or ""))
        self.bridge.sync_finished.connect(self.news.sync_finished)
        self._connect_errands()
        self._connect_rooms()
        self._connect_keys()
        self._connect_tray()

    def _connect_errands(self) -> None:
        self.errands.told.connect(self._tell)
        self.errands.failed.connect(self._tell_fault)
        self.errands.known_already.connect(self._offer_first)
        self.errands.watched.connect(self._remember_watched)
        self.errands.syncing.connect(self.inbox.set_syncing)

    def _connect_rooms(self) -> None:
        self.rooms.opened.connect(self.open_document)
        self.rooms.opened_at.connect(self.open_at)
        self.rooms.place_wanted.connect(self.show_place)
        self.rooms.changed.connect(self.feed.load)
        self.rooms.guest_removed.connect(lambda: self.inbox.show_watched(None))
        self.rooms.guide_wanted.connect(self.show_guide)
        self.rooms.size_chosen.connect(self.size_chosen)
        self.rooms.guide_done.connect(self._end_guide)
        self.rooms.signed_in.connect(self._know)
        self.feed.document_changed.connect(self.rooms.document_changed)

    def _connect_keys(self) -> None:
        self.rail.chosen.connect(self.show_place)
        self.rail.bind_keys(self)
        standard = QKeySequence.StandardKey
        for keys, act in (
            (QKeySequence(standard.Quit), self.close),
            (QKeySequence("Ctrl+L"), self.lock),
            (QKeySequence(standard.Find), lambda: self.show_place(Place.SEARCH)),
            (QKeySequence("Ctrl+,"), lambda: self.show_place(Place.SETTINGS)),
            (QKeySequence("?"), self.show_shortcuts),
            (QKeySequence(standard.HelpContents), self.show_shortcuts),
        ):
            QShortcut(keys, self).activated.connect(act)

    def _connect_tray(self) -> None:
        if self.tray is not None:
            self.tray.serve(self.news, self._come_to_front, self.errands.sync, self.close)

    def _restore(self) -> None:
        geometry = self._memory.geometry
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(FIRST_SIZE)
        self.rail.show_place(self._place)
        self.review.header.show_way_back(place_name(self._place))
        last = self._memory.place
        if last in set(Place):
            self.feed.loaded.connect(lambda: self.show_place(Place(last)), Qt.ConnectionType.SingleShotConnection)

    def _note_place(self, place: Place) -> None:
        self._place = self._memory.place = place
        self.review.header.show_way_back(place_name(place))
        self.rail.show_place(place)

    def _end_guide(self) -> None:
        self._memory.knows_first_steps = True
        self.show_inbox()

    def _come_to_front(self) -> None:
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()

    def _go_to_spot(self) -> None:
        """The review shows the document that was wanted at a spot: now it can go there."""
        if self._wanted_spot is None or self._wanted_spot[0] != self.review.document_id:
            return
        (_, page, key), self._wanted_spot = self._wanted_spot, None
        if key:
            self.review.panel.take(key)
        else:
            self.review.turn(page - 1)

    def _document_changed(self, summary: DocumentSummary) -> None:
        if self.review.document_id == summary.id:
            self.review.show_document(summary)

    def _open_next(self, document_id: UUID) -> None:
        """What is to review next is in front, or where nothing is the list."""
        following = self.model.to_review_after(document_id)
        if following is None:
            self.review.put_away()
            self.show_inbox()
        else:
            self.open_document(following)

    def _export(self, document_ids: tuple[UUID, ...]) -> None:
        from desktop.ui.screens.export.dialog import offer_export  # it draws on printers: not before somebody asks

        offer_export(self._workspace, [found for one in document_ids if (found := self.model.find(one))], self)

    def _cancel_all(self) -> None:
        for document in tuple(self.model.everything()):
            if document.state in {DocumentState.WAITING, DocumentState.PROCESSING}:
                self.errands.cancel(document.id)

    def _arrived(self, arrival: ArrivalSettled) -> None:
        if arrival.outcome != "processed":
            self._tell(about_file(arrival.file_name, arrival.detail))
        if arrival.outcome == "duplicate" and arrival.document_id:
            self._offer_first(arrival.document_id)

    def _offer_first(self, document_id: UUID) -> None:
        """Beside what is told of a duplicate stands a button that opens the document that came first."""
        self.inbox.notice.offer(self.tr("Open the first one"), lambda: self.open_document(document_id))

    def _remember_watched(self, folder: Path) -> None:
        self._memory.watched_folder = folder
        self.inbox.show_watched(folder)

    def _tell_fault(self, error: Exception) -> None:
        if isinstance(error, StoreRevoked):
            self._show_revoked(fault_sentence(error))
        else:
            self._tell(fault_sentence(error))

    def _show_revoked(self, sentence: str | None) -> None:
        """Nothing is to be seen while this device is revoked; once it is let in again, all is as before."""
        if sentence and not self.is_covered:
            self.review.put_away()
            self.rooms.put_away()
            self.model.replace_all(())
            self.thumbnails.clear()
            self.cover.revoke(sentence)
        elif self.cover.is_revoked and sentence is None:
            self.presence.start()
            self._show_frame(True)
            self.show_inbox()
            self.feed.load()

    def _go_on(self) -> None:
        """The device is let in again: work begins that could not before."""
        self._show_revoked(None)
        self.errands.start_after_all(self._workspace.settings.watch or self._memory.watched_folder)

    def _tell(self, sentence: str) -> None:
        if sentence:
            self.inbox.notice.tell(sentence)

    def _show_status(self, status: Status) -> None:
        self._show_revoked(status.revoked)
        self.status_line.show_status(status)
        troubles = status.conflicts + bool(status.sync_error) + bool(status.reading_paused)
        self.rail.show_badge(Place.ACTIVITY, troubles)

    def _lay_out(self) -> None:
        menu = QMenu(self)
        menu.addAction(self.tr("Shortcuts"), self.show_shortcuts)
        menu.addAction(self.tr("First steps"), self.show_guide)
        menu.addSeparator()
        menu.addAction(self.tr("About Chartdrop"), self.show_about)
        self.rail.offer_help(menu)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self._screens, 1)
        self.setCentralWidget(middle)
        self.setStatusBar(self.status_line)
