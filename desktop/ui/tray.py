"""The icon beside the system's clock, and what it tells while nobody looks at the window: counts, never a name."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from desktop.events import SyncFinished, WatchTrouble
from desktop.ui.theme import theme
from desktop.vault.documents import DocumentState, DocumentSummary

_GATHER_MS = 4000  # what happens within is told at once: a stack of paper is one message
Act = Callable[[], object]

_REACHES_NOT = "server_unreachable"  # told by the status bar alone: laptops go home


class News(QObject):
    """Gathers what happened since the window was opened, and words it without anything of a patient."""

    told = Signal(str)

    def __init__(self, since: datetime, is_watched: Callable[[], bool], parent: QObject | None = None) -> None:
        """`is_watched` says whether somebody looks at the window, who needs to be told nothing."""
        super().__init__(parent)
        self._since, self._is_watched = since, is_watched
        self._known: set[UUID] = set()
        self._to_check = self._read = self._failed = 0
        self._sync_trouble: str | None = None
        self._troubled_folders: set[str] = set()
        self._gathering = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._gathering.timeout.connect(self.tell)

    def document_changed(self, document: DocumentSummary) -> None:
        """A document that was read, or could not be, is told of once."""
        if document.finished_at is None or document.finished_at < self._since or document.id in self._known:
            return
        self._known.add(document.id)
        if document.state is DocumentState.DONE:
            self._read += 1
            self._to_check += document.to_review > 0
        else:
            self._failed += 1
        if not self._gathering.isActive():
            self._gathering.start()

    def sync_finished(self, sync: SyncFinished) -> None:
        """A server that refuses is told of once, until a round went well."""
        trouble = None if sync.code == _REACHES_NOT else sync.code
        if trouble and trouble != self._sync_trouble:
            self._tell(self.tr("The server refuses this device. Activity says why, and what to do."))
        self._sync_trouble = trouble

    def watch_trouble(self, trouble: WatchTrouble) -> None:
        """A folder in trouble is told of once."""
        if trouble.folder not in self._troubled_folders:
            self._troubled_folders.add(trouble.folder)
            self._tell(self.tr("A watched folder needs a look. Activity says why."))

    def tell(self) -> None:
        """What was gathered is told now."""
        counts = (
            (self._read, self.tr("{0} read")),
            (self._to_check, self.tr("{0} to check")),
            (self._failed, self.tr("{0} could not be read")),
        )
        self._to_check = self._read = self._failed = 0
        told = ", ".join(words.format(count) for count, words in counts if count)
        if told:
            self._tell(self.tr("Documents: {0}.").format(told))

    def _tell(self, words: str) -> None:
        if not self._is_watched():
            self.told.emit(words)


class Tray(QSystemTrayIcon):
    """Opens the window, syncs, quits; shows what `News` tells as the system's own notifications."""

    open_wanted = Signal()
    sync_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.menu = QMenu(parent)
        self.menu.addAction(self.tr("Open Chartdrop"), self.open_wanted.emit)
        self.menu.addAction(self.tr("Sync now"), self.sync_wanted.emit)
        self.menu.addSeparator()
        self.menu.addAction(self.tr("Quit"), self.quit_wanted.emit)
        self.setContextMenu(self.menu)
        self.setToolTip(self.tr("Chartdrop"))
        self.activated.connect(self._touched)
        self.messageClicked.connect(self.open_wanted)
        theme().changed.connect(self._draw)
        self._draw()

    def serve(self, news: News, open_window: Act, sync: Act, leave: Act) -> None:
        """It is to be seen, tells the `news`, and does what is chosen in it."""
        news.told.connect(self.notify)
        self.open_wanted.connect(open_window)
        self.sync_wanted.connect(sync)
        self.quit_wanted.connect(leave)
        self.show()

    def notify(self, words: str) -> None:
        """The system shows `words`."""
        self.showMessage(self.tr("Chartdrop"), words, self.icon())

    def _touched(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}:
            self.open_wanted.emit()

    def _draw(self) -> None:
        self.setIcon(theme().icon("drop", theme().palette.accent))
