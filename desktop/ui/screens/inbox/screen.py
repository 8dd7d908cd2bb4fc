"""The inbox: what arrived and how far it is, or an invitation to begin."""

from pathlib import Path

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.ui.screens.inbox.feed import InboxFeed
from desktop.ui.screens.inbox.model import InboxModel
from desktop.ui.screens.inbox.view import InboxView
from desktop.ui.theme import Space
from desktop.ui.widgets import Disc, Notice, button, centred, label

_WATCHED_WIDTH = 480  # pixels: a path of eight folders, beside the buttons in the smallest window
FILE_TYPES = "*.pdf *.tif *.tiff *.png *.jpg *.jpeg"


class InboxScreen(QWidget):
    """The list, its tool bar, and what is shown while it is empty."""

    files_chosen = Signal(object)
    """tuple[Path, ...]: files that a person wants to be read."""
    folder_chosen = Signal(object)
    """Path: the folder to watch from now on."""
    sync_wanted = Signal()

    def __init__(self, model: InboxModel, feed: InboxFeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._folder: Path | None = None
        self.view = InboxView(model)
        self.notice = Notice()
        self._body = QStackedWidget()
        self._body.addWidget(self.view)
        self._body.addWidget(self._empty())
        self._body.addWidget(QWidget())
        self._body.setCurrentIndex(2)  # blank until the store was looked at: an empty list may not be claimed before
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self.notice)
        column.addWidget(self._body, 1)
        feed.loaded.connect(self._show_list)
        feed.status_changed.connect(lambda _: self._show_list())
        feed.status_changed.connect(lambda status: self._sync.setVisible(status.server is not None))

    def show_watched(self, folder: Path | None) -> None:
        """The tool bar names the watched folder, or offers to choose one."""
        words = self.tr("Watch a folder…") if folder is None else self.tr("Watching {0}").format(_short(folder))
        room = _WATCHED_WIDTH - 2 * Space.XXL
        metrics = self._watched.fontMetrics()
        self._watched.setText(metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room).replace("&", "&&"))
        self._watched.setAccessibleName(words)
        self._watched.setToolTip("" if folder is None else self.tr("{0}\nClick to watch another folder").format(folder))
        self._folder = folder
        self._watched.setVisible(bool(self._model.total or folder))
        self._invite_folder.setVisible(folder is None)
        self._invitation.setText(self._invite(folder))

    def set_syncing(self, syncing: bool) -> None:
        """The sync button rests while a round is on its way."""
        self._sync.setEnabled(not syncing)
        self._sync.setText(self.tr("Syncing…") if syncing else self.tr("Sync now"))

    def choose_files(self) -> None:
        """The system's own dialog asks which files to read."""
        scans = self.tr("Scans ({0})").format(FILE_TYPES)
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Add files to read"), QDir.homePath(), scans)
        if names:
            self.files_chosen.emit(tuple(Path(name) for name in names))

    def choose_folder(self) -> None:
        """The system's own dialog asks which folder to watch."""
        name = QFileDialog.getExistingDirectory(self, self.tr("Choose the folder to watch"), QDir.homePath())
        if name:
            self.folder_chosen.emit(Path(name))

    def _header(self) -> QWidget:
        header = QWidget()
        header.setProperty("look", "header")
        header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._watched = button("", "folder", self.choose_folder, look="quiet")
        self._watched.setMaximumWidth(_WATCHED_WIDTH)
        self._sync = button(self.tr("Sync now"), "sync", self.sync_wanted.emit)
        self._sync.setShortcut(QKeySequence(QKeySequence.StandardKey.Refresh))
        self._sync.hide()
        add = button(self.tr("Add files…"), "add", self.choose_files, look="primary")
        add.setShortcut(QKeySequence(QKeySequence.StandardKey.Open))
        row = QHBoxLayout(header)
        row.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        row.setSpacing(Space.S)
        row.addWidget(label(self.tr("Inbox"), "title"))
        row.addSpacing(Space.S)
        row.addWidget(self._watched)
        row.addStretch(1)
        row.addWidget(self._sync)
        row.addWidget(add)
        return header

    def _empty(self) -> QWidget:
        self._invitation = label("", "muted", wrap=True)
        self.choose = button(self.tr("Add files…"), "add", self.choose_files, look="primary")
        self._invite_folder = button(self.tr("Watch a folder…"), "folder", self.choose_folder)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, Space.S, 0, Space.S)
        row.setSpacing(Space.M)
        row.addWidget(self.choose)
        row.addWidget(self._invite_folder)
        safe = label(self.tr("Everything is read on this machine and stored encrypted."), "small", wrap=True)
        return centred(
            Disc("drop"), label(self.tr("Drop scans here"), "title", wrap=True), self._invitation, both, safe
        )

    def _invite(self, folder: Path | None) -> str:
        if folder is None:
            return self.tr(
                "Drop PDF, TIFF, PNG or JPEG files anywhere in this window, "
                "or let Chartdrop watch the folder your scanner or fax writes to."
            )
        return self.tr(
            "Files that arrive in {0} are read by themselves. "
            "You can also drop PDF, TIFF, PNG or JPEG files anywhere in this window."
        ).format(_short(folder))

    def _show_list(self) -> None:
        self._body.setCurrentIndex(0 if self._model.total else 1)
        self._watched.setVisible(bool(self._model.total or self._folder))
        self._welcome_keyboard()

    def _welcome_keyboard(self) -> None:
        """The keyboard is where one would begin."""
        if self._model.total and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self._model.index(0, 0))
        if self.focusWidget() is None or not self.focusWidget().isVisible():
            (self.view if self._model.total else self.choose).setFocus()


def _short(folder: Path) -> str:
    """`folder` with the home folder as ~."""
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)
