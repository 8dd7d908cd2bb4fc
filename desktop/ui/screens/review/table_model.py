"""One table of the record: rows as on the page."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon

from desktop.ui.screens.review.entry_model import ENTRY
from desktop.ui.screens.review.record import Entry, Table
from desktop.ui.theme import theme
from desktop.ui.theme.paint import sureness_colour
from desktop.ui.wording import percent, sureness

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class TableModel(QAbstractTableModel):
    """Cells are entries; one to be checked has a sign beside it."""

    def __init__(self, table: Table, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = table
        self._places = {
            entry.key: (row, column) for row, cells in enumerate(table.rows) for column, entry in enumerate(cells)
        }

    def index_of(self, key: str) -> QModelIndex:
        """Where the entry `key` stands; invalid where it does not."""
        place = self._places.get(key)
        return _NOWHERE if place is None else self.index(*place)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.table.columns)

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

    def _of_entry(self, entry: Entry, role: int) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.value if entry.found else "–"
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(theme().palette.text if entry.found else theme().palette.muted)
            case Qt.ItemDataRole.DecorationRole:
                return _warning(entry)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(entry)
            case _:
                return None

    def _spoken(self, entry: Entry) -> str:
        if entry.confidence is None:
            return self.tr("{0}: not found").format(entry.label)
        word = sureness(entry.confidence, needs_review=entry.needs_review)
        return f"{entry.label}: {entry.value}, {percent(entry.confidence)}, {word}"


def _warning(entry: Entry) -> QIcon | None:
    """A sign beside what is to be checked, redder where it is doubtful."""
    if entry.confidence is None or not entry.needs_review:
        return None
    return theme().icon("failed", sureness_colour(entry.confidence, theme().palette, needs_review=True))
