"""The inbox's list: a table of rows, worked by keyboard or mouse."""

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal, SignalInstance
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from desktop.ui.screens.inbox.delegate import ROW_HEIGHT, InboxDelegate
from desktop.ui.screens.inbox.model import Column, InboxModel
from desktop.ui.screens.inbox.thumbnails import Thumbnails
from desktop.vault.documents import DocumentState, DocumentSummary

_WIDTHS = {
    Column.STATUS: 172,
    Column.PAGES: 80,
    Column.CONFIDENCE: 140,
    Column.RECEIVED: 120,
    Column.SYNC: 156,
}


_STUCK = frozenset({DocumentState.FAILED, DocumentState.QUARANTINED})
_UNDER_WAY = frozenset({DocumentState.WAITING, DocumentState.PROCESSING})


class InboxView(QTableView):
    """Rows of documents. Enter or a double click opens one; a menu says what can be done with those chosen."""

    opened = Signal(object)
    """UUID of the document to show."""
    retry_wanted = Signal(object)
    """UUID of the document to read again."""
    cancel_wanted = Signal(object)
    """UUID of the document not to read."""
    export_wanted = Signal(object)
    """tuple[UUID, ...]: documents to hand on."""

    def __init__(self, model: InboxModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._delegate = InboxDelegate(thumbnails, self)
        thumbnails.arrived.connect(model.touch)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Documents"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self._lay_out_columns()
        self.entered.connect(lambda index: self._hover(index.row()))
        self.doubleClicked.connect(self._open)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = (
            self.currentIndex() if event.reason() == QContextMenuEvent.Reason.Keyboard else self.indexAt(event.pos())
        )
        if not index.isValid():
            return
        if not self.selectionModel().isSelected(index):
            self.setCurrentIndex(index)
        self.actions_menu(index).popup(event.globalPos())

    def actions_menu(self, index: QModelIndex) -> QMenu:
        """What can be done with the document of `index`, and with the others that are chosen with it."""
        document, chosen = self._model.summary(index.row()), self.chosen()
        if document not in chosen:
            chosen = (document,)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Open"), lambda: self.opened.emit(document.id))
        for words, wanted, states in (
            (self.tr("Try again"), self.retry_wanted, _STUCK),
            (self.tr("Cancel reading"), self.cancel_wanted, _UNDER_WAY),
        ):
            ids = tuple(one.id for one in chosen if one.state in states)
            if ids:
                menu.addAction(words, partial(_each, wanted, ids))
        read = tuple(one.id for one in chosen if one.state is DocumentState.DONE)
        if read:
            menu.addAction(self.tr("Export or print…"), lambda: self.export_wanted.emit(read))
        return menu

    def export_chosen(self) -> None:
        """Those of the documents chosen that were read are to be handed on."""
        read = tuple(one.id for one in self.chosen() if one.state is DocumentState.DONE)
        if read:
            self.export_wanted.emit(read)

    def chosen(self) -> tuple[DocumentSummary, ...]:
        """The documents that are selected, in the order of the list."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self._model.summary(row) for row in rows)

    def _lay_out_columns(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(72)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.DOCUMENT, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)

    def _hover(self, row: int) -> None:
        if row != self._delegate.hovered_row:
            self._delegate.hovered_row = row
            self.viewport().update()

    def _open(self, index: QModelIndex | QPersistentModelIndex) -> None:
        self.opened.emit(self._model.summary(index.row()).id)


def _each(wanted: SignalInstance, document_ids: Iterable[UUID]) -> None:
    for document_id in document_ids:
        wanted.emit(document_id)
