"""The inbox: what arrived and how far it is, or an invitation to begin."""

import time
from collections import Counter
from pathlib import Path

from PySide6.QtCore import QBuffer, QDateTime, QDir, QIODevice, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.ui.screens.inbox.feed import InboxFeed
from desktop.ui.screens.inbox.filter import Filter, standing
from desktop.ui.screens.inbox.filter_bar import FilterBar
from desktop.ui.screens.inbox.model import InboxModel
from desktop.ui.screens.inbox.pace import Pace
from desktop.ui.screens.inbox.progress_strip import ProgressStrip
from desktop.ui.screens.inbox.thumbnails import Thumbnails
from desktop.ui.screens.inbox.view import InboxView
from desktop.ui.theme import Space
from desktop.ui.widgets import Disc, Notice, button, centred, label
from shared.documents.reading import UNKNOWN

_WATCHED_WIDTH = 480  # pixels: a path of eight folders, beside the buttons in the smallest window
FILE_TYPES = "*.pdf *.tif *.tiff *.png *.jpg *.jpeg"


class InboxScreen(QWidget):
    """The list, its tool bar, and what is shown while it is empty."""

    files_chosen = Signal(object)
    """tuple[Path, ...]: files that a person wants to be read."""
    folder_chosen = Signal(object)
    """Path: the folder to watch from now on."""
    pasted = Signal(str, object)
    """A name, and QImage: a picture that a person wants to be read."""
    cancel_all_wanted = Signal()
    sync_wanted = Signal()

    def __init__(
        self, model: InboxModel, feed: InboxFeed, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._folder: Path | None = None
        self._pace = Pace()
        self.view = InboxView(model, thumbnails)
        self.filters, self.progress = FilterBar(), ProgressStrip()
        self.notice = Notice()
        self._body = QStackedWidget()
        self._body.addWidget(self.view)
        self._body.addWidget(self._empty())
        self._body.addWidget(QWidget())
        self._body.addWidget(self._nothing_listed())
        self._body.setCurrentIndex(2)  # blank until the store was looked at: an empty list may not be claimed before
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self.filters)
        column.addWidget(self.progress)
        column.addWidget(self.notice)
        column.addWidget(self._body, 1)
        self.filters.changed.connect(self._narrow)
        self.progress.cancel_wanted.connect(self.cancel_all_wanted)
        self._add_keys()
        feed.loaded.connect(self._begin)
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

    def note_pages(self, count: int) -> None:
        """So many pages were read just now."""
        for _ in range(count):
            self._pace.page_read(time.monotonic())
        self.progress.show_progress(self._pace.progress(self._model.everything(), time.monotonic()))

    def paste(self) -> None:
        """What is on the clipboard is to be read: files, or a picture, which is written nowhere on its way."""
        held = QGuiApplication.clipboard().mimeData()
        files = tuple(Path(url.toLocalFile()) for url in held.urls() if url.isLocalFile())
        if files:
            self.files_chosen.emit(files)
        elif held.hasImage():
            name = self.tr("Pasted {0}.png").format(QDateTime.currentDateTime().toString("yyyy-MM-dd HH.mm.ss"))
            self.pasted.emit(name, QGuiApplication.clipboard().image())
        else:
            self.notice.tell(self.tr("There is no picture and no file on the clipboard. Nothing was added."))

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

    def _nothing_listed(self) -> QWidget:
        everything = button(self.tr("Show everything"), "close", self.filters.clear)
        words = label(self.tr("No document is like this"), "title", wrap=True)
        what = label(self.tr("The list is narrowed by kind, name, or what is to be done."), "muted", wrap=True)
        return centred(Disc("review"), words, what, everything)

    def _add_keys(self) -> None:
        standard = QKeySequence.StandardKey
        for keys, act in (
            (QKeySequence(standard.Paste), self.paste),
            (QKeySequence("/"), self.filters.words.setFocus),
            (QKeySequence("Ctrl+E"), self.view.export_chosen),
            (QKeySequence(standard.Print), self.view.export_chosen),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

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

    def _begin(self) -> None:
        """The list was looked at for the first time, or anew: the keyboard is in it."""
        self._show_list()
        self.view.scrollToTop()
        (self.view if self._model.total else self.choose).setFocus()

    def _narrow(self, wanted: Filter) -> None:
        chosen = self.view.chosen()
        self._model.set_filter(wanted)
        self._show_body()
        row = self._model.row_of(chosen[0].id) if chosen else None
        if row is not None and row < self._model.rowCount():
            self.view.selectRow(row)

    def _show_list(self) -> None:
        counts = Counter(map(standing, self._model.everything()))
        kinds = {one.document_type for one in self._model.everything()} - {"", UNKNOWN}
        self.filters.show_counts(counts, kinds)
        self.filters.setVisible(self._model.total > 0)
        self.progress.show_progress(self._pace.progress(self._model.everything(), time.monotonic()))
        self._show_body()

    def _show_body(self) -> None:
        """The list, or why there is none."""
        self._body.setCurrentIndex(0 if self._model.listed else 3 if self._model.total else 1)
        self._watched.setVisible(bool(self._model.total or self._folder))
        self._welcome_keyboard()

    def _welcome_keyboard(self) -> None:
        """The keyboard is where one would begin."""
        if self._model.listed and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self._model.index(0, 0))
        if self.focusWidget() is None or not self.focusWidget().isVisible():
            (self.view if self._model.total else self.choose).setFocus()


def _short(folder: Path) -> str:
    """`folder` with the home folder as ~."""
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)


def as_png(image: QImage) -> bytes:
    """`image` as a file would hold it."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide's stubs leave devices out
    return bytes(buffer.data().data())
