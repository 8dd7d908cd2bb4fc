"""The inbox's list: a table of rows, worked by keyboard or mouse."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from desktop.ui.screens.inbox.delegate import ROW_HEIGHT, InboxDelegate
from desktop.ui.screens.inbox.model import Column, InboxModel
from desktop.vault.documents import DocumentState

_WIDTHS = {
    Column.STATUS: 172,
    Column.PAGES: 80,
    Column.CONFIDENCE: 140,
    Column.RECEIVED: 120,
    Column.SYNC: 156,
}


class InboxView(QTableView):
    """Rows of documents. Enter or a double click opens one; the context menu says what else can be done."""

    opened = Signal(object)
    """UUID of the document to show."""
    retry_wanted = Signal(object)
    cancel_wanted = Signal(object)
    """UUID of the document to read again."""

    def __init__(self, model: InboxModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._delegate = InboxDelegate(self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Documents"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
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
        self.setCurrentIndex(index)
        self.actions_menu(index).popup(event.globalPos())

    def actions_menu(self, index: QModelIndex) -> QMenu:
        """What can be done with the document of `index`."""
        document = self._model.summary(index.row())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Open"), lambda: self.opened.emit(document.id))
        if document.state in {DocumentState.FAILED, DocumentState.QUARANTINED}:
            menu.addAction(self.tr("Try again"), lambda: self.retry_wanted.emit(document.id))
        if document.state in {DocumentState.WAITING, DocumentState.PROCESSING}:
            menu.addAction(self.tr("Cancel reading"), lambda: self.cancel_wanted.emit(document.id))
        return menu

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
