"""One table of the record: rows as on the page, edited like a sheet; the last row is blank, for one more."""

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QIcon

from desktop.ui.screens.review.entry_model import ENTRY
from desktop.ui.screens.review.record import Entry, Table
from desktop.ui.screens.review.said import is_by_a_person, said_words
from desktop.ui.theme import theme
from desktop.ui.theme.paint import sureness_colour
from desktop.ui.wording import percent, sureness

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class TableModel(QAbstractTableModel):
    """Cells are entries; one to be checked has a sign beside it."""

    written = Signal(object)
    """tuple[tuple[Entry, str], ...]: cells and what a person wrote into them, at once."""

    def __init__(self, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = table
        self.is_editable = True
        self._places = _places(table)

    def refresh(self, table: Table) -> None:
        """The same table as it is now; rows may have come or gone at its end."""
        before, now = len(self.table.rows), len(table.rows)
        if now > before:
            self.beginInsertRows(_NOWHERE, before, now - 1)
            self._become(table)
            self.endInsertRows()
        elif now < before:
            self.beginRemoveRows(_NOWHERE, now, before - 1)
            self._become(table)
            self.endRemoveRows()
        else:
            self._become(table)
        self.dataChanged.emit(self.index(0, 0), self.index(now - 1, self.columnCount() - 1))

    def entries(self) -> Iterator[Entry]:
        """Every cell, row by row."""
        return (entry for row in self.table.rows for entry in row)

    def cell(self, row: int, column: int) -> Entry:
        """The entry there; past the last row what would stand there, once it is given."""
        last = self.table.rows[-1][column]
        if row < len(self.table.rows) or last.place is None:
            return self.table.rows[row][column]
        place = replace(last.place, row=row)
        return replace(last, key=f"table:{place.table}:{row}:{place.name}", place=place)

    def index_of(self, key: str) -> QModelIndex:
        """Where the entry `key` stands; invalid where it does not."""
        place = self._places.get(key)
        return _NOWHERE if place is None else self.index(*place)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.table.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        editable = Qt.ItemFlag.ItemIsEditable if self.is_editable else Qt.ItemFlag(0)
        return super().flags(index) | editable

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Horizontal:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.table.columns[section] if orientation == Qt.Orientation.Horizontal else str(section + 1)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self.table.rows[index.row()][index.column()]
        if role == ENTRY:
            return entry
        return self._of_entry(entry, role)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """What was written into a cell is told, and stands there once it is drafted."""
        entry = index.data(ENTRY)
        if role != Qt.ItemDataRole.EditRole or not isinstance(entry, Entry) or not isinstance(value, str):
            return False
        if value != entry.value:
            self.written.emit(((entry, value),))
        return True

    def _of_entry(self, entry: Entry, role: int) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.value if entry.found else "" if self._is_blank(entry) else "–"
            case Qt.ItemDataRole.EditRole:
                return entry.value
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(theme().palette.text if entry.found else theme().palette.muted)
            case Qt.ItemDataRole.DecorationRole:
                return _sign(entry)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(entry)
            case _:
                return None

    def _is_blank(self, entry: Entry) -> bool:
        return entry.place is not None and not any(one.found for one in self.table.rows[entry.place.row])

    def _spoken(self, entry: Entry) -> str:
        if entry.confidence is None:
            return self.tr("{0}: not found").format(entry.label)
        if is_by_a_person(entry):
            return self.tr("{0}: {1}, {2}").format(entry.label, entry.value, said_words(entry))
        word = sureness(entry.confidence, needs_review=entry.needs_review)
        return f"{entry.label}: {entry.value}, {percent(entry.confidence)}, {word}"

    def _become(self, table: Table) -> None:
        self.table, self._places = table, _places(table)


def _places(table: Table) -> dict[str, tuple[int, int]]:
    return {entry.key: (row, column) for row, cells in enumerate(table.rows) for column, entry in enumerate(cells)}


def _sign(entry: Entry) -> QIcon | None:
    """A sign beside what is to be checked, redder where it is doubtful, and beside what somebody is about to say."""
    if entry.is_drafted:
        return theme().icon("read", theme().palette.accent_text)
    if entry.confidence is None or not entry.needs_review:
        return None
    return theme().icon("failed", sureness_colour(entry.confidence, theme().palette, needs_review=True))
