"""A table that is edited like a spreadsheet: write into a cell, copy, paste rows, strike rows out."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.ui.screens.review.record import Entry
from desktop.ui.screens.review.table_model import TableModel

_ROW_HEIGHT = 44
_ROWS_MEASURED = 20  # for the widths of columns: each is asked for several times while a record is laid out
_WIDEST_COLUMN = 260
_MOST_PASTED = 200  # rows; the store takes no more beyond those that were read


class SheetView(QTableView):
    """Writing begins with any letter or F2; Enter in a cell that nobody writes in confirms it."""

    confirmed = Signal()
    pasted = Signal(object)
    """tuple[tuple[Entry, str], ...]: cells, and what is to stand in them."""

    def __init__(self, model: TableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = model
        self.setModel(model)
        self.setProperty("look", "sheet")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMaximumSectionSize(_WIDEST_COLUMN)
        self.horizontalHeader().setResizeContentsPrecision(_ROWS_MEASURED)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._tell(tuple((entry, "") for row in self._chosen() for entry in row))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.confirmed.emit()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """The cells that are chosen are on the clipboard, as spreadsheets take them."""
        lines = ("\t".join(entry.value for entry in row) for row in self._chosen())
        QGuiApplication.clipboard().setText("\n".join(lines))

    def paste(self) -> None:
        """What a spreadsheet put on the clipboard is to stand from the cell in hand on, in as many rows as it takes."""
        lines = QGuiApplication.clipboard().text().rstrip("\r\n").splitlines()[:_MOST_PASTED]
        first = self.currentIndex()
        if first.isValid():
            self._tell(tuple(self._pasted(first.row(), first.column(), lines)))

    def strike_rows(self) -> None:
        """Nothing is to stand in the rows that are chosen."""
        rows = sorted({index.row() for index in self.selectedIndexes()})
        self._tell(tuple((entry, "") for row in rows for entry in self._sheet.table.rows[row]))

    def begin_row(self) -> None:
        """The blank row after the last is in hand, to be written."""
        first = self._sheet.index(self._sheet.rowCount() - 1, 0)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setCurrentIndex(first)
        self.edit(first)

    def _pasted(self, top: int, left: int, lines: list[str]) -> Iterator[tuple[Entry, str]]:
        for number, line in enumerate(lines):
            for offset, text in enumerate(line.split("\t")[: self._sheet.columnCount() - left]):
                yield self._sheet.cell(top + number, left + offset), text.strip()

    def _chosen(self) -> Iterator[tuple[Entry, ...]]:
        indexes = self.selectedIndexes()
        for row in sorted({index.row() for index in indexes}):
            columns = sorted(index.column() for index in indexes if index.row() == row)
            yield tuple(self._sheet.table.rows[row][column] for column in columns)

    def _tell(self, written: tuple[tuple[Entry, str], ...]) -> None:
        changed = tuple((entry, text) for entry, text in written if text != entry.value)
        if changed and self._sheet.is_editable:
            self.pasted.emit(changed)
